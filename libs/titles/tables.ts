import { pack, readPacked } from './packed.js';

/** How many texts share one start in a heap of blocks. */
export const BLOCK = 16;
/** A length that stands elsewhere. */
export const LONG = 255;

/** Texts one after the other in UTF-8, with the end of each. */
export class TextHeap {
  private readonly encoder = new TextEncoder();
  private heap = new Uint8Array(1 << 16);
  private length = 0;
  private readonly marks: number[] = [];

  add(text: string): void {
    const room = text.length * 3;
    if (this.length + room > this.heap.length) {
      const more = new Uint8Array(Math.max(this.heap.length * 2, this.length + room));
      more.set(this.heap.subarray(0, this.length));
      this.heap = more;
    }
    this.length += this.encoder.encodeInto(text, this.heap.subarray(this.length)).written;
    this.marks.push(this.length);
  }

  bytes(): Uint8Array {
    return this.heap.slice(0, this.length);
  }

  ends(): Uint32Array {
    return Uint32Array.from(this.marks);
  }

  /** Where every BLOCK-th text begins, how long each one is in a byte, and pairs of place and length of the few that are longer. */
  blocks(): { starts: Uint32Array; lengths: Uint8Array; long: Uint32Array } {
    const starts = new Uint32Array(Math.ceil(this.marks.length / BLOCK) + 1);
    const lengths = new Uint8Array(this.marks.length);
    const long: number[] = [];
    this.marks.forEach((end, i) => {
      const start = i === 0 ? 0 : this.marks[i - 1]!;
      if (i % BLOCK === 0) starts[i / BLOCK] = start;
      lengths[i] = Math.min(end - start, LONG);
      if (end - start >= LONG) long.push(i, end - start);
    });
    return { starts, lengths, long: Uint32Array.from(long) };
  }
}

/** Pairs of a 32-bit hash and a value, collected in any order and read in the order of the hashes, then of the values. */
export class HashTable {
  private hashes = new Uint32Array(1 << 12);
  private values = new Uint32Array(1 << 12);
  private count = 0;

  add(hash: number, value: number): void {
    if (this.count === this.hashes.length) {
      this.hashes = grown(this.hashes);
      this.values = grown(this.values);
    }
    this.hashes[this.count] = hash;
    this.values[this.count++] = value;
  }

  /** Each pair once, as buckets that are found without a search. */
  buckets(): Buckets {
    const { hashes, values } = this.sorted();
    const bits = Math.min(24, Math.max(1, Math.round(Math.log2(Math.max(hashes.length / PER_BUCKET, 1)))));
    const firsts = new Uint32Array((1 << bits) + 1);
    const checks = new Uint16Array(hashes.length);
    hashes.forEach((hash, i) => {
      firsts[(hash >>> (32 - bits)) + 1]!++;
      checks[i] = checkOf(hash, bits);
    });
    for (let b = 0; b < 1 << bits; b++) firsts[b + 1]! += firsts[b]!;
    return { firsts, checks, values: pack(values) };
  }

  /** Sorted, each pair once. */
  private sorted(): { hashes: Uint32Array; values: Uint32Array } {
    const { hashes, values } = sortedByHash(this.hashes.slice(0, this.count), this.values.slice(0, this.count));
    let kept = 0;
    for (let i = 0; i < hashes.length; i++) {
      if (kept > 0 && hashes[i] === hashes[kept - 1] && values[i] === values[kept - 1]) continue;
      hashes[kept] = hashes[i]!;
      values[kept++] = values[i]!;
    }
    return { hashes: hashes.slice(0, kept), values: values.slice(0, kept) };
  }
}

function grown(old: Uint32Array): Uint32Array<ArrayBuffer> {
  const more = new Uint32Array(old.length * 2);
  more.set(old);
  return more;
}

/** The pairs in ascending order of hash; pairs of one hash stay in the order in which they came (a radix sort, four passes of 8 bits). */
export function sortedByHash(hashes: Uint32Array, values: Uint32Array): { hashes: Uint32Array; values: Uint32Array } {
  let fromHashes = hashes;
  let fromValues = values;
  let toHashes = new Uint32Array(hashes.length);
  let toValues = new Uint32Array(hashes.length);
  for (let shift = 0; shift < 32; shift += 8) {
    const places = new Uint32Array(257);
    for (let i = 0; i < fromHashes.length; i++) places[((fromHashes[i]! >>> shift) & 0xff) + 1]!++;
    for (let digit = 0; digit < 256; digit++) places[digit + 1]! += places[digit]!;
    for (let i = 0; i < fromHashes.length; i++) {
      const place = places[(fromHashes[i]! >>> shift) & 0xff]!++;
      toHashes[place] = fromHashes[i]!;
      toValues[place] = fromValues[i]!;
    }
    [fromHashes, toHashes] = [toHashes, fromHashes as Uint32Array<ArrayBuffer>];
    [fromValues, toValues] = [toValues, fromValues as Uint32Array<ArrayBuffer>];
  }
  return { hashes: fromHashes, values: fromValues };
}

/** A table of hashes: the first bits choose a bucket, the next 16 are compared, so that one false find comes in some ten thousand. */
export interface Buckets {
  /** Where each bucket begins, and the end of the last. */
  firsts: Uint32Array;
  checks: Uint16Array;
  /** As `pack` packs them. */
  values: Uint8Array;
  /** Called before a range of checks or values is read, when not all are there. */
  need?: ((part: Uint8Array | Uint16Array, from: number, to: number) => void) | undefined;
}

/** In the mean, and nowhere near twice as many: so that a few pairs more do not double the table. */
const PER_BUCKET = 8;
const checkOf = (hash: number, bits: number): number => (hash << bits) >>> 16;

/** Shows the values of a hash, in order. */
export function eachOf({ firsts, checks, values, need }: Buckets, hash: number, see: (value: number) => void): void {
  const bits = 31 - Math.clz32(firsts.length - 1);
  const check = checkOf(hash, bits);
  const bucket = hash >>> (32 - bits);
  const width = checks.length === 0 ? 0 : values.length / checks.length;
  const [first, end] = [firsts[bucket]!, firsts[bucket + 1]!];
  need?.(checks, first, end);
  need?.(values, first * width, end * width);
  for (let i = first; i < end; i++) if (checks[i] === check) see(readPacked(values, i, width));
}

/** A value of the key table names an alias by its number, or a core by its position; the last bit says which. */
export const ofAlias = (alias: number): number => alias * 2;
export const ofCore = (position: number): number => position * 2 + 1;
export const isCore = (value: number): boolean => (value & 1) === 1;
export const placeIn = (value: number): number => value >>> 1;
