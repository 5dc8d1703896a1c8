import { notAsKept, unpackPiece, type SizedPiece } from './pieced-gzip.js';

/** A piece of the text of a map, packed. */
export interface Piece extends SizedPiece {
  /** The last key in it. */
  last: string;
  count: number;
  /** Its text, where that is at hand. */
  text?: Uint8Array;
}

/** A piece as it is told beside the packed file: last key, entries, bytes, packed bytes, CRC-32. */
export type PieceTable = [last: string, count: number, bytes: number, packed: number, crc: number][];

export const rowOf = ({ last, count, bytes, packed, crc }: Piece): PieceTable[number] => [
  last,
  count,
  bytes,
  packed.length,
  crc,
];

/** Pieces that stand one behind the other in packed bytes, and, where it is given, in their text. */
export function piecesOf(file: Uint8Array, table: PieceTable, text?: Uint8Array): Piece[] {
  let [end, textEnd] = [0, 0];
  return table.map(([last, count, bytes, length, crc]) => {
    end += length;
    textEnd += bytes;
    const piece = { last, count, bytes, packed: file.subarray(end - length, end), crc };
    return text ? { ...piece, text: text.subarray(textEnd - bytes, textEnd) } : piece;
  });
}

/** Its text; a piece that is not as it was packed is a RangeError. */
export function textOf(piece: Piece): Uint8Array {
  const text = piece.text ?? unpackPiece(piece);
  if (!text) throw notAsKept();
  return text;
}
