import { isMainThread } from 'node:worker_threads';
import { doAside } from './build-threads.js';
import { packPiece, type PackedPiece } from './pieced-gzip.js';
import { sharedConcat } from './shared-bytes.js';

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

/** All packed pieces one behind the other, where each of them ends, and their CRC-32. */
export interface PackAnswer {
  bytes: Uint8Array;
  ends: number[];
  crcs: number[];
}

/** Packs these pieces of a text, which threads see without a copy: a few here, many on two threads, so that nobody has to wait for them; a thread packs its own. */
export async function packPieces(text: Uint8Array, spans: readonly Span[]): Promise<PackedPiece[]> {
  if (!isMainThread || lengthOf(spans) < WORTH_THREADS)
    return spans.map(({ start, end }) => packPiece(text.subarray(start, end)));
  const answers = await doAside(
    'pack',
    partsOf(spans).map((part) => () => ({ bytes: text, spans: part })),
  );
  return answers.flatMap(({ bytes, ends, crcs }) =>
    ends.map((end, piece) => ({ packed: bytes.subarray(ends[piece - 1] ?? 0, end), crc: crcs[piece]! })),
  );
}

/** What a thread does: the same. */
export function packAside({ bytes, spans }: PackQuestion): PackAnswer {
  const pieces = spans.map(({ start, end }) => packPiece(bytes.subarray(start, end)));
  let end = 0;
  return {
    bytes: sharedConcat(pieces.map(({ packed }) => packed)),
    ends: pieces.map(({ packed }) => (end += packed.length)),
    crcs: pieces.map(({ crc }) => crc),
  };
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
