import { isMainThread } from 'node:worker_threads';
import { jsonString, readWritten, type BareMap, type Changes } from '../bare-map.js';
import { doAside } from './build-threads.js';
import { isEnd } from './piece-end.js';
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
    const entries = new Map<string, string>();
    do {
      for (const [key, text] of piece < pieces.length ? entriesOf(pieces[piece]!) : []) entries.set(key, text);
      const last = piece < pieces.length - 1 ? pieces[piece]!.last : undefined;
      for (; next < keys.length && (last === undefined || keys[next]! <= last); next++) {
        const text = changes.get(keys[next]!);
        const was = entries.get(keys[next]!);
        if (text === was) continue;
        undo.set(keys[next]!, was);
        if (text === undefined) entries.delete(keys[next]!);
        else entries.set(keys[next]!, text);
      }
      piece++;
    } while (piece < pieces.length && entries.size > 0 && !isEnd(lastOf(entries)));
    made.push(...cut(entries));
  }
  keep(pieces.length);
  return { made, undo };
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
export function pieceOf(pieces: readonly Piece[], key: string): number {
  let [low, high] = [0, pieces.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (pieces[middle]!.last < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The entries of a piece, in order. */
export function entriesOf(piece: Piece): BareMap {
  const text = textOf(piece);
  return readWritten(`{${Buffer.from(text.buffer, text.byteOffset + 1, text.length - 1).toString()}}`);
}

function cut(entries: BareMap): Piece[] {
  const pieces: Piece[] = [];
  const keys = [...entries.keys()].sort();
  let [written, count] = ['', 0];
  for (const [at, key] of keys.entries()) {
    written += `,${jsonString(key)}:${entries.get(key)!}`;
    count++;
    if (!isEnd(key) && at < keys.length - 1) continue;
    const text = Buffer.from(written);
    pieces.push({ last: key, count, bytes: text.length, text, ...packPiece(text) });
    [written, count] = ['', 0];
  }
  return pieces;
}

function lastOf(entries: BareMap): string {
  let last = '';
  for (const key of entries.keys()) if (key > last) last = key;
  return last;
}

/** Fewer changes are made here sooner than there. */
const WORTH_THREADS = 64;
const RUNS = 16;
