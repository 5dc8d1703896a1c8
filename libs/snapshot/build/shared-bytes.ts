/** Bytes that threads see without a copy, and that do not make the memory of objects be looked through for what is no longer needed. */
export const sharedBytes = (length: number): Buffer => Buffer.from(new SharedArrayBuffer(length));

/** All of these one behind the other, in shared bytes. */
export function sharedConcat(parts: readonly Uint8Array[]): Buffer {
  const bytes = sharedBytes(parts.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const part of parts) {
    bytes.set(part, end);
    end += part.length;
  }
  return bytes;
}
