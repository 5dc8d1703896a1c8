import { readWritten, type BareMap, type Changes, type Found, type Placed } from '../bare-map.js';
import { editPieces, pieceOf } from './edit-pieces.js';
import { Entries } from './entries.js';
import { packPieces, type Span } from './pack-pieces.js';
import { PieceEntries } from './piece-entries.js';
import { piecesOf, rowOf, textOf, type Piece, type PieceTable } from './piece.js';
import { HEADER, isOfPieces, joinPieces, packPiece } from './pieced-gzip.js';
import { wholeText } from './unpack-pieces.js';

/** Is given a text, not to be changed. */
export type OnText = (text: Buffer) => void;

/**
 * A bare map as its canonical text, cut into pieces that are packed each by itself: after a change only the pieces it touches are read,
 * written and packed again. Where a piece ends is told by its own entries alone, so that the bytes depend on the entries and on
 * nothing else, however they came about.
 */
export class PiecedMap implements Placed {
  private readonly firstPlaces: number[] = [];
  private readonly opened = new Map<number, PieceEntries>();
  private file: Buffer | undefined;
  readonly size: number;

  private constructor(private readonly pieces: readonly Piece[]) {
    let place = 0;
    for (const piece of pieces) {
      this.firstPlaces.push(place);
      place += piece.count;
    }
    this.size = place;
  }

  static async of(map: BareMap): Promise<PiecedMap> {
    return PiecedMap.ofEntries(await Entries.of(map));
  }

  /** `onText` is given the whole text while it is being packed. */
  static async ofEntries({ keys, bytes, starts, endsFrom }: Entries, onText?: OnText): Promise<PiecedMap> {
    const text = keys.length === 0 ? Buffer.from('{}') : bytes;
    text.set(OPEN);
    text.set(CLOSE, text.length - 1);
    const cuts: Cut[] = [];
    let first = 0;
    for (let at = 0; at < keys.length; at++) {
      if (at + 1 - first < endsFrom[at]! && at < keys.length - 1) continue;
      cuts.push({ last: keys[at]!, count: at + 1 - first, start: starts[first]!, end: starts[at + 1]! });
      first = at + 1;
    }
    const packing = packedCuts(text, cuts);
    if (onText) await Promise.race([packing, new Promise(setImmediate)]);
    onText?.(text);
    return new PiecedMap(await packing);
  }

  /** The map that was packed so, with the table that was kept beside it; undefined when these two are no pair. */
  static read(gz: Buffer, table: PieceTable): PiecedMap | undefined {
    const pieces = piecesOf(gz.subarray(HEADER.length), table);
    const map = new PiecedMap(pieces);
    map.file = gz;
    return isOfPieces(gz, pieces) ? map : undefined;
  }

  table(): PieceTable {
    return this.pieces.map(rowOf);
  }

  /** One gzip stream of all of it. */
  gz(): Buffer {
    return (this.file ??= joinPieces(this.pieces));
  }

  /** The whole text. */
  text(): Promise<Buffer> {
    return wholeText(this.pieces);
  }

  find(key: string): Found {
    const at = pieceOf(this.pieces, key);
    if (at === this.pieces.length) return { text: undefined, place: this.size };
    const entries = this.open(at);
    const place = entries.placeOf(key);
    return { text: entries.textOf(key, place), place: this.firstPlaces[at]! + place };
  }

  /** All of it, as a map in order. */
  whole(): BareMap {
    const all = new Map<string, string>();
    for (const piece of this.pieces) for (const [key, text] of entriesOf(piece)) all.set(key, text);
    return all;
  }

  /** What each key was that changes make another; and, when it is asked for, the map after them, the same as if it had been made of its entries. */
  async with(changes: Changes): Promise<Changed> {
    const { made, undo } = await editPieces(this.pieces, changes);
    const [first] = made;
    if (first && first !== this.pieces[0]) made[0] = asFirst(first);
    const size = made.reduce((sum, { count }) => sum + count, 0);
    return { undo, size, map: async (onText) => (undo.size === 0 ? this : PiecedMap.assembled(made, onText)) };
  }

  private static async assembled(pieces: readonly Piece[], onText?: OnText): Promise<PiecedMap> {
    const map = new PiecedMap(pieces);
    if (onText) {
      const text = await map.text();
      onText(text);
      map.standIn(text);
    }
    return map;
  }

  /** From now on the pieces have their texts here, and need not be unpacked. */
  private standIn(text: Buffer): void {
    let end = 0;
    for (const piece of this.pieces) piece.text = text.subarray(end, (end += piece.bytes));
  }

  private open(at: number): PieceEntries {
    const known = this.opened.get(at);
    if (known) return known;
    if (this.opened.size === MOST_OPENED) this.opened.clear();
    const opened = new PieceEntries(this.pieces[at]!);
    this.opened.set(at, opened);
    return opened;
  }
}

/** A map that changes. */
export interface Changed {
  undo: Map<string, string | undefined>;
  /** How many entries it has then. */
  size: number;
  /** `onText` is given the text of another map than before while it is being packed. */
  map: (onText?: OnText) => Promise<PiecedMap>;
}

/** A piece that has to be packed yet, as a place in a text. */
interface Cut extends Span {
  last: string;
  count: number;
}

const OPEN = Buffer.from('{');
const CLOSE = Buffer.from('}');
/** Whoever asks, asks in order; so many pieces are kept open for that. */
const MOST_OPENED = 16;

/** The entries of a piece, in order. */
function entriesOf(piece: Piece): BareMap {
  const text = textOf(piece);
  return readWritten(`{${Buffer.from(text.buffer, text.byteOffset + 1, text.length - 1).toString()}}`);
}

/** The same piece at the beginning of a text. */
function asFirst(piece: Piece): Piece {
  const text = Buffer.from(textOf(piece));
  text.set(OPEN);
  return { ...piece, text, ...packPiece(text) };
}

async function packedCuts(bytes: Uint8Array, cuts: readonly Cut[]): Promise<Piece[]> {
  const packed = await packPieces(bytes, cuts);
  return cuts.map(({ last, count, start, end }, at) => ({
    last,
    count,
    bytes: end - start,
    text: bytes.subarray(start, end),
    ...packed[at]!,
  }));
}
