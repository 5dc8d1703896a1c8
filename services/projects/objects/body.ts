import zlib from 'node:zlib';
import { applyDelta, deltaOf } from './delta.js';

const { ZSTD_c_compressionLevel } = zlib.constants;
/** With which every frame of zstd begins; four bytes a node that say nothing. */
const MAGIC = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
/** Before a delta; no frame of zstd goes on so behind its magic number, which has this bit at zero. */
const IS_DELTA = Buffer.from([0x08]);
/** Below this a delta is not worth comparing with what zstd makes of the same. */
const SHORT = 256;

/**
 * Once in so many versions of a node its whole text is kept. All others are kept as what makes the version before them theirs:
 * a long way back to the first costs some ten milliseconds once, and a short one would cost room with every commit.
 */
const WHOLE_EVERY = 256;

/** The place in its chain of a version after another; 0 is a version that is kept whole. */
export const nextDepth = (depth: number): number => (depth + 1) % WHOLE_EVERY;

/** A text as it is kept, compressed; `base` is the one that it is kept as a difference to, if any. */
export function pack(text: Buffer, base?: Buffer): Buffer {
  if (base === undefined) return frame(text, 6);
  const delta = deltaOf(base, text);
  const short = delta && Buffer.concat([IS_DELTA, delta]);
  if (short && short.length <= SHORT) return short;
  const packed = frame(text, 3, base);
  return short && short.length <= packed.length ? short : packed;
}

/** The text of a body, in the short form; `base` is the text that it is a difference to. */
export function unpack(body: Buffer, base?: Buffer): Buffer {
  if (base !== undefined && body[0] === IS_DELTA[0]) return applyDelta(base, body.subarray(1));
  // Bodies with zstd's magic number are from before hashes were shortened.
  if (body.subarray(0, MAGIC.length).equals(MAGIC))
    return shortened(zlib.zstdDecompressSync(body, { dictionary: base && Buffer.from(lengthened(base)) }).toString());
  return zlib.zstdDecompressSync(Buffer.concat([MAGIC, body]), { dictionary: base });
}

const frame = (text: Buffer, level: number, dictionary?: Buffer): Buffer =>
  zlib.zstdCompressSync(text, { params: { [ZSTD_c_compressionLevel]: level }, dictionary }).subarray(MAGIC.length);

const MARK = 1;
const QUOTE = 0x22;
/** How many digits of hex a hash has. */
const HEX = 64;

/**
 * The short form of a node's text: hashes look like noise to whatever packs them, so they stand as their bytes behind a mark,
 * half as long as in hex. Canonical text has no such mark of its own.
 */
export function shortened(text: string): Buffer {
  if (text.includes('\u0001')) throw new RangeError('A text with control characters is not canonical.');
  const long = Buffer.from(text);
  const short = Buffer.allocUnsafe(long.length);
  let to = 0;
  for (let at = 0; at < long.length;) {
    if (long[at] === QUOTE && long[at + HEX + 1] === QUOTE && putHash(long, at + 1, short, to + 1)) {
      short[to] = MARK;
      to += 1 + HEX / 2;
      at += HEX + 2;
    } else short[to++] = long[at++]!;
  }
  return Buffer.from(short.subarray(0, to));
}

/** Writes the bytes of the hex digits that stand somewhere; false where others stand among them. */
function putHash(from: Buffer, at: number, into: Buffer, to: number): boolean {
  for (let digit = 0; digit < HEX; digit += 2) {
    const byte = (DIGITS[from[at + digit]!]! << 4) | DIGITS[from[at + digit + 1]!]!;
    if (byte < 0) return false;
    into[to + digit / 2] = byte;
  }
  return true;
}

/** What each byte is worth as a digit of lower-case hex; -1 for those that are none. */
const DIGITS = Int8Array.from({ length: 256 }, (_, code) => '0123456789abcdef'.indexOf(String.fromCharCode(code)));

/** The text of a short form. */
export function lengthened(bytes: Buffer): string {
  let text = '';
  let from = 0;
  for (let at = bytes.indexOf(MARK); at >= 0; at = bytes.indexOf(MARK, from)) {
    const end = at + 1 + HEX / 2;
    text += `${bytes.toString('utf8', from, at)}"${bytes.toString('hex', at + 1, end)}"`;
    from = end;
  }
  return text + bytes.toString('utf8', from);
}
