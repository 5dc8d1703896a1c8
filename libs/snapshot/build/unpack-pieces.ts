import { isMainThread } from 'node:worker_threads';
import { doAside } from './build-threads.js';
import type { Piece } from './piece.js';
import { notAsKept, unpackPiece } from './pieced-gzip.js';
import { sharedBytes } from './shared-bytes.js';

/** Packed pieces, by where they stand in some bytes, and where each belongs in a text; both are shared. */
export interface UnpackQuestion {
  packed: Uint8Array;
  pieces: PlacedPiece[];
  text: Uint8Array;
}

interface PlacedPiece {
  start: number;
  end: number;
  bytes: number;
  crc: number;
  at: number;
}

/** The text of all pieces with the brace that closes it, in shared bytes. What is not at hand is unpacked, much of it on two threads; what is not as it was packed is a RangeError. */
export async function wholeText(pieces: readonly Piece[]): Promise<Buffer> {
  if (pieces.length === 0) return Buffer.from('{}');
  const text = sharedBytes(pieces.reduce((sum, { bytes }) => sum + bytes, 1));
  const questions: UnpackQuestion[] = [];
  let [at, length] = [0, PART];
  for (const { text: known, bytes, crc, packed } of pieces) {
    if (known) text.set(known, at);
    else {
      const { buffer, byteOffset: start } = packed;
      if (length >= PART || questions.at(-1)!.packed.buffer !== buffer) {
        questions.push({ packed: new Uint8Array(buffer), pieces: [], text });
        length = 0;
      }
      questions.at(-1)!.pieces.push({ start, end: start + packed.length, bytes, crc, at });
      length += bytes;
    }
    at += bytes;
  }
  text[at] = CLOSE;
  const isAside = ({ packed }: UnpackQuestion) => packed.buffer instanceof SharedArrayBuffer;
  const are =
    isMainThread && questions.length > 1 && questions.every(isAside)
      ? await doAside(
          'unpack',
          questions.map((one) => () => one),
        )
      : questions.map(unpackAside);
  if (!are.every(Boolean)) throw notAsKept();
  return text;
}

/** What a thread does: whether all of these are as they were packed. */
export function unpackAside({ packed, pieces, text }: UnpackQuestion): boolean {
  return pieces.every(({ start, end, bytes, crc, at }) => {
    const piece = unpackPiece({ packed: packed.subarray(start, end), bytes, crc });
    piece?.copy(text, at);
    return piece !== undefined;
  });
}

/** So many bytes of text at a time. */
const PART = 2 ** 22;
const CLOSE = 125;
