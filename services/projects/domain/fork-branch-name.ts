/** A nickname as part of a branch name: lower-case letters and digits of any script, `-` and `_`; `user` when nothing is left. */
export function slug(nickname: string): string {
  const kept = nickname
    .toLowerCase()
    .replace(/[ /]/g, '_')
    .replace(/[^\p{L}\p{M}\p{N}_-]/gu, '')
    .replace(/^_+|_+$/g, '');
  return kept === '' ? 'user' : kept;
}

/** The first free name: the wanted one, else with `_1`, `_2` … behind it. */
export function firstFree(wanted: string, taken: ReadonlySet<string>): string {
  if (!taken.has(wanted)) return wanted;
  for (let number = 1; ; number++) if (!taken.has(`${wanted}_${number}`)) return `${wanted}_${number}`;
}
