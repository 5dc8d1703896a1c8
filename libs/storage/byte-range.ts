/** Bytes from `start` to `end` with both included, from `start` to the end, or the `last` so many. */
export type ByteRange = { start: number; end?: number } | { last: number };

/** The first byte and the length of what is given. */
export interface Span {
  start: number;
  length: number;
}

/** Where a range lies in `size` bytes, cut off at their end, or undefined when it names none of them. */
export function spanOf(range: ByteRange, size: number): Span | undefined {
  const start = 'last' in range ? Math.max(0, size - range.last) : range.start;
  const end = 'last' in range ? size - 1 : Math.min(range.end ?? size - 1, size - 1);
  const known = [start, end, 'last' in range ? range.last : 0].every(Number.isSafeInteger);
  return known && start >= 0 && start <= end ? { start, length: end - start + 1 } : undefined;
}

/** The range in the words of HTTP. */
export function rangeHeader(range: ByteRange): string {
  return 'last' in range ? `bytes=-${range.last}` : `bytes=${range.start}-${range.end ?? ''}`;
}

/** Reads a Range header; several ranges at once, or none that can be read, are undefined, and so the whole is given. */
export function parseRangeHeader(header: string | undefined): ByteRange | undefined {
  const found = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? '');
  if (found === null) return undefined;
  const [, start = '', end = ''] = found;
  if (start === '') return end === '' ? undefined : { last: Number(end) };
  if (end !== '' && Number(end) < Number(start)) return undefined;
  return { start: Number(start), ...(end === '' ? {} : { end: Number(end) }) };
}
