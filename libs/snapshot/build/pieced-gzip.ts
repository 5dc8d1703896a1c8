import { promisify } from 'node:util';
import { constants, deflateRawSync, gunzip } from 'node:zlib';

/** How far back the packing of a piece looks into what stands before it. */
export const REACH = 8192;
/** Packs 7 to 9 % less than the one two above it, in two thirds of its time: most of an hour is packing. */
const LEVEL = 3;
/** A gzip header without time or system. */
export const HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);

/** A stretch of a text as blocks of deflate that end at a byte; they depend on it and on the REACH bytes before it. */
export function packPiece(text: Uint8Array, start: number, end: number): Buffer {
  const dictionary = text.subarray(Math.max(0, start - REACH), start);
  return deflateRawSync(text.subarray(start, end), {
    level: LEVEL,
    finishFlush: constants.Z_SYNC_FLUSH,
    chunkSize: Math.max(64, end - start),
    ...(dictionary.length > 0 && { dictionary }),
  });
}

/** One gzip stream of all pieces of a text; what is behind them, the closing brace, is packed with it. */
export function joinPieces(packed: readonly Uint8Array[], { crc, length }: { crc: number; length: number }): Buffer {
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(crc, 0);
  trailer.writeUInt32LE(length % 2 ** 32, 4);
  return Buffer.concat([HEADER, ...packed, deflateRawSync(packed.length === 0 ? '{}' : '}'), trailer]);
}

/** The text of a gzip stream, of which so many bytes are expected. */
export async function unpackWhole(gz: Buffer, length: number): Promise<Buffer<ArrayBuffer>> {
  const unpack = promisify(gunzip) as (bytes: Uint8Array, options: object) => Promise<Buffer<ArrayBuffer>>;
  return unpack(gz, { chunkSize: Math.max(64, length + 64), maxOutputLength: Math.max(64, length + 64) });
}
