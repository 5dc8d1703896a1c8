import { isMainThread } from 'node:worker_threads';
import { doAside } from './build-threads.js';
import { packPiece, REACH } from './pieced-gzip.js';

/** A piece of a text that has to be packed. */
export interface Span {
  start: number;
  end: number;
}

/** Pieces out of one text, each by where it stands in the bytes that are sent along. */
export interface PackQuestion {
  bytes: Uint8Array;
  spans: Span[];
}

/** All packed pieces one behind the other, and where each of them ends. */
export interface PackAnswer {
  bytes: Uint8Array;
  ends: number[];
}

/** Packs these pieces of a text, which come in order: a few here, many on two threads, so that nobody has to wait for them; a thread packs its own. */
export async function packPieces(text: Uint8Array, spans: readonly Span[]): Promise<Uint8Array[]> {
  if (!isMainThread || lengthOf(spans) < WORTH_THREADS)
    return spans.map(({ start, end }) => packPiece(text, start, end));
  const answers = await doAside(
    'pack',
    partsOf(spans).map((part) => () => questionOf(text, part)),
  );
  return answers.flatMap(({ bytes, ends }) => ends.map((end, piece) => bytes.subarray(ends[piece - 1] ?? 0, end)));
}

/** What a thread does: the same, in bytes that are its own. */
export function packAside({ bytes, spans }: PackQuestion): PackAnswer {
  const packed = spans.map(({ start, end }) => packPiece(bytes, start, end));
  let end = 0;
  return { bytes: new Uint8Array(Buffer.concat(packed)), ends: packed.map(({ length }) => (end += length)) };
}

/** Fewer bytes are packed here sooner than there. */
const WORTH_THREADS = 2 ** 18;
/** So many bytes at a time. */
const PART = 2 ** 20;

const lengthOf = (spans: readonly Span[]) => spans.reduce((sum, { start, end }) => sum + end - start, 0);

function partsOf(spans: readonly Span[]): Span[][] {
  const parts: Span[][] = [];
  let length = PART;
  for (const span of spans) {
    if (length >= PART) {
      parts.push([]);
      length = 0;
    }
    parts.at(-1)!.push(span);
    length += span.end - span.start;
  }
  return parts;
}

/** The bytes that these pieces are packed from, each stretch of them once, with what each looks back on; shared bytes as they are. */
function questionOf(text: Uint8Array, spans: readonly Span[]): PackQuestion {
  if (text.buffer instanceof SharedArrayBuffer) return { bytes: text, spans: [...spans] };
  const stretches: Span[] = [];
  for (const { start, end } of spans) {
    const from = Math.max(0, start - REACH);
    const last = stretches.at(-1);
    if (last && from <= last.end) last.end = end;
    else stretches.push({ start: from, end });
  }
  const bytes = new Uint8Array(lengthOf(stretches));
  const moved: Span[] = [];
  let [base, next] = [0, 0];
  for (const { start: from, end: to } of stretches) {
    bytes.set(text.subarray(from, to), base);
    for (; next < spans.length && spans[next]!.end <= to; next++)
      moved.push({ start: spans[next]!.start - from + base, end: spans[next]!.end - from + base });
    base += to - from;
  }
  return { bytes, spans: moved };
}
