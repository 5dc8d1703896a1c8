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

  /** Sorted, each pair once. */
  sorted(): { hashes: Uint32Array; values: Uint32Array } {
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

/** Where a hash stands first in an ascending table, or -1: the hashes lie evenly, so the place is guessed and then walked to. */
export function findHash(hashes: Uint32Array, hash: number): number {
  let low = 0;
  let high = hashes.length - 1;
  while (low <= high) {
    const from = hashes[low]!;
    const to = hashes[high]!;
    if (hash < from || hash > to) return -1;
    const guess = from === to ? low : low + Math.floor(((hash - from) / (to - from)) * (high - low));
    const seen = hashes[guess]!;
    if (seen < hash) low = guess + 1;
    else if (seen > hash) high = guess - 1;
    else {
      let first = guess;
      while (first > 0 && hashes[first - 1] === hash) first--;
      return first;
    }
  }
  return -1;
}

/** Marks a value of the key table that names a core and not an alias. */
export const CORE = 0x80000000;
