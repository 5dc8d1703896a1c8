import { foldKey } from './fold.js';
import { distinct, hashKey, MOST_GRAMS, writeGrams } from './grams.js';
import { splitQualifier, unpackQualifier, type Qualifier } from './qualifier.js';
import { ALIAS_KINDS, type AliasKind } from './rows.js';
import { readSections, type Sections } from './sections.js';
import { KEY_KIND } from './sides.js';
import { CORE, findHash } from './tables.js';
import { readText } from './utf8.js';

/** One alias as it stands in a file. */
export interface StoredAlias {
  title: string;
  language: string;
  kind: AliasKind;
  weight: number;
  qualifier: Qualifier;
  core: number;
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

/** One flat file opened for reading: every question is answered from the bytes, nothing is unpacked beforehand. */
export class Segment {
  readonly works: number;
  readonly aliases: number;
  readonly cores: number;
  private readonly s: Sections;
  private readonly languages: string[];
  private readonly types: string[];
  /** For each core how much of the query it shares, in 1/16; zero between questions. */
  private readonly shared: Uint16Array;
  private touched = new Uint32Array(1 << 12);

  constructor(bytes: Uint8Array, { verify }: { verify: boolean }) {
    this.s = readSections(bytes, { verify });
    const words = JSON.parse(new TextDecoder().decode(this.s.words as Uint8Array)) as {
      languages: string[];
      types: string[];
    };
    this.languages = words.languages;
    this.types = words.types;
    this.works = this.s.workRoot.length;
    this.aliases = this.s.aliasWork.length;
    this.cores = this.s.coreGrams.length;
    this.shared = new Uint16Array(this.cores);
  }

  work(w: number): StoredWork {
    return {
      release_key: this.text('releaseKeys', 'releaseKeyEnds', w),
      root: this.text('roots', 'rootEnds', this.s.workRoot[w]!),
      type: this.types[this.s.workType[w]!] ?? '',
      year: this.s.workYear[w]!,
      season: this.s.workSeason[w]!,
      popularity: this.s.workPopularity[w]! / 255,
    };
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
    return {
      title: this.title(a),
      language: this.languages[this.s.aliasLanguage[a]!] ?? '',
      kind: ALIAS_KINDS[this.s.aliasKind[a]!] ?? 'synonym',
      weight: this.s.aliasWeight[a]! / 255,
      qualifier: unpackQualifier(this.s.aliasQualifier[a]!),
      core: this.s.aliasCore[a]!,
    };
  }

  title(a: number): string {
    return this.text('titles', 'titleEnds', a);
  }

  workOf(a: number): number {
    return this.s.aliasWork[a]!;
  }

  qualifierOf(a: number): Qualifier {
    return unpackQualifier(this.s.aliasQualifier[a]!);
  }

  /** The qualifier as it is packed; 0 for none. */
  qualifierBits(a: number): number {
    return this.s.aliasQualifier[a]!;
  }

  coreOf(a: number): number {
    return this.s.aliasCore[a]!;
  }

  /** The aliases of a work, as a half-open range; the first is the name it goes by. */
  aliasesOf(w: number): [number, number] {
    return [this.s.workFirstAlias[w]!, this.s.workFirstAlias[w + 1]!];
  }

  aliasesOfCore(c: number): Uint32Array {
    return (this.s.coreAliases as Uint32Array).subarray(this.s.coreFirst[c]!, this.s.coreFirst[c + 1]!);
  }

  /** The key of an alias without its season words. */
  coreKeyOf(a: number): string {
    const title = this.title(a);
    return this.s.aliasQualifier[a] === 0 ? foldKey(title) : splitQualifier(title).core;
  }

  coreKey(c: number): string {
    return this.coreKeyOf(this.s.coreAliases[this.s.coreFirst[c]!]!);
  }

  /** The aliases whose whole key is this one. */
  withKey(key: string): number[] {
    const found: number[] = [];
    this.each('keyHashes', 'keyAliases', hashKey(key, KEY_KIND.full), (a) => {
      if ((a & CORE) === 0 && foldKey(this.title(a)) === key) found.push(a);
    });
    const core = this.withCore(key);
    if (core !== -1) for (const a of this.aliasesOfCore(core)) if (foldKey(this.title(a)) === key) found.push(a);
    return found;
  }

  /** The core with this key, or -1. */
  withCore(key: string): number {
    let found = -1;
    this.each('keyHashes', 'keyAliases', hashKey(key, KEY_KIND.core), (value) => {
      if ((value & CORE) !== 0 && found === -1 && this.coreKey(value & ~CORE) === key) found = (value & ~CORE) >>> 0;
    });
    return found;
  }

  /** The aliases that have this side key (romanized, pinyin, initials), at most `most`. */
  withSide(key: string, kind: number, most: number): number[] {
    const found: number[] = [];
    this.each('sideHashes', 'sideAliases', hashKey(key, kind), (a) => {
      if (found.length < most) found.push(a);
    });
    return found;
  }

  /** The cores that begin with this key, at most `most`, shortest texts of the run first as they lie in order. */
  withPrefix(key: string, most: number): number[] {
    let low = 0;
    let high = this.cores;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.coreKey(middle) < key) low = middle + 1;
      else high = middle;
    }
    const found: number[] = [];
    for (let c = low; c < this.cores && found.length < most && this.coreKey(c).startsWith(key); c++) found.push(c);
    return found;
  }

  /** How rare a gram is here: the logarithm of one in how many cores has it. */
  rarity(gram: number): number {
    return Math.log2(1 + this.cores / (1 + this.frequency(gram)));
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
      const at = findHash(this.s.gramCodes as Uint32Array, grams[i]!);
      if (at === -1) continue;
      const size = this.s.gramEnds[at]! - (at === 0 ? 0 : this.s.gramEnds[at - 1]!);
      open.push({ at, size, weight: Math.log2(1 + this.cores / size) });
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

  private count(gram: number, weight: number, from: number): number {
    const postings = this.s.postings as Uint8Array;
    let at = gram === 0 ? 0 : this.s.gramEnds[gram - 1]!;
    const end = this.s.gramEnds[gram]!;
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
    const counts = this.s.coreGrams as Uint8Array;
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
    return kept.slice(0, most).map(({ core }) => core);
  }

  private frequency(gram: number): number {
    const at = findHash(this.s.gramCodes as Uint32Array, gram);
    return at === -1 ? 0 : this.s.gramEnds[at]! - (at === 0 ? 0 : this.s.gramEnds[at - 1]!);
  }

  private each(
    hashes: 'keyHashes' | 'sideHashes',
    values: 'keyAliases' | 'sideAliases',
    hash: number,
    see: (value: number) => void,
  ): void {
    const table = this.s[hashes] as Uint32Array;
    const first = findHash(table, hash);
    if (first === -1) return;
    for (let i = first; i < table.length && table[i] === hash; i++) see(this.s[values][i]!);
  }

  private text(
    heap: 'titles' | 'releaseKeys' | 'roots',
    ends: 'titleEnds' | 'releaseKeyEnds' | 'rootEnds',
    i: number,
  ): string {
    const marks = this.s[ends];
    return readText(this.s[heap] as Uint8Array, i === 0 ? 0 : marks[i - 1]!, marks[i]!);
  }
}

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
