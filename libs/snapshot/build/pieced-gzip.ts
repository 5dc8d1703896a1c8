import { constants, crc32, deflateRawSync, inflateRawSync } from 'node:zlib';
import { crcOfBoth } from './crc.js';
import { sharedConcat } from './shared-bytes.js';

/** Packs what stands alone 3 % less than the one above it, in four fifths of the time of the usual one. */
const LEVEL = 5;
/** A gzip header without time or system. */
export const HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);

/** A stretch of a text, packed by itself, and its CRC-32. */
export interface PackedPiece {
  packed: Uint8Array;
  crc: number;
}

/** A stretch of a text as blocks of deflate that depend on nothing else and end at a byte. */
export function packPiece(text: Uint8Array): PackedPiece {
  const packed = deflateRawSync(text, {
    level: LEVEL,
    finishFlush: constants.Z_SYNC_FLUSH,
    chunkSize: Math.max(64, text.length),
  });
  return { packed, crc: crc32(text) };
}

/** A packed piece with how many bytes its text has. */
export interface SizedPiece extends PackedPiece {
  bytes: number;
}

/** The text of a packed piece; undefined when it is not as it was packed. */
export function unpackPiece({ packed, bytes, crc }: SizedPiece): Buffer | undefined {
  const most = Math.max(64, bytes + 1);
  const options = { finishFlush: constants.Z_SYNC_FLUSH, chunkSize: most, maxOutputLength: most };
  try {
    const text = inflateRawSync(packed, options);
    return text.length === bytes && crc32(text) === crc ? text : undefined;
  } catch {
    return undefined;
  }
}

/** What is told of a packed map that is not as it was when it was packed. */
export const notAsKept = () => new RangeError('A packed map is not as it was kept.');

/** One gzip stream of all pieces of a text; what is behind them, the closing brace, is packed with it. */
export function joinPieces(pieces: readonly SizedPiece[]): Buffer {
  return sharedConcat([HEADER, ...pieces.map(({ packed }) => packed), ...endOf(pieces)]);
}

/** Whether a gzip stream may be the one of these pieces, by what it says of itself at its end. */
export function isOfPieces(gz: Buffer, pieces: readonly SizedPiece[]): boolean {
  const end = Buffer.concat(endOf(pieces));
  const length = pieces.reduce((sum, { packed }) => sum + packed.length, HEADER.length + end.length);
  return gz.length === length && gz.subarray(-end.length).equals(end);
}

/** What stands behind the pieces: the closing brace, packed, the CRC-32 of the text, and its length. */
function endOf(pieces: readonly SizedPiece[]): Buffer[] {
  const close = Buffer.from(pieces.length === 0 ? '{}' : '}');
  let [crc, length] = [0, 0];
  for (const piece of pieces) {
    crc = crcOfBoth(crc, piece.crc, piece.bytes);
    length += piece.bytes;
  }
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(crc32(close, crc), 0);
  trailer.writeUInt32LE((length + close.length) % 2 ** 32, 4);
  return [deflateRawSync(close), trailer];
}
