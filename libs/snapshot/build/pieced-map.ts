import { jsonString, placeIn, readWritten, type BareMap, type Found, type Placed } from '../bare-map.js';
import { Entries } from './entries.js';
import { packPieces, type Span } from './pack-pieces.js';
import { isEnd } from './piece-end.js';
import { HEADER, isOfPieces, joinPieces, notAsKept, unpackPiece, type SizedPiece } from './pieced-gzip.js';
import { sharedConcat } from './shared-bytes.js';
import { wholeText } from './unpack-pieces.js';

/** Which entries a map loses, or has under another text from now on. */
export type Changes = ReadonlyMap<string, string | undefined>;

interface Piece extends SizedPiece {
  /** The last key in it. */
  last: string;
  count: number;
  /** Its text, where that is at hand. */
  text?: Uint8Array;
}

/** A piece as it is told beside the packed file: last key, entries, bytes, packed bytes, CRC-32. */
export type PieceTable = [last: string, count: number, bytes: number, packed: number, crc: number][];

/** Is given a text, not to be changed. */
export type OnText = (text: Buffer) => void;

/**
 * A bare map as its canonical text, cut into pieces that are packed each by itself: after a change only the pieces it touches are read,
 * written and packed again. Where a piece ends is told by its last key alone, so that the bytes depend on the entries and on
 * nothing else, however they came about.
 */
export class PiecedMap implements Placed {
  private readonly firstPlaces: number[] = [];
  private readonly opened = new Map<number, Opened>();
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
  static async ofEntries({ keys, bytes, starts, ends }: Entries, onText?: OnText): Promise<PiecedMap> {
    const text = keys.length === 0 ? Buffer.from('{}') : bytes;
    text.set(OPEN);
    text.set(CLOSE, text.length - 1);
    const cuts: Cut[] = [];
    let first = 0;
    for (let at = 0; at < keys.length; at++) {
      if (ends[at] === 0 && at < keys.length - 1) continue;
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
    let end = HEADER.length;
    const pieces = table.map(([last, count, bytes, length, crc]): Piece => {
      end += length;
      return { last, count, bytes, packed: gz.subarray(end - length, end), crc };
    });
    const map = new PiecedMap(pieces);
    map.file = gz;
    return isOfPieces(gz, pieces) ? map : undefined;
  }

  table(): PieceTable {
    return this.pieces.map(({ last, count, bytes, packed, crc }) => [last, count, bytes, packed.length, crc]);
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
    const at = this.pieceOf(key);
    if (at === this.pieces.length) return { text: undefined, place: this.size };
    const { keys, entries } = this.open(at);
    return { text: entries.get(key), place: this.firstPlaces[at]! + placeIn(keys, key) };
  }

  /** All of it, as a map in order. */
  whole(): BareMap {
    const all = new Map<string, string>();
    for (let at = 0; at < this.pieces.length; at++) for (const [key, text] of this.entries(at)) all.set(key, text);
    return all;
  }

  /** What each key was that changes make another; and, when it is asked for, the map after them, the same as if it had been made of its entries. */
  async with(changes: Changes): Promise<Changed> {
    const undo = new Map<string, string | undefined>();
    const keys = [...changes.keys()].sort();
    const made: (Young | Piece)[] = [];
    let [piece, next] = [0, 0];
    const keep = (until: number) => {
      while (piece < until) made.push(this.pieces[piece++]!);
    };
    while (next < keys.length) {
      // What comes behind the last key of all belongs to the last piece, which need not be a finished one.
      keep(Math.min(this.pieceOf(keys[next]!), Math.max(this.pieces.length - 1, 0)));
      const entries = new Map<string, string>();
      do {
        for (const [key, text] of piece < this.pieces.length ? this.entries(piece) : []) entries.set(key, text);
        const last = piece < this.pieces.length - 1 ? this.pieces[piece]!.last : undefined;
        for (; next < keys.length && (last === undefined || keys[next]! <= last); next++) {
          const text = changes.get(keys[next]!);
          const was = entries.get(keys[next]!);
          if (text === was) continue;
          undo.set(keys[next]!, was);
          if (text === undefined) entries.delete(keys[next]!);
          else entries.set(keys[next]!, text);
        }
        piece++;
      } while (piece < this.pieces.length && entries.size > 0 && !isEnd(lastOf(entries)));
      made.push(...cut([...entries.keys()].sort(), entries));
      if (made.length % 64 === 0) await new Promise(setImmediate);
    }
    keep(this.pieces.length);
    const size = made.reduce((sum, { count }) => sum + count, 0);
    return { undo, size, map: async (onText) => (undo.size === 0 ? this : this.assembled(made, onText)) };
  }

  /** Pieces one behind the other: new ones, which are packed, and some of this map. */
  private async assembled(made: (Young | Piece)[], onText?: OnText): Promise<PiecedMap> {
    const [first] = made;
    // When another piece than before comes first, its text begins otherwise.
    if (first && first !== this.pieces[0] && isPiece(first))
      made[0] = { ...first, text: textOf(first), packed: undefined };
    let end = 0;
    const young = made.filter((one) => !isPiece(one));
    const cuts = young.map(({ last, count, text }): Cut => ({ last, count, start: end, end: (end += text.length) }));
    const bytes = sharedConcat(young.map(({ text }) => text));
    if (made[0] && !isPiece(made[0])) bytes.set(OPEN);
    const packing = packedCuts(bytes, cuts);
    const texts = cuts.map(({ start, end }) => ({ bytes: end - start, text: bytes.subarray(start, end) })).values();
    const telling = async () => {
      const text = await wholeText(made.map((one) => (isPiece(one) ? one : texts.next().value!)));
      onText!(text);
      return text;
    };
    const [packed, text] = await Promise.all([packing, onText && telling()]);
    const pieces = packed.values();
    const map = new PiecedMap(made.map((one) => (isPiece(one) ? one : pieces.next().value!)));
    if (text) map.standIn(text);
    return map;
  }

  /** From now on the pieces have their texts here, and need not be unpacked. */
  private standIn(text: Buffer): void {
    let end = 0;
    for (const piece of this.pieces) piece.text = text.subarray(end, (end += piece.bytes));
  }

  /** The piece that a key is in, or would be; one more than there are behind the last key. */
  private pieceOf(key: string): number {
    let [low, high] = [0, this.pieces.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.pieces[middle]!.last < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private open(at: number): Opened {
    const known = this.opened.get(at);
    if (known) return known;
    if (this.opened.size === MOST_OPENED) this.opened.clear();
    const entries = this.entries(at);
    const opened = { keys: [...entries.keys()], entries };
    this.opened.set(at, opened);
    return opened;
  }

  private entries(at: number): BareMap {
    const text = textOf(this.pieces[at]!);
    return readWritten(`{${Buffer.from(text.buffer, text.byteOffset + 1, text.length - 1).toString()}}`);
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

interface Opened {
  keys: string[];
  entries: BareMap;
}

/** A piece that has to be packed yet. */
interface Young {
  last: string;
  count: number;
  text: Uint8Array;
  packed?: undefined;
}

const isPiece = (one: Young | Piece): one is Piece => one.packed !== undefined;

/** The same as a place in a longer text. */
interface Cut extends Span {
  last: string;
  count: number;
}

const OPEN = Buffer.from('{');
const CLOSE = Buffer.from('}');
/** Whoever asks, asks in order; so many pieces are kept open for that. */
const MOST_OPENED = 16;

function textOf(piece: Piece): Uint8Array {
  const text = piece.text ?? unpackPiece(piece);
  if (!text) throw notAsKept();
  return text;
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

function cut(keys: readonly string[], map: BareMap): Young[] {
  const pieces: Young[] = [];
  let [text, count] = ['', 0];
  for (const [at, key] of keys.entries()) {
    text += `,${jsonString(key)}:${map.get(key)!}`;
    count++;
    if (!isEnd(key) && at < keys.length - 1) continue;
    pieces.push({ last: key, count, text: Buffer.from(text) });
    [text, count] = ['', 0];
  }
  return pieces;
}

function lastOf(entries: BareMap): string {
  let last = '';
  for (const key of entries.keys()) if (key > last) last = key;
  return last;
}
