import zlib from 'node:zlib';

const { ZSTD_c_compressionLevel } = zlib.constants;

/** Once in so many versions of a node its whole text is kept, so that few bodies are read to read one. */
const WHOLE_EVERY = 32;

/** The place after that of the version before. */
export const nextSeq = (seq: number): number => (seq + 1) % WHOLE_EVERY;

/**
 * The place of the version that a version is kept as a difference to (null: none, it is kept whole): its own without the
 * lowest bit, so that at most five differences lead to any version, and each is to one near by (skip deltas, as in Subversion).
 */
export const seqOfBase = (seq: number): number | null => (seq === 0 ? null : seq & (seq - 1));

/** The text compressed; as a difference to another text, if one is given. */
export function pack(text: string, base?: string): Buffer {
  const bytes = Buffer.from(text);
  if (base === undefined) return zlib.zstdCompressSync(bytes, { params: { [ZSTD_c_compressionLevel]: 6 } });
  return zlib.zstdCompressSync(bytes, { dictionary: Buffer.from(base), params: { [ZSTD_c_compressionLevel]: 1 } });
}

/** The text of a body; `base` is the text that it is a difference to. */
export function unpack(body: Buffer, base?: string): string {
  const options = base === undefined ? {} : { dictionary: Buffer.from(base) };
  return zlib.zstdDecompressSync(body, options).toString();
}
