import { foldKey } from './fold.js';
import { hashKey } from './grams.js';
import { splitQualifier, unpackQualifier, type Qualifier } from './qualifier.js';
import { ALIAS_KINDS, type AliasKind } from './rows.js';
import { readPacked } from './packed.js';
import {
  BROUGHT_BY_PLACE,
  readSections,
  SECTIONS_END,
  type Need,
  type Numbers,
  type SectionName,
  type Sections,
} from './sections.js';
import { KEY_KIND } from './sides.js';
import { Similar } from './similar.js';
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

/** What is looked through: a file and what lies over it, which hides works of the file. */
export interface Layers {
  segments: readonly Segment[];
  isHidden: (segment: Segment, work: number) => boolean;
}

/** One flat file opened for reading: every question is answered from the bytes, nothing is unpacked beforehand. */
export class Segment {
  /** Tells the segments of one index apart. */
  readonly id = opened++;
  readonly works: number;
  readonly aliases: number;
  private readonly s: Sections;
  private readonly languages: string[];
  private readonly types: string[];
  /** The lengths of the titles that are too long for a byte. */
  private readonly long = new Map<number, number>();
  private readonly coreWidth: number;
  private readonly keys: Buckets;
  private readonly sides: Buckets;
  private readonly grams: Similar;
  /** Brings what stands between two places of a section, when not all of the file is there. */
  private readonly need: ((part: Numbers, from: number, to: number) => void) | undefined;

  constructor(bytes: Uint8Array, { verify, need }: { verify: boolean; need?: Need | undefined }) {
    need?.(0, Math.min(SECTIONS_END, bytes.length));
    this.s = readSections(bytes, { verify });
    if (need) {
      this.need = (part, from, to) => {
        const start = part.byteOffset - bytes.byteOffset;
        need(start + from * part.BYTES_PER_ELEMENT, start + to * part.BYTES_PER_ELEMENT);
      };
      for (const [name, part] of Object.entries(this.s) as [SectionName, Numbers][])
        if (!BROUGHT_BY_PLACE.has(name)) this.need(part, 0, part.length);
    }
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
    const table = (firsts: SectionName, checks: SectionName, values: SectionName): Buckets => ({
      firsts: this.s[firsts] as Uint32Array,
      checks: this.s[checks] as Uint16Array,
      values: this.s[values] as Uint8Array,
      need: this.need,
    });
    this.keys = table('keyBuckets', 'keyChecks', 'keyValues');
    this.sides = table('sideBuckets', 'sideChecks', 'sideAliases');
    this.grams = new Similar({
      buckets: this.s.gramBuckets as Uint32Array,
      postings: this.s.postings as Uint8Array,
      counts: this.s.positionGrams as Uint8Array,
      need: this.need,
      keyOf: (core) => this.coreKey(core),
    });
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
    const to = from + this.lengthOf(a);
    this.need?.(this.s.titles, from, to);
    return readText(this.s.titles as Uint8Array, from, to);
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

  /** Whether so many aliases have this very core that it tells nothing. */
  isCommon(key: string): boolean {
    const core = this.withCore(key);
    let next = core + 1;
    while (core !== -1 && next <= core + MANY && next < this.aliases && this.continues(next)) next++;
    return core !== -1 && next > core + MANY;
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
    return this.grams.rarity(gram);
  }

  /** The cores that share most with a key, best first, at most `most`. */
  similar(key: string, most: number): number[] {
    return this.grams.find(key, most);
  }

  private text(heap: 'releaseKeys' | 'roots', ends: 'releaseKeyEnds' | 'rootEnds', i: number): string {
    const marks = this.s[ends];
    const [from, to] = [i === 0 ? 0 : marks[i - 1]!, marks[i]!];
    this.need?.(this.s[heap], from, to);
    return readText(this.s[heap] as Uint8Array, from, to);
  }
}

const MANY = 48;

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
