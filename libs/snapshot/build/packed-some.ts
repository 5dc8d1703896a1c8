import { hash } from 'node:crypto';
import type { EntryBytes } from './entries.js';
import { joinPieces, packPiece, type SizedPiece } from './pieced-gzip.js';

/** Some entries of all, by their places, which ascend. */
export interface SomeQuestion {
  entries: EntryBytes;
  places: Uint32Array;
}

/** A packed map of some entries; of each piece the last place, how many entries it has, its bytes, its packed bytes and its CRC-32. */
export interface PackedSome {
  gz: Uint8Array;
  sha256: string;
  pieces: [last: number, count: number, bytes: number, packed: number, crc: number][];
}

/** A map of some entries as a packed file of its own: copies of the bytes that they have among all. */
export function packedSome({ entries, places }: SomeQuestion): PackedSome {
  const text = textOf(entries, places);
  const pieces: PackedSome['pieces'] = [];
  const packed: SizedPiece[] = [];
  let [start, end, first] = [0, 0, 0];
  places.forEach((place, at) => {
    end += entries.starts[place + 1]! - entries.starts[place]!;
    if (at + 1 - first < entries.endsFrom[place]! && at < places.length - 1) return;
    const piece = { ...packPiece(text.subarray(start, end)), bytes: end - start };
    packed.push(piece);
    pieces.push([place, at + 1 - first, piece.bytes, piece.packed.length, piece.crc]);
    [start, first] = [end, at + 1];
  });
  const gz = joinPieces(packed);
  return { gz, sha256: hash('sha256', gz), pieces };
}

function textOf({ bytes, starts }: EntryBytes, places: Uint32Array): Buffer {
  if (places.length === 0) return Buffer.from('{}');
  const length = places.reduce((sum, place) => sum + starts[place + 1]! - starts[place]!, 1);
  const text = Buffer.allocUnsafeSlow(length);
  let end = 0;
  for (const place of places) {
    text.set(bytes.subarray(starts[place], starts[place + 1]), end);
    text[end] = COMMA;
    end += starts[place + 1]! - starts[place]!;
  }
  [text[0], text[end]] = [OPEN, CLOSE];
  return text;
}

const [COMMA, OPEN, CLOSE] = [44, 123, 125];
