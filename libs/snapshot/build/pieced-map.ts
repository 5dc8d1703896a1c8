import { crc32 } from 'node:zlib';
import { jsonString, readWritten, type BareMap, type Placed } from '../bare-map.js';
import { HEADER, joinPieces, packPiece, REACH, unpackWhole } from './pieced-gzip.js';

/** Which entries a map loses, or has under another text from now on. */
export type Changes = ReadonlyMap<string, string | undefined>;

interface Piece {
  /** The last key in it. */
  last: string;
  count: number;
  bytes: number;
  packed: Buffer;
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
  private readonly opened = new Map<number, BareMap>();
  readonly size: number;

  private constructor(
    /** The whole text. */
    readonly bytes: Buffer<ArrayBuffer>,
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
    return PiecedMap.assemble(await cut([...map.keys()].sort(byCodeUnits), map));
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

  get(key: string): string | undefined {
    const at = this.pieceOf(key);
    return at < this.pieces.length ? this.open(at).get(key) : undefined;
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  placeOf(key: string): number {
    const at = this.pieceOf(key);
    if (at === this.pieces.length) return this.size;
    let place = this.firstPlaces[at]!;
    for (const one of this.open(at).keys()) {
      if (one >= key) break;
      place++;
    }
    return place;
  }

  /** All of it, as a map in order. */
  whole(): BareMap {
    const all = new Map<string, string>();
    for (let at = 0; at < this.pieces.length; at++) for (const [key, text] of this.entries(at)) all.set(key, text);
    return all;
  }

  /** The map after changes, the same as if it had been made of its entries; and what each key was that is not as it was. */
  async with(changes: Changes): Promise<{ map: PiecedMap; undo: Map<string, string | undefined> }> {
    const undo = new Map<string, string | undefined>();
    const keys = [...changes.keys()].sort(byCodeUnits);
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
      made.push(...(await cut([...entries.keys()].sort(byCodeUnits), entries)));
      if (made.length % 64 === 0) await new Promise(setImmediate);
    }
    while (piece < this.pieces.length) made.push(piece++);
    return { map: undo.size === 0 ? this : await PiecedMap.assemble(made, this), undo };
  }

  /** Puts pieces one behind the other, new ones and those of an older map by their number, and packs what has to be. */
  private static async assemble(made: readonly (Young | number)[], old?: PiecedMap): Promise<PiecedMap> {
    const sizes = made.map((one) => (typeof one === 'number' ? old!.pieces[one]!.bytes : one.text.length));
    const length = sizes.reduce((sum, size) => sum + size, 0);
    const bytes = Buffer.allocUnsafeSlow(made.length === 0 ? 2 : length + 1);
    let start = 0;
    made.forEach((one, at) => {
      if (typeof one !== 'number') one.text.copy(bytes, start);
      else old!.bytes.copy(bytes, start, old!.starts[one], old!.starts[one]! + sizes[at]!);
      bytes[start] = at === 0 ? OPEN : COMMA;
      start += sizes[at]!;
    });
    if (made.length === 0) bytes[0] = OPEN;
    bytes[bytes.length - 1] = CLOSE;
    const starts = sumsBefore(sizes);
    const packed = new Array<Buffer>(made.length);
    let next = 0;
    const packNext = async (): Promise<void> => {
      for (let at = next++; at < made.length; at = next++) {
        const one = made[at]!;
        packed[at] =
          typeof one === 'number' && isAsBefore(made, sizes, at)
            ? old!.pieces[one]!.packed
            : await packPiece(bytes, starts[at]!, starts[at]! + sizes[at]!);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, packNext));
    return new PiecedMap(
      bytes,
      made.map((one, at) => {
        const { last, count } = typeof one === 'number' ? old!.pieces[one]! : one;
        return { last, count, bytes: sizes[at]!, packed: packed[at]! };
      }),
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

  private open(at: number): BareMap {
    let entries = this.opened.get(at);
    if (entries !== undefined) return entries;
    if (this.opened.size === MOST_OPENED) this.opened.clear();
    this.opened.set(at, (entries = this.entries(at)));
    return entries;
  }

  private entries(at: number): BareMap {
    const start = this.starts[at]! + 1;
    return readWritten(`{${this.bytes.toString('utf8', start, this.starts[at]! + this.pieces[at]!.bytes)}}`);
  }
}

/** A piece that has to be packed yet. */
interface Young {
  last: string;
  count: number;
  text: Buffer;
}

const [OPEN, CLOSE, COMMA] = [123, 125, 44];
/** Whoever asks, asks in order; so many pieces are kept open for that. */
const MOST_OPENED = 256;
/** So many pieces are packed at the same time, on the threads of Node. */
const AT_ONCE = 4;
/** A key in so many is the last one of its piece. */
const ENTRIES = 128;

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

/** Whether a piece ends with this key: FNV-1a of its code units, mixed once more. */
function isEnd(key: string): boolean {
  let hash = 0x811c9dc5;
  for (let at = 0; at < key.length; at++) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return ((hash ^ (hash >>> 13)) >>> 0) % ENTRIES === 0;
}

/** Whether all that goes into the packing of a piece stands where it stood: itself, and what is before it as far as packing looks back. */
function isAsBefore(made: readonly (Young | number)[], sizes: readonly number[], at: number): boolean {
  let number = made[at] as number;
  if ((number === 0) !== (at === 0)) return false;
  for (let seen = 0; seen < REACH && at > 0; seen += sizes[at]!) if (made[--at] !== --number) return false;
  return (number === 0) === (at === 0);
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

const byCodeUnits = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
