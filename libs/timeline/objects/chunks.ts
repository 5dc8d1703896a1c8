/**
 * Where a long list of entries is cut into nodes. The cuts depend on the entries alone, mostly on their keys, so that two
 * versions of a document share every node in which nothing changed (content-defined chunking, as in prolly trees).
 */
export interface Entry {
  /** What decides whether a node begins with this entry. */
  readonly mark: number;
  /** The entry as it stands in the node. */
  readonly text: string;
}

/** One entry in so many begins a node, by kind of list. */
export const CUTS = { map: 0x1f, list: 0x7f, upper: 0x7f } as const;

const LONGEST_CHUNK = 32_768;
const MOST_ENTRIES = 512;

/** A well mixed number of 32 bits from a text (FNV-1a with the finish of MurmurHash3). */
export function mark(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** The mark of an entry among the nodes of a level: every level looks at other bits. */
export const markAt = (level: number, mark: number): number => mark >>> Math.min(28, 7 * level);

/** Whether an entry begins a node whatever stands before it. */
export const isCut = (mark: number, cuts: number): boolean => (mark & cuts) === 0;

/**
 * Cuts a list; feed it entry by entry, or as many as belong together, and every finished node is given to `emit` in the
 * parts it came in. With `fewest` two, as above the leaves, each level is shorter than the one below, whatever the keys are.
 */
export class Cutter<P> {
  private open: P[] = [];
  private count = 0;
  private length = 0;

  constructor(
    private readonly cuts: number,
    private readonly emit: (parts: P[]) => void,
    private readonly fewest = 1,
  ) {}

  get isEmpty(): boolean {
    return this.count === 0;
  }

  /** Whether the node begun may end where another begins by nature. */
  get hasEnough(): boolean {
    return this.count >= this.fewest;
  }

  /** Whether the node begun ends before an entry with a text so long. */
  isCutBefore(mark: number, length: number): boolean {
    const isFull = this.count >= MOST_ENTRIES || this.length + length > LONGEST_CHUNK;
    return this.hasEnough && (isFull || isCut(mark, this.cuts));
  }

  /** Whether so many entries, so long with what parts them, are no more than one node has. */
  hasRoom(count: number, length: number): boolean {
    return this.count + count <= MOST_ENTRIES && this.length + length - 1 <= LONGEST_CHUNK;
  }

  add(part: P, { mark, text }: Entry): void {
    if (this.isCutBefore(mark, text.length)) this.close();
    this.put(part, 1, text.length + 1);
  }

  /** Adds entries to the node begun. */
  put(part: P, count: number, length: number): void {
    this.open.push(part);
    this.count += count;
    this.length += length;
  }

  /** Ends the node begun, as the end of the list does. */
  close(): void {
    if (this.count === 0) return;
    this.emit(this.open);
    this.open = [];
    this.count = 0;
    this.length = 0;
  }
}
