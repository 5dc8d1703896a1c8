import { isMainThread } from 'node:worker_threads';
import { jsonString, placeAmong, type Changes } from '../bare-map.js';
import { doAside } from './build-threads.js';
import { isEnd } from './piece-end.js';
import { PieceEntries } from './piece-entries.js';
import { piecesOf, rowOf, textOf, type Piece, type PieceTable } from './piece.js';
import { packPiece } from './pieced-gzip.js';
import { sharedConcat } from './shared-bytes.js';

/** Pieces after changes, those that are as they were among them, and what each key was that is not as it was. */
export interface Edited {
  made: Piece[];
  undo: Map<string, string | undefined>;
}

/** Pieces that stand one behind the other in bytes that threads share, from some place on, and their changes. */
export interface EditQuestion {
  file: Uint8Array;
  start: number;
  table: PieceTable;
  changes: Changes;
}

/** Of each piece the number that it had, or what it is now: its packed bytes and its text are among all of these. */
export interface EditAnswer {
  made: (number | PieceTable[number])[];
  packed: Uint8Array;
  text: Uint8Array;
  undo: Edited['undo'];
}

/** Unpacks the pieces that changes touch, and cuts and packs them anew: a few here, many on two threads. New ones begin with a comma, whichever comes first. */
export async function editPieces(pieces: readonly Piece[], changes: Changes): Promise<Edited> {
  const file = pieces[0]?.packed.buffer;
  const isAside = isMainThread && changes.size >= WORTH_THREADS && file instanceof SharedArrayBuffer;
  if (!isAside || pieces.some(({ packed }) => packed.buffer !== file)) return edited(pieces, changes);
  const runs = runsOf(pieces, changes);
  const answers = await doAside(
    'edit',
    runs.map(({ from, to, changes: some }) => () => {
      const run = pieces.slice(from, to);
      return { file: new Uint8Array(file), start: run[0]!.packed.byteOffset, table: run.map(rowOf), changes: some };
    }),
  );
  const made = answers.flatMap(({ made: some, packed, text }, at) => {
    const young = piecesOf(
      packed,
      some.filter((one) => typeof one !== 'number'),
      text,
    ).values();
    return some.map((one) => (typeof one === 'number' ? pieces[runs[at]!.from + one]! : young.next().value!));
  });
  return { made, undo: new Map(answers.flatMap(({ undo }) => [...undo])) };
}

/** What a thread does. */
export function editAside({ file, start, table, changes }: EditQuestion): EditAnswer {
  const pieces = piecesOf(file.subarray(start), table);
  const numbers = new Map(pieces.map((piece, number) => [piece, number]));
  const { made, undo } = edited(pieces, changes);
  const young = made.filter((piece) => !numbers.has(piece));
  return {
    made: made.map((piece) => numbers.get(piece) ?? rowOf(piece)),
    packed: sharedConcat(young.map(({ packed }) => packed)),
    text: sharedConcat(young.map(textOf)),
    undo,
  };
}

function edited(pieces: readonly Piece[], changes: Changes): Edited {
  const undo: Edited['undo'] = new Map();
  const keys = [...changes.keys()].sort();
  const made: Piece[] = [];
  let [piece, next] = [0, 0];
  const keep = (until: number) => {
    while (piece < until) made.push(pieces[piece++]!);
  };
  while (next < keys.length) {
    // What comes behind the last key of all belongs to the last piece, which need not be a finished one.
    keep(Math.min(pieceOf(pieces, keys[next]!), Math.max(pieces.length - 1, 0)));
    const young = new YoungPieces();
    const before = undo.size;
    do {
      const old = piece < pieces.length ? new PieceEntries(pieces[piece]!) : undefined;
      const last = piece < pieces.length - 1 ? pieces[piece]!.last : undefined;
      let from = 0;
      for (; next < keys.length && (last === undefined || keys[next]! <= last); next++) {
        const key = keys[next]!;
        const text = changes.get(key);
        const at = old?.placeOf(key) ?? 0;
        const was = old?.textOf(key, at);
        if (text === was) continue;
        undo.set(key, was);
        if (old) young.take(old, from, at);
        if (text !== undefined) young.add(key, text);
        from = was === undefined ? at : at + 1;
      }
      if (undo.size === before) {
        keep(Math.min(piece + 1, pieces.length));
        break;
      }
      if (old) young.take(old, from, old.count);
      piece++;
    } while (piece < pieces.length && young.isOpen);
    made.push(...young.all());
  }
  keep(pieces.length);
  return { made, undo };
}

/** Entries in order, which are cut into pieces as they come. */
class YoungPieces {
  private readonly made: Piece[] = [];
  private parts: Uint8Array[] = [];
  private count = 0;
  private last = '';

  /** Whether the last piece is not at its end. */
  get isOpen(): boolean {
    return this.count > 0;
  }

  /** Entries of a piece as they stand there, in which none but the last can be the end of one. */
  take(old: PieceEntries, from: number, to: number): void {
    if (from < to) this.push(old.between(from, to), to - from, old.key(to - 1));
  }

  add(key: string, text: string): void {
    this.push(Buffer.from(`,${jsonString(key)}:${text}`), 1, key);
  }

  /** All pieces, the last one wherever it ends. */
  all(): Piece[] {
    if (this.isOpen) this.end();
    return this.made;
  }

  private push(bytes: Uint8Array, count: number, last: string): void {
    this.parts.push(bytes);
    this.count += count;
    this.last = last;
    if (isEnd(last)) this.end();
  }

  private end(): void {
    const text = Buffer.concat(this.parts);
    this.made.push({ last: this.last, count: this.count, bytes: text.length, text, ...packPiece(text) });
    this.parts = [];
    this.count = 0;
  }
}

/** Runs of pieces with about as many changes each; none ends with a piece that loses its last key, so that each is edited as if it stood alone. */
function runsOf(pieces: readonly Piece[], changes: Changes): { from: number; to: number; changes: Changes }[] {
  const keys = [...changes.keys()].sort();
  const runs: { from: number; to: number; changes: Changes }[] = [];
  let [from, some] = [0, new Map<string, string | undefined>()];
  for (const [at, key] of keys.entries()) {
    some.set(key, changes.get(key));
    const next = keys[at + 1];
    const piece = pieceOf(pieces, key);
    const last = pieces[piece]?.last;
    const isWhole =
      piece < pieces.length - 1 && next! > last! && (changes.get(last!) !== undefined || !changes.has(last!));
    if (next !== undefined && !(some.size >= keys.length / RUNS && isWhole)) continue;
    const to = next === undefined ? pieces.length : piece + 1;
    runs.push({ from, to, changes: some });
    [from, some] = [to, new Map()];
  }
  return runs;
}

/** The piece that a key is in, or would be; one more than there are behind the last key. */
export const pieceOf = (pieces: readonly Piece[], key: string): number =>
  placeAmong(pieces.length, (at) => pieces[at]!.last, key);

/** Fewer changes are made here sooner than there. */
const WORTH_THREADS = 64;
const RUNS = 16;
