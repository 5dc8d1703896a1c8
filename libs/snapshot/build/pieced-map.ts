import { crc32 } from 'node:zlib';
import { jsonString, placeIn, readWritten, type BareMap, type Found, type Placed } from '../bare-map.js';
import { Entries, sharedBytes } from './entries.js';
import { packPieces, type Span } from './pack-pieces.js';
import { isEnd } from './piece-end.js';
import { HEADER, joinPieces, REACH, unpackWhole } from './pieced-gzip.js';

/** Which entries a map loses, or has under another text from now on. */
export type Changes = ReadonlyMap<string, string | undefined>;

interface Piece {
  /** The last key in it. */
  last: string;
  count: number;
  bytes: number;
  packed: Uint8Array;
}

/** A piece as it is told beside the packed file: last key, entries, bytes, packed bytes. */
export type PieceTable = [last: string, count: number, bytes: number, packed: number][];

/**
 * A bare map as its canonical text, cut into pieces that are packed one by one: after a change only the pieces it touches are
 * written and packed again. Where a piece ends is told by its last key alone, so that the bytes depend on the entries and on
 * nothing else, however they came about.
 */
export class PiecedMap implements Placed {
  private readonly starts: number[] = [];
  private readonly firstPlaces: number[] = [];
  private readonly opened = new Map<number, Opened>();
  readonly size: number;

  private constructor(
    /** The whole text. */
    readonly bytes: Buffer,
    private readonly pieces: readonly Piece[],
  ) {
    let [start, place] = [0, 0];
    for (const piece of pieces) {
      this.starts.push(start);
      this.firstPlaces.push(place);
      start += piece.bytes;
      place += piece.count;
    }
    this.size = place;
  }

  static async of(map: BareMap): Promise<PiecedMap> {
    return PiecedMap.ofEntries(await Entries.of(map));
  }

  /** `onText` is given the whole text while it is being packed. */
  static async ofEntries({ keys, bytes: entries, starts, ends }: Entries, onText?: OnText): Promise<PiecedMap> {
    const bytes = keys.length === 0 ? Buffer.from('{}') : entries;
    bytes[0] = OPEN;
    bytes[bytes.length - 1] = CLOSE;
    const pieces: (Omit<Piece, 'packed'> & Span)[] = [];
    let first = 0;
    for (let at = 0; at < keys.length; at++) {
      if (ends[at] === 0 && at < keys.length - 1) continue;
      const [start, end] = [starts[first]!, starts[at + 1]!];
      pieces.push({ last: keys[at]!, count: at + 1 - first, bytes: end - start, start, end });
      first = at + 1;
    }
    const packed = await packedMeanwhile(bytes, pieces, onText);
    return new PiecedMap(
      bytes,
      pieces.map(({ last, count, bytes: length }, at) => ({ last, count, bytes: length, packed: packed[at]! })),
    );
  }

  /** The map that was packed so, with the table that was kept beside it; undefined when these two are no pair. */
  static async read(gz: Buffer, table: PieceTable): Promise<PiecedMap | undefined> {
    const length = table.reduce((sum, [, , bytes]) => sum + bytes, table.length === 0 ? 2 : 1);
    const bytes = await unpackWhole(gz, length).catch(() => undefined);
    if (bytes?.length !== length) return undefined;
    let end = HEADER.length;
    const pieces = table.map(([last, count, size, packed]): Piece => {
      end += packed;
      return { last, count, bytes: size, packed: gz.subarray(end - packed, end) };
    });
    return end < gz.length ? new PiecedMap(bytes, pieces) : undefined;
  }

  table(): PieceTable {
    return this.pieces.map(({ last, count, bytes, packed }) => [last, count, bytes, packed.length]);
  }

  /** One gzip stream of all of it. */
  gz(): Buffer {
    let crc = 0;
    for (let at = 0; at < this.bytes.length; at += 1 << 24) crc = crc32(this.bytes.subarray(at, at + (1 << 24)), crc);
    return joinPieces(
      this.pieces.map(({ packed }) => packed),
      { crc, length: this.bytes.length },
    );
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

  /**
   * The map after changes, the same as if it had been made of its entries; and what each key was that is not as it was. `onText` is given
   * the text of another map than this while it is being packed.
   */
  async with(changes: Changes, onText?: OnText): Promise<{ map: PiecedMap; undo: Map<string, string | undefined> }> {
    const undo = new Map<string, string | undefined>();
    const keys = [...changes.keys()].sort();
    const made: (Young | number)[] = [];
    let [piece, next] = [0, 0];
    while (next < keys.length) {
      // What comes behind the last key of all belongs to the last piece, which need not be a finished one.
      const target = Math.min(this.pieceOf(keys[next]!), Math.max(this.pieces.length - 1, 0));
      while (piece < target) made.push(piece++);
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
      made.push(...(await cut([...entries.keys()].sort(), entries)));
      if (made.length % 64 === 0) await new Promise(setImmediate);
    }
    while (piece < this.pieces.length) made.push(piece++);
    return { map: undo.size === 0 ? this : await PiecedMap.assemble(made, this, onText), undo };
  }

  /** Puts pieces one behind the other, new ones and those of an older map by their number, and packs what has to be. */
  private static async assemble(
    made: readonly (Young | number)[],
    old: PiecedMap,
    onText?: OnText,
  ): Promise<PiecedMap> {
    const sizes = made.map((one) => (typeof one === 'number' ? old.pieces[one]!.bytes : one.text.length));
    const length = sizes.reduce((sum, size) => sum + size, 0);
    const bytes = sharedBytes(made.length === 0 ? 2 : length + 1);
    let start = 0;
    made.forEach((one, at) => {
      if (typeof one !== 'number') one.text.copy(bytes, start);
      else old.bytes.copy(bytes, start, old.starts[one], old.starts[one]! + sizes[at]!);
      bytes[start] = at === 0 ? OPEN : COMMA;
      start += sizes[at]!;
    });
    if (made.length === 0) bytes[0] = OPEN;
    bytes[bytes.length - 1] = CLOSE;
    const starts = sumsBefore(sizes);
    const spanOf = (at: number): Span => ({ start: starts[at]!, end: starts[at]! + sizes[at]! });
    const isKept = made.map((one, at) => typeof one === 'number' && old.isPackedFrom(bytes, one, starts[at]!));
    const young = isKept.flatMap((kept, at) => (kept ? [] : [spanOf(at)]));
    const packed = await packedMeanwhile(bytes, young, onText);
    let next = 0;
    return new PiecedMap(
      bytes,
      made.map((one, at) => {
        const { last, count } = typeof one === 'number' ? old.pieces[one]! : one;
        return {
          last,
          count,
          bytes: sizes[at]!,
          packed: isKept[at] ? old.pieces[one as number]!.packed : packed[next++]!,
        };
      }),
    );
  }

  /** Whether a piece would be packed the same at this place of another text, where it stands too: by itself and by what it looks back on. */
  private isPackedFrom(text: Buffer, piece: number, place: number): boolean {
    const start = this.starts[piece]!;
    const reach = Math.min(REACH, start);
    return (
      reach === Math.min(REACH, place) &&
      this.bytes[start] === text[place] &&
      this.bytes.compare(text, place - reach, place, start - reach, start) === 0
    );
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
    const start = this.starts[at]! + 1;
    return readWritten(`{${this.bytes.toString('utf8', start, this.starts[at]! + this.pieces[at]!.bytes)}}`);
  }
}

interface Opened {
  keys: string[];
  entries: BareMap;
}

/** A piece that has to be packed yet. */
interface Young {
  last: string;
  count: number;
  text: Buffer;
}

/** Is given a text, not to be changed. */
export type OnText = (text: Buffer) => void;

/** Packs pieces; `onText` is given the text when the threads have begun with that. */
async function packedMeanwhile(text: Buffer, spans: readonly Span[], onText?: OnText): Promise<Uint8Array[]> {
  const packing = packPieces(text, spans);
  if (onText) await Promise.race([packing, new Promise(setImmediate)]);
  onText?.(text);
  return packing;
}

const [OPEN, CLOSE, COMMA] = [123, 125, 44];
/** Whoever asks, asks in order; so many pieces are kept open for that. */
const MOST_OPENED = 16;

async function cut(keys: readonly string[], map: BareMap): Promise<Young[]> {
  const pieces: Young[] = [];
  let [text, count] = ['', 0];
  for (const [at, key] of keys.entries()) {
    text += `,${jsonString(key)}:${map.get(key)!}`;
    count++;
    if (!isEnd(key) && at < keys.length - 1) continue;
    pieces.push({ last: key, count, text: Buffer.from(text) });
    [text, count] = ['', 0];
    if (pieces.length % 64 === 0) await new Promise(setImmediate);
  }
  return pieces;
}

function lastOf(entries: BareMap): string {
  let last = '';
  for (const key of entries.keys()) if (key > last) last = key;
  return last;
}

function sumsBefore(sizes: readonly number[]): number[] {
  let sum = 0;
  return sizes.map((size) => (sum += size) - size);
}
