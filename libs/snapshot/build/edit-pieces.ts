import { isMainThread } from 'node:worker_threads';
import { jsonString, placeAmong, type Changes } from '../bare-map.js';
import { doAside } from './build-threads.js';
import { endsFrom, FEWEST } from './piece-end.js';
import { PieceEntries } from './piece-entries.js';
import { piecesOf, rowOf, textOf, type Piece, type PieceTable } from './piece.js';
import { packPiece } from './pieced-gzip.js';
import { sharedConcat } from './shared-bytes.js';

/** Pieces after changes, those that are as they were among them, and what each key was that is not as it was. */
export interface Edited {
  made: Piece[];
  undo: Map<string, string | undefined>;
}

/** The same; whether the last piece is one that did not come to its end. */
interface EditedRun extends Edited {
  isOpen: boolean;
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
  isOpen: boolean;
}

/** Unpacks the pieces that changes touch, and cuts and packs them anew: a few here, many on two threads. New ones begin with a comma, whichever comes first. */
export async function editPieces(pieces: readonly Piece[], changes: Changes): Promise<Edited> {
  const file = pieces[0]?.packed.buffer;
  const isAside = isMainThread && changes.size >= WORTH_THREADS && file instanceof SharedArrayBuffer;
  if (!isAside || pieces.some(({ packed }) => packed.buffer !== file)) return edited(pieces, changes);
  const runs = runsOf(pieces, changes);
  const answers = (
    await doAside(
      'edit',
      runs.map(({ from, to, changes: some }) => () => {
        const run = pieces.slice(from, to);
        return { file: new Uint8Array(file), start: run[0]!.packed.byteOffset, table: run.map(rowOf), changes: some };
      }),
    )
  ).map((answer, at) => readAnswer(answer, pieces, runs[at]!.from));
  return joined(pieces, runs, answers);
}

function readAnswer({ made, packed, text, ...rest }: EditAnswer, pieces: readonly Piece[], from: number): EditedRun {
  const rows = made.filter((one) => typeof one !== 'number');
  const young = piecesOf(packed, rows, text).values();
  return { made: made.map((one) => (typeof one === 'number' ? pieces[from + one]! : young.next().value!)), ...rest };
}

/** All runs one behind the other. One whose last piece did not come to its end goes on in the next, and they are edited as one. */
function joined(pieces: readonly Piece[], runs: readonly Run[], answers: readonly EditedRun[]): Edited {
  const all: Edited[] = [];
  for (let at = 0; at < runs.length; at++) {
    const { from } = runs[at]!;
    let [one, changes] = [answers[at]!, runs[at]!.changes];
    while (one.isOpen && at < runs.length - 1) {
      changes = new Map([...changes, ...runs[++at]!.changes]);
      one = edited(pieces.slice(from, runs[at]!.to), changes);
    }
    all.push(one);
  }
  return { made: all.flatMap(({ made }) => made), undo: new Map(all.flatMap(({ undo }) => [...undo])) };
}

/** What a thread does. */
export function editAside({ file, start, table, changes }: EditQuestion): EditAnswer {
  const pieces = piecesOf(file.subarray(start), table);
  const numbers = new Map(pieces.map((piece, number) => [piece, number]));
  const { made, undo, isOpen } = edited(pieces, changes);
  const young = made.filter((piece) => !numbers.has(piece));
  return {
    made: made.map((piece) => numbers.get(piece) ?? rowOf(piece)),
    packed: sharedConcat(young.map(({ packed }) => packed)),
    text: sharedConcat(young.map(textOf)),
    undo,
    isOpen,
  };
}

function edited(pieces: readonly Piece[], changes: Changes): EditedRun {
  const undo: Edited['undo'] = new Map();
  const keys = [...changes.keys()].sort();
  const made: Piece[] = [];
  let [piece, next, isOpen] = [0, 0, false];
  const keep = (until: number) => {
    if (piece < until) isOpen = false;
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
    isOpen = young.isOpen;
    made.push(...young.all());
  }
  keep(pieces.length);
  return { made, undo, isOpen };
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

  /** Entries of a piece as they stand there. */
  take(old: PieceEntries, from: number, to: number): void {
    let first = from;
    for (let end = from + 1; end <= to; end++) {
      const count = this.count + end - first;
      if (end < to && (count < FEWEST || count < endsFrom(old.key(end - 1)))) continue;
      this.push(old.between(first, end), end - first, old.key(end - 1));
      first = end;
    }
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
    if (this.count >= endsFrom(last)) this.end();
  }

  private end(): void {
    const text = Buffer.concat(this.parts);
    this.made.push({ last: this.last, count: this.count, bytes: text.length, text, ...packPiece(text) });
    this.parts = [];
    this.count = 0;
  }
}

/** Pieces one behind the other, and their changes. */
interface Run {
  from: number;
  to: number;
  changes: Changes;
}

/** Runs of pieces with about as many changes each, up to where the next one is changed. */
function runsOf(pieces: readonly Piece[], changes: Changes): Run[] {
  const keys = [...changes.keys()].sort();
  const runs: Run[] = [];
  let [from, some] = [0, new Map<string, string | undefined>()];
  for (const [at, key] of keys.entries()) {
    some.set(key, changes.get(key));
    const next = keys[at + 1];
    const to = next === undefined ? pieces.length : Math.min(pieceOf(pieces, next), pieces.length - 1);
    if (next !== undefined && (some.size < keys.length / RUNS || to <= pieceOf(pieces, key))) continue;
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
