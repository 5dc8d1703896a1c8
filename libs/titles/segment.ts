import { foldKey } from './fold.js';
import { distinct, hashKey, MOST_GRAMS, writeGrams } from './grams.js';
import { splitQualifier, unpackQualifier, type Qualifier } from './qualifier.js';
import { ALIAS_KINDS, type AliasKind } from './rows.js';
import { readPacked } from './packed.js';
import { readSections, type SectionName, type Sections } from './sections.js';
import { KEY_KIND } from './sides.js';
import { BLOCK, eachOf, isCore, LONG, placeIn, type Buckets } from './tables.js';
import { readText } from './utf8.js';

/** One alias as it stands in a file. */
export interface StoredAlias {
  title: string;
  language: string;
  kind: AliasKind;
  weight: number;
  qualifier: Qualifier;
}

/** One work as it stands in a file, without its aliases. */
export interface StoredWork {
  release_key: string;
  root: string;
  type: string;
  year: number;
  season: number;
  popularity: number;
}

let opened = 0;

/** One flat file opened for reading: every question is answered from the bytes, nothing is unpacked beforehand. */
export class Segment {
  /** Tells the segments of one index apart. */
  readonly id = opened++;
  readonly works: number;
  readonly aliases: number;
  private readonly s: Sections;
  private readonly languages: string[];
  private readonly types: string[];
  /** For each core how much of the query it shares, in 1/16; zero between questions. */
  private readonly shared: Uint16Array;
  private touched = new Uint32Array(1 << 12);
  /** The lengths of the titles that are too long for a byte. */
  private readonly long = new Map<number, number>();
  private readonly coreWidth: number;
  private readonly keys: Buckets;
  private readonly sides: Buckets;
  /** What a gram's hash is shifted by to its bucket. */
  private readonly gramShift: number;

  constructor(bytes: Uint8Array, { verify }: { verify: boolean }) {
    this.s = readSections(bytes, { verify });
    const words = JSON.parse(new TextDecoder().decode(this.s.words as Uint8Array)) as {
      languages: string[];
      types: string[];
    };
    this.languages = words.languages;
    this.types = words.types;
    this.works = this.s.workRoot.length;
    this.aliases = this.s.titleLengths.length;
    this.coreWidth = this.aliases === 0 ? 0 : this.s.coreAliases.length / this.aliases;
    for (let i = 0; i < this.s.longTitles.length; i += 2)
      this.long.set(this.s.longTitles[i]!, this.s.longTitles[i + 1]!);
    this.shared = new Uint16Array(this.aliases);
    const table = (firsts: SectionName, checks: SectionName, values: SectionName): Buckets => ({
      firsts: this.s[firsts] as Uint32Array,
      checks: this.s[checks] as Uint16Array,
      values: this.s[values] as Uint8Array,
    });
    this.keys = table('keyBuckets', 'keyChecks', 'keyValues');
    this.sides = table('sideBuckets', 'sideChecks', 'sideAliases');
    this.gramShift = 1 + Math.clz32(this.s.gramBuckets.length - 1);
  }

  work(w: number): StoredWork {
    return {
      release_key: this.text('releaseKeys', 'releaseKeyEnds', w),
      root: this.rootName(w),
      ...this.factsOfWork(w),
    };
  }

  /** What stands in numbers about a work; nothing is decoded. */
  factsOfWork(w: number): { type: string; year: number; season: number; popularity: number } {
    return {
      type: this.types[this.s.workType[w]!] ?? '',
      year: this.s.workYear[w]!,
      season: this.s.workSeason[w]!,
      popularity: this.s.workPopularity[w]! / 255,
    };
  }

  rootName(w: number): string {
    return this.text('roots', 'rootEnds', this.s.workRoot[w]!);
  }

  rootOf(w: number): number {
    return this.s.workRoot[w]!;
  }

  /** The works that share a root. */
  family(root: number): Uint32Array {
    return (this.s.rootWorks as Uint32Array).subarray(this.s.rootFirst[root]!, this.s.rootFirst[root + 1]!);
  }

  /** The works that share the root of this name, of which there may be none. */
  familyNamed(root: string): number[] {
    const count = this.s.rootEnds.length;
    const found = placeOf(root, count, (middle) => this.text('roots', 'rootEnds', middle));
    return found === -1 ? [] : [...this.family(found)];
  }

  /** The work with this release_key, or -1. */
  find(releaseKey: string): number {
    return placeOf(releaseKey, this.works, (middle) => this.text('releaseKeys', 'releaseKeyEnds', middle));
  }

  alias(a: number): StoredAlias {
    const language = this.s.facts[this.s.aliasFact[a]! * 4 + 3]!;
    return {
      title: this.title(a),
      language: this.languages[language] ?? '',
      kind: this.kindOf(a),
      weight: this.weightOf(a),
      qualifier: this.qualifierOf(a),
    };
  }

  title(a: number): string {
    let from = this.s.titleStarts[Math.floor(a / BLOCK)]!;
    for (let i = a - (a % BLOCK); i < a; i++) from += this.lengthOf(i);
    return readText(this.s.titles as Uint8Array, from, from + this.lengthOf(a));
  }

  private lengthOf(a: number): number {
    const length = this.s.titleLengths[a]!;
    return length === LONG ? this.long.get(a)! : length;
  }

  /** The work an alias belongs to: the last one whose aliases do not begin behind it. */
  workOf(a: number): number {
    const first = this.s.workFirstAlias;
    let low = 0;
    let high = this.works - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (first[middle]! <= a) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  qualifierOf(a: number): Qualifier {
    return unpackQualifier(this.qualifierBits(a));
  }

  /** The qualifier as it is packed; 0 for none. */
  qualifierBits(a: number): number {
    return this.s.facts[this.s.aliasFact[a]! * 4]!;
  }

  weightOf(a: number): number {
    return this.s.facts[this.s.aliasFact[a]! * 4 + 1]! / 255;
  }

  kindOf(a: number): AliasKind {
    return ALIAS_KINDS[this.s.facts[this.s.aliasFact[a]! * 4 + 2]!] ?? 'synonym';
  }

  /** The aliases of a work, as a half-open range; the first is the name it goes by. */
  aliasesOf(w: number): [number, number] {
    return [this.s.workFirstAlias[w]!, this.s.workFirstAlias[w + 1]!];
  }

  /** The aliases of a core, which is known by the position of the first of them. */
  aliasesOfCore(core: number): number[] {
    const aliases = [this.aliasAt(core)];
    for (let next = core + 1; next < this.aliases && this.continues(next); next++) aliases.push(this.aliasAt(next));
    return aliases;
  }

  private aliasAt(position: number): number {
    return readPacked(this.s.coreAliases as Uint8Array, position, this.coreWidth);
  }

  private continues(position: number): boolean {
    return (this.s.coreContinues[position >> 3]! & (1 << (position & 7))) !== 0;
  }

  /** The key of an alias without its season words. */
  coreKeyOf(a: number): string {
    const title = this.title(a);
    return this.qualifierBits(a) === 0 ? foldKey(title) : splitQualifier(title).core;
  }

  coreKey(core: number): string {
    return this.coreKeyOf(this.aliasAt(core));
  }

  /** The aliases whose whole key is this one. */
  withKey(key: string): number[] {
    const found: number[] = [];
    eachOf(this.keys, hashKey(key, KEY_KIND.full), (value) => {
      if (!isCore(value) && foldKey(this.title(placeIn(value))) === key) found.push(placeIn(value));
    });
    const core = this.withCore(key);
    if (core !== -1) for (const a of this.aliasesOfCore(core)) if (foldKey(this.title(a)) === key) found.push(a);
    return found;
  }

  /** The core with this key, or -1. */
  withCore(key: string): number {
    let found = -1;
    eachOf(this.keys, hashKey(key, KEY_KIND.core), (value) => {
      if (isCore(value) && found === -1 && this.coreKey(placeIn(value)) === key) found = placeIn(value);
    });
    return found;
  }

  /** The aliases that have this side key (romanized, pinyin, initials), at most `most`. */
  withSide(key: string, kind: number, most: number): number[] {
    const found: number[] = [];
    eachOf(this.sides, hashKey(key, kind), (a) => {
      if (found.length < most) found.push(a);
    });
    return found;
  }

  /** The cores that begin with this key, at most `most`, shortest texts of the run first as they lie in order. */
  withPrefix(key: string, most: number): number[] {
    let low = 0;
    let high = this.aliases;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.coreKey(middle) < key) low = middle + 1;
      else high = middle;
    }
    const found: number[] = [];
    while (low < this.aliases && found.length < most && this.coreKey(low).startsWith(key)) {
      found.push(low++);
      while (low < this.aliases && this.continues(low)) low++;
    }
    return found;
  }

  /** How rare a gram is here: the logarithm of one in how many cores has it. */
  rarity(gram: number): number {
    return Math.log2(1 + this.aliases / (1 + this.frequency(gram >>> this.gramShift)));
  }

  /**
   * The cores that share most with a key, best first, at most `most`. Rare grams open candidates, frequent ones only add to them, and no
   * more than BUDGET postings are read, whatever the key: this bounds the time of a question.
   */
  similar(key: string, most: number): number[] {
    const grams = new Uint32Array(MOST_GRAMS);
    const count = distinct(grams, writeGrams(key, grams));
    const open: { at: number; size: number; weight: number }[] = [];
    for (let i = 0; i < count; i++) {
      const at = grams[i]! >>> this.gramShift;
      const size = this.frequency(at);
      if (size > 0) open.push({ at, size, weight: Math.log2(1 + this.aliases / size) });
    }
    open.sort((a, b) => a.size - b.size);
    let read = 0;
    let touched = 0;
    for (const { at, size, weight } of open) {
      if (read > 0 && read + size > BUDGET) break;
      read += size;
      touched = this.count(at, Math.round(weight * 16), touched);
    }
    const best = this.best(touched, { most, grams: count });
    for (let i = 0; i < touched; i++) this.shared[this.touched[i]!] = 0;
    return best;
  }

  private count(bucket: number, weight: number, from: number): number {
    const postings = this.s.postings as Uint8Array;
    let at = this.s.gramBuckets[bucket]!;
    const end = this.s.gramBuckets[bucket + 1]!;
    let core = 0;
    let touched = from;
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
      if (this.shared[core] === 0) {
        if (touched === this.touched.length) {
          const more = new Uint32Array(touched * 2);
          more.set(this.touched);
          this.touched = more;
        }
        this.touched[touched++] = core;
      }
      this.shared[core]! += weight;
    }
    return touched;
  }

  private best(touched: number, { most, grams }: { most: number; grams: number }): number[] {
    const counts = this.s.positionGrams as Uint8Array;
    const kept: { core: number; score: number }[] = [];
    let floor = 0;
    for (let i = 0; i < touched; i++) {
      const core = this.touched[i]!;
      const score = this.shared[core]! / (4 + 0.6 * counts[core]! + 0.4 * grams);
      if (score <= floor) continue;
      kept.push({ core, score });
      if (kept.length >= most * 4) {
        kept.sort(byScore);
        kept.length = most;
        floor = kept[most - 1]!.score;
      }
    }
    kept.sort(byScore);
    const least = kept.length === 0 ? 0 : kept[0]!.score * FARTHEST;
    return kept.filter(({ score }, i) => i < most && score >= least).map(({ core }) => core);
  }

  private frequency(bucket: number): number {
    return this.s.gramBuckets[bucket + 1]! - this.s.gramBuckets[bucket]!;
  }

  private text(heap: 'releaseKeys' | 'roots', ends: 'releaseKeyEnds' | 'rootEnds', i: number): string {
    const marks = this.s[ends];
    return readText(this.s[heap] as Uint8Array, i === 0 ? 0 : marks[i - 1]!, marks[i]!);
  }
}

/** What shares so much less than the best is not worth comparing. */
const FARTHEST = 0.4;

/** The most bytes of postings one question reads. */
const BUDGET = 60_000;

const byScore = (a: { core: number; score: number }, b: { core: number; score: number }): number =>
  b.score - a.score || a.core - b.core;

/** Where a text stands among so many in order, or -1. */
function placeOf(text: string, count: number, at: (place: number) => string): number {
  let low = 0;
  let high = count - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const other = at(middle);
    if (other === text) return middle;
    if (other < text) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
