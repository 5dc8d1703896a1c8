import { AppError } from '#libs/errors/app-error';
import { distinct, hashKey, MOST_GRAMS, writeGrams } from './grams.js';
import { pack } from './packed.js';
import { unpackQualifier } from './qualifier.js';
import { ALIAS_KINDS, type AliasRow, type WorkRow } from './rows.js';
import { seasonsOf } from './seasons-of.js';
import { writeSections, type Sections } from './sections.js';
import { KEY_KIND } from './sides.js';
import { HashTable, ofCore, sortedByHash, TextHeap } from './tables.js';
import { TitleKeys } from './title-keys.js';

/**
 * Makes the one flat file that answers for these works. The same works in any order make the same bytes; two rows with one
 * release_key, or a work without a title, are `invalid`. Titles whose key is empty are kept for show and found by nothing.
 */
export function buildTitleIndex(rows: Iterable<WorkRow>): Uint8Array {
  const builder = new TitleIndexBuilder();
  for (const row of rows) builder.add(row);
  return builder.build();
}

/** The same for works that come one by one: most of the work is done when they come. */
export class TitleIndexBuilder {
  private readonly works: Keyed[] = [];
  private readonly keys = new TitleKeys();

  add(row: WorkRow): void {
    const aliases = [...row.aliases].sort(inOrder);
    this.works.push({ row, aliases, first: this.keys.count });
    for (const { title } of aliases) this.keys.add(title);
  }

  build(): Uint8Array {
    const works = [...this.works].sort((a, b) => compare(a.row.release_key, b.row.release_key));
    return written(works, this.keys);
  }
}

/** A work with its aliases in order, and the number of the first one's title among the keys. */
interface Keyed {
  row: WorkRow;
  aliases: readonly AliasRow[];
  first: number;
}

function written(all: readonly Keyed[], titleKeys: TitleKeys): Uint8Array {
  const works = all.map(({ row }) => row);
  works.forEach((work, i) => check(work, works[i - 1]));
  const { languages, types, roots } = vocabularyOf(works);

  const releaseKeys = new TextHeap();
  const titles = new TextHeap();
  const work = {
    root: new Uint32Array(works.length),
    type: new Uint8Array(works.length),
    year: new Uint16Array(works.length),
    season: new Uint8Array(works.length),
    popularity: new Uint8Array(works.length),
    firstAlias: new Uint32Array(works.length + 1),
  };
  const { count } = titleKeys;
  const alias = {
    qualifier: new Uint16Array(count),
    weight: new Uint8Array(count),
    kind: new Uint8Array(count),
    language: new Uint8Array(count),
  };
  const cores: string[] = new Array<string>(count);
  const keys = new HashTable();
  const sides = new HashTable();

  const seasons = seasonsOf(works, (w) =>
    all[w]!.aliases.map((_, i) => unpackQualifier(titleKeys.qualifiers[all[w]!.first + i]!)),
  );
  let a = 0;
  all.forEach(({ row, aliases, first }, w) => {
    releaseKeys.add(row.release_key);
    work.root[w] = roots.get(row.root ?? row.release_key)!;
    work.type[w] = types.get(row.type ?? '')!;
    work.year[w] = clamp(row.year ?? 0, 0xffff);
    work.season[w] = clamp(seasons[w]!, 255);
    work.popularity[w] = Math.round(clamp(row.popularity ?? 0, 1) * 255);
    work.firstAlias[w] = a;
    aliases.forEach((name, i) => {
      titles.add(name.title);
      alias.qualifier[a] = titleKeys.qualifiers[first + i]!;
      alias.weight[a] = Math.round(clamp(name.weight ?? 1, 1) * 255);
      alias.kind[a] = kindOf(name);
      alias.language[a] = languages.get(name.language ?? '')!;
      cores[a] = titleKeys.cores[first + i]!;
      titleKeys.enter({ keys, sides }, first + i, a);
      a++;
    });
  });
  work.firstAlias[works.length] = a;

  const grouped = groupCores(cores);
  for (const position of grouped.positions) {
    const key = cores[grouped.aliases[position]!]!;
    if (key !== '') keys.add(hashKey(key, KEY_KIND.core), ofCore(position));
  }
  const grams = postingsOf(cores, grouped);
  const facts = factsOf(alias);
  const blocks = titles.blocks();
  const families = familiesOf(work.root, roots.size);
  const keyTable = keys.buckets();
  const sideTable = sides.buckets();
  const rootHeap = new TextHeap();
  for (const root of roots.keys()) rootHeap.add(root);
  const sections: Sections = {
    releaseKeys: releaseKeys.bytes(),
    releaseKeyEnds: releaseKeys.ends(),
    workRoot: work.root,
    workType: work.type,
    workYear: work.year,
    workSeason: work.season,
    workPopularity: work.popularity,
    workFirstAlias: work.firstAlias,
    roots: rootHeap.bytes(),
    rootEnds: rootHeap.ends(),
    titles: titles.bytes(),
    titleStarts: blocks.starts,
    titleLengths: blocks.lengths,
    longTitles: blocks.long,
    aliasFact: facts.of,
    facts: facts.table,
    coreAliases: pack(grouped.aliases),
    coreContinues: grouped.continues,
    positionGrams: grams.counts,
    keyBuckets: keyTable.firsts,
    keyChecks: keyTable.checks,
    keyValues: keyTable.values,
    sideBuckets: sideTable.firsts,
    sideChecks: sideTable.checks,
    sideAliases: sideTable.values,
    gramBuckets: grams.buckets,
    postings: grams.postings,
    rootFirst: families.first,
    rootWorks: families.works,
    words: new TextEncoder().encode(JSON.stringify({ languages: [...languages.keys()], types: [...types.keys()] })),
  };
  return writeSections(sections);
}

function check(work: WorkRow, before: WorkRow | undefined): void {
  if (work.release_key === before?.release_key) {
    throw new AppError(
      'invalid',
      `Two rows have the release_key ${work.release_key}. Give every work once, with all its aliases.`,
    );
  }
  if (work.aliases.length === 0)
    throw new AppError('invalid', `The work ${work.release_key} has no title. Give it one, or leave it out.`);
}

function vocabularyOf(works: readonly WorkRow[]) {
  const languages = new Set<string>(['']);
  const types = new Set<string>(['']);
  const roots = new Set<string>();
  for (const work of works) {
    types.add(work.type ?? '');
    roots.add(work.root ?? work.release_key);
    for (const alias of work.aliases) languages.add(alias.language ?? '');
  }
  const numbered = (words: Set<string>): Map<string, number> =>
    new Map([...words].sort(compare).map((word, i) => [word, i]));
  const all = { languages: numbered(languages), types: numbered(types), roots: numbered(roots) };
  if (all.languages.size > 256 || all.types.size > 256) {
    throw new AppError('invalid', 'A title index holds at most 255 languages and 255 types of works.');
  }
  return all;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const clamp = (value: number, most: number): number => Math.min(Math.max(value, 0), most);
const kindOf = (alias: AliasRow): number => Math.max(ALIAS_KINDS.indexOf(alias.kind ?? 'synonym'), 0);

/** The name it goes by first; then by trust; then by text, so that the order of the rows does not matter. */
const inOrder = (a: AliasRow, b: AliasRow): number =>
  kindOf(a) - kindOf(b) ||
  (b.weight ?? 1) - (a.weight ?? 1) ||
  compare(a.title, b.title) ||
  compare(a.language ?? '', b.language ?? '');

/** The works of each root, ascending: the range of root r is first[r] to first[r + 1]. */
function familiesOf(roots: Uint32Array, count: number) {
  const first = new Uint32Array(count + 1);
  for (const root of roots) first[root + 1]!++;
  for (let r = 0; r < count; r++) first[r + 1]! += first[r]!;
  const places = first.slice();
  const works = new Uint32Array(roots.length);
  roots.forEach((root, w) => (works[places[root]!++] = w));
  return { first, works };
}

/**
 * The aliases in the order of the text of their cores, so that a prefix is a run. A core is known by the position of its first alias; a
 * bit says of every position whether it goes on with the core before it.
 */
function groupCores(cores: readonly string[]) {
  const aliases = new Uint32Array(cores.length).map((_, i) => i);
  aliases.sort((a, b) => compare(cores[a]!, cores[b]!) || a - b);
  const continues = new Uint8Array((cores.length >> 3) + 1);
  const positions: number[] = [];
  aliases.forEach((a, i) => {
    if (i > 0 && cores[a] === cores[aliases[i - 1]!]) continues[i >> 3]! |= 1 << (i & 7);
    else positions.push(i);
  });
  return { aliases, continues, positions };
}

/** What is said of aliases beside their titles, each different saying once: qualifier, weight, kind and language in four numbers. */
function factsOf({
  qualifier,
  weight,
  kind,
  language,
}: Record<'qualifier' | 'weight' | 'kind' | 'language', Uint16Array | Uint8Array>) {
  const known = new Map<number, number>();
  const table: number[] = [];
  const of = new Uint32Array(qualifier.length);
  qualifier.forEach((bits, a) => {
    const fact = ((bits * 256 + weight[a]!) * 8 + kind[a]!) * 256 + language[a]!;
    let number = known.get(fact);
    if (number === undefined) {
      number = known.size;
      known.set(fact, number);
      table.push(bits, weight[a]!, kind[a]!, language[a]!);
    }
    of[a] = number;
  });
  return { of: known.size <= 0x10000 ? Uint16Array.from(of) : of, table: Uint16Array.from(table) };
}

/**
 * For every bucket of grams the cores they stand in, ascending, as differences of 7 bits a byte. Some two or three rare grams share a
 * bucket: what they wrongly bring along is seen when titles are compared, and no gram has to be looked for.
 */
function postingsOf(
  cores: readonly string[],
  { aliases, positions }: { aliases: Uint32Array; positions: readonly number[] },
) {
  const buffer = new Uint32Array(MOST_GRAMS);
  const counts = new Uint8Array(aliases.length);
  let total = 0;
  for (const position of positions) {
    counts[position] = distinct(buffer, writeGrams(cores[aliases[position]!]!, buffer));
    total += counts[position];
  }
  const codes = new Uint32Array(total);
  const owners = new Uint32Array(total);
  let at = 0;
  for (const position of positions) {
    const count = distinct(buffer, writeGrams(cores[aliases[position]!]!, buffer));
    for (let i = 0; i < count; i++) {
      codes[at] = buffer[i]!;
      owners[at++] = position;
    }
  }
  const sorted = sortedByHash(codes, owners);
  let different = 0;
  sorted.hashes.forEach((code, i) => (different += i === 0 || code !== sorted.hashes[i - 1] ? 1 : 0));
  const bits = Math.max(
    1,
    Math.ceil(Math.log2(Math.max(different < MANY ? different * 2 : different / GRAMS_A_BUCKET, 1))),
  );
  const buckets = new Uint32Array((1 << bits) + 1);
  let bytes = new Uint8Array(total * 2 + 16);
  let end = 0;
  let i = 0;
  for (let bucket = 0; bucket < 1 << bits; bucket++) {
    buckets[bucket] = end;
    const from = i;
    while (i < total && sorted.hashes[i]! >>> (32 - bits) === bucket) i++;
    const here = sorted.values.slice(from, i).sort();
    if (end + 5 * here.length > bytes.length) {
      const more = new Uint8Array(bytes.length * 2 + 5 * here.length);
      more.set(bytes);
      bytes = more;
    }
    let last = 0;
    here.forEach((core, n) => {
      if (n > 0 && core === last) return;
      let step = core - last;
      last = core;
      while (step > 0x7f) {
        bytes[end++] = (step & 0x7f) | 0x80;
        step >>>= 7;
      }
      bytes[end++] = step;
    });
  }
  buckets[1 << bits] = end;
  return { counts, buckets, postings: bytes.slice(0, end) };
}

/** In a large index at most this many different grams share a bucket in the mean; a small one can afford a bucket for each. */
const GRAMS_A_BUCKET = 6;
const MANY = 400_000;
