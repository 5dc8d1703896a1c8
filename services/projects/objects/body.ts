import zlib from 'node:zlib';

const { ZSTD_c_compressionLevel } = zlib.constants;
/** With which every frame of zstd begins; four bytes a node that say nothing. */
const MAGIC = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);

/** Once in so many versions of a node its whole text is kept, so that few bodies are read to read one. */
const WHOLE_EVERY = 128;

/** The place after that of the version before. */
export const nextSeq = (seq: number): number => (seq + 1) % WHOLE_EVERY;

/**
 * The place of the version that a version is kept as a difference to (null: none, it is kept whole): its own without the
 * lowest bit, so that at most seven differences lead to any version, and each is to one near by (skip deltas, as in Subversion).
 */
export const seqOfBase = (seq: number): number | null => (seq === 0 ? null : seq & (seq - 1));

/** The text compressed; as a difference to another text, if one is given. */
export function pack(text: string, base?: string): Buffer {
  const level = base === undefined ? 6 : 3;
  const options = { params: { [ZSTD_c_compressionLevel]: level } };
  // What has a marker of its own is packed as it is; canonical text has none.
  if (text.includes(MARK) || base?.includes(MARK))
    return zlib.zstdCompressSync(Buffer.from(text), {
      ...options,
      ...(base !== undefined && { dictionary: Buffer.from(base) }),
    });
  const dictionary = base === undefined ? undefined : shortened(base);
  return zlib
    .zstdCompressSync(shortened(text), { ...options, ...(dictionary && { dictionary }) })
    .subarray(MAGIC.length);
}

/** The text of a body; `base` is the text that it is a difference to. Bodies with zstd's magic number have hashes in hex. */
export function unpack(body: Buffer, base?: string): string {
  const isPlain = body.subarray(0, MAGIC.length).equals(MAGIC);
  const options = base === undefined ? {} : { dictionary: isPlain ? Buffer.from(base) : shortened(base) };
  if (isPlain) return zlib.zstdDecompressSync(body, options).toString();
  return lengthened(zlib.zstdDecompressSync(Buffer.concat([MAGIC, body]), options));
}

const MARK = '\u0001';
const HASH_BYTES = 32;

/** Hashes look like noise to whatever packs them: they stand as their bytes behind a mark, half as long as in hex. */
function shortened(text: string): Buffer {
  const pieces: Buffer[] = [];
  let from = 0;
  for (const { 0: quoted, index } of text.matchAll(/"[0-9a-f]{64}"/g)) {
    pieces.push(Buffer.from(text.slice(from, index) + MARK), Buffer.from(quoted.slice(1, -1), 'hex'));
    from = index + quoted.length;
  }
  pieces.push(Buffer.from(text.slice(from)));
  return Buffer.concat(pieces);
}

function lengthened(bytes: Buffer): string {
  let text = '';
  let from = 0;
  for (let at = bytes.indexOf(1); at >= 0; at = bytes.indexOf(1, from)) {
    const end = at + 1 + HASH_BYTES;
    text += `${bytes.toString('utf8', from, at)}"${bytes.toString('hex', at + 1, end)}"`;
    from = end;
  }
  return text + bytes.toString('utf8', from);
}
