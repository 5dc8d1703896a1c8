import { distinct, MOST_GRAMS, writeGrams } from './grams.js';

/** The part of a file that says in which cores grams stand. */
export interface Postings {
  /** Where the postings of each bucket of grams begin, and the end of the last. */
  buckets: Uint32Array;
  postings: Uint8Array;
  /** How many grams the core at each position has. */
  counts: Uint8Array;
  /** Called before a range of them is read, when not all are there. */
  need?: ((part: Uint8Array, from: number, to: number) => void) | undefined;
  /** The key of the core at a position. */
  keyOf: (core: number) => string;
}

/** Finds the cores that share most with a key by the grams they have in common. */
export class Similar {
  /** For each core how much of the query it shares, in 1/16; zero between questions. */
  private readonly shared: Uint16Array;
  private touched = new Uint32Array(1 << 12);
  /** What a gram's hash is shifted by to its bucket. */
  private readonly shift: number;
  /** The core that shares most with the query that is being answered. */
  private leader = -1;

  constructor(private readonly of: Postings) {
    this.shared = new Uint16Array(of.counts.length);
    this.shift = 1 + Math.clz32(of.buckets.length - 1);
  }

  /** How rare a gram is here: the logarithm of one in how many cores has it. */
  rarity(gram: number): number {
    return Math.log2(1 + this.of.counts.length / (1 + this.frequency(gram >>> this.shift)));
  }

  /**
   * The cores that share most with a key, best first, at most `most`. Rare grams open candidates, frequent ones only add to them. Reading
   * ends as soon as whatever is as much like the key as the best core found must have been seen, and after BUDGET bytes, whatever the key:
   * this bounds the time of a question.
   */
  find(key: string, most: number): number[] {
    const grams = new Uint32Array(MOST_GRAMS);
    const count = distinct(grams, writeGrams(key, grams));
    const open: { at: number; size: number; weight: number }[] = [];
    for (let i = 0; i < count; i++) {
      const at = grams[i]! >>> this.shift;
      const size = this.frequency(at);
      if (size > 0) open.push({ at, size, weight: Math.log2(1 + this.of.counts.length / size) });
    }
    open.sort((a, b) => a.size - b.size);
    const nowhere = count - open.length;
    this.leader = -1;
    let verified = -1;
    let missing = count;
    let bytes = 0;
    let read = 0;
    let touched = 0;
    let settled = false;
    for (const { at, size, weight } of open) {
      if (bytes > 0 && bytes + size > BUDGET) break;
      if (bytes + size > FREELY && this.leader !== -1) {
        if (this.leader !== verified) missing = this.missingIn(this.leader, grams.subarray(0, count));
        verified = this.leader;
        settled = this.isBeyondChance(open.slice(Math.max(0, missing - nowhere), read));
        if (settled) break;
      }
      bytes += size;
      read++;
      touched = this.count(at, Math.round(weight * 16), touched);
    }
    const isSlip = settled && missing <= SLIP && this.of.counts[this.leader]! <= count + SLIP;
    const best = this.best(touched, { most, grams: count, farthest: isSlip ? FARTHEST_FROM_SLIP : FARTHEST });
    for (let i = 0; i < touched; i++) this.shared[this.touched[i]!] = 0;
    return best;
  }

  /**
   * Whether hardly any core has all these grams by chance. What lacks no more of the query's grams than another core has at least the most
   * frequent ones of those that were read; if these are beyond chance, it stands out among what has been seen.
   */
  private isBeyondChance(frequent: readonly { weight: number }[]): boolean {
    return frequent.reduce((sum, { weight }) => sum + weight, 0) >= Math.log2(this.of.counts.length) + BEYOND_CHANCE;
  }

  /** Adds a weight to every core of a bucket. */
  private count(bucket: number, weight: number, from: number): number {
    const { postings, buckets } = this.of;
    const { shared } = this;
    let at = buckets[bucket]!;
    const end = buckets[bucket + 1]!;
    this.of.need?.(postings, at, end);
    this.makeRoom(from + end - at);
    const { touched } = this;
    let { leader } = this;
    let most = leader === -1 ? 0 : shared[leader]!;
    let core = 0;
    let last = from;
    while (at < end) {
      let byte = postings[at++]!;
      let step = byte & 0x7f;
      let shift = 7;
      while (byte > 0x7f) {
        byte = postings[at++]!;
        step |= (byte & 0x7f) << shift;
        shift += 7;
      }
      core += step;
      const before = shared[core]!;
      if (before === 0) touched[last++] = core;
      const now = before + weight;
      shared[core] = now;
      if (now > most) {
        most = now;
        leader = core;
      }
    }
    this.leader = leader;
    return last;
  }

  private makeRoom(count: number): void {
    if (count <= this.touched.length) return;
    const more = new Uint32Array(count * 2);
    more.set(this.touched);
    this.touched = more;
  }

  /** How many of the grams a core does not have. */
  private missingIn(core: number, grams: Uint32Array): number {
    if (core === -1) return grams.length;
    const own = new Uint32Array(MOST_GRAMS);
    const count = distinct(own, writeGrams(this.of.keyOf(core), own));
    let missing = grams.length;
    for (let i = 0, j = 0; i < grams.length && j < count;) {
      if (grams[i] === own[j]) missing--;
      if (grams[i]! <= own[j]!) i++;
      else j++;
    }
    return missing;
  }

  private best(
    touched: number,
    { most, grams, farthest }: { most: number; grams: number; farthest: number },
  ): number[] {
    const { counts } = this.of;
    const kept: { core: number; score: number }[] = [];
    const scoreOf = (core: number): number => this.shared[core]! / (4 + 0.6 * counts[core]! + 0.4 * grams);
    let floor = this.leader === -1 ? 0 : scoreOf(this.leader) * farthest;
    // Most cores share too little, however short they are: they are passed over without a division.
    let enough = floor * (4.6 + 0.4 * grams);
    for (let i = 0; i < touched; i++) {
      const core = this.touched[i]!;
      if (this.shared[core]! < enough) continue;
      const score = scoreOf(core);
      if (score < floor) continue;
      kept.push({ core, score });
      if (kept.length >= most * 4) {
        kept.sort(byScore);
        kept.length = most;
        floor = kept[most - 1]!.score;
        enough = floor * (4.6 + 0.4 * grams);
      }
    }
    kept.sort(byScore);
    const least = kept.length === 0 ? 0 : kept[0]!.score * farthest;
    return kept.filter(({ score }, i) => i < most && score >= least).map(({ core }) => core);
  }

  private frequency(bucket: number): number {
    return this.of.buckets[bucket + 1]! - this.of.buckets[bucket]!;
  }
}

/** What shares so much less than the best is not worth comparing; and where the best is the key but for a slip of the hand. */
const FARTHEST = 0.4;
const FARTHEST_FROM_SLIP = 0.65;
/** So many grams change with one slip: two neighbours that change places stand in four. */
const SLIP = 4;
/** The most bytes of postings one question reads. */
const BUDGET = 60_000;
/** So many bytes are read without asking whether more is of use. */
const FREELY = 4_000;
/** How much rarer than one core in all something has to be, as a logarithm: letters stand together more often than by chance. */
const BEYOND_CHANCE = 4;

const byScore = (a: { core: number; score: number }, b: { core: number; score: number }): number =>
  b.score - a.score || a.core - b.core;
