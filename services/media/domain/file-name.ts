const MAX_BYTES = 200;

/**
 * A file name that can stand in keys, links and headers: the last part of a path, in one Unicode form, without control
 * characters, dots in front or what some system forbids. What is left of nothing is called `file`.
 */
export function safeFileName(name: string): string {
  const last = name.toWellFormed().normalize('NFC').split(/[\\/]/).pop()!;
  const clean = last
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}<>:"|?*]/gu, '')
    .replace(/^[.\s]+|[.\s]+$/g, '')
    .replace(/\s+/g, ' ');
  return shortened(clean) || 'file';
}

/** Shortens in the middle, so that the ending stays. */
function shortened(name: string): string {
  if (Buffer.byteLength(name) <= MAX_BYTES) return name;
  const dot = name.lastIndexOf('.');
  const ending = dot > 0 && Buffer.byteLength(name.slice(dot)) <= 20 ? name.slice(dot) : '';
  const characters = [...name.slice(0, name.length - ending.length)];
  while (Buffer.byteLength(characters.join('') + ending) > MAX_BYTES) characters.pop();
  return characters.join('').trimEnd() + ending;
}
