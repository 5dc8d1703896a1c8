/** The text of a page in the encoding that it says it has, or whoever sent it; else in the one that is usual for its site. */
export function pageText(bytes: Uint8Array, contentType: string | null, usual = 'utf-8'): string {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 4096));
  const said = [marked(bytes), charsetIn(contentType ?? ''), charsetIn(head), usual];
  for (const encoding of said) {
    const decoder = encoding === undefined ? undefined : decoderFor(encoding);
    if (decoder) return decoder.decode(bytes);
  }
  return new TextDecoder().decode(bytes);
}

const marked = ([a, b]: Uint8Array): string | undefined =>
  a === 0xff && b === 0xfe ? 'utf-16le' : a === 0xfe && b === 0xff ? 'utf-16be' : undefined;

const charsetIn = (text: string): string | undefined =>
  /(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{2,40})/i.exec(text)?.[1];

/** None for an encoding that nobody knows. */
function decoderFor(encoding: string) {
  try {
    return new TextDecoder(encoding);
  } catch {
    return undefined;
  }
}
