import { AppError } from '#libs/errors/app-error';
import { foldKey, foldWords } from './fold.js';
import { distinct, hashKey, MOST_GRAMS, writeGrams } from './grams.js';
import { pinyinOf } from './pinyin.js';
import { packQualifier, splitQualifier } from './qualifier.js';
import { ALIAS_KINDS, type AliasRow, type WorkRow } from './rows.js';
import { writeSections, type Sections } from './sections.js';
import { KEY_KIND, looseKey } from './sides.js';
import { soundKey } from './sounds.js';
import { CORE, HashTable, TextHeap, sortedByHash } from './tables.js';

/**
 * Makes the one flat file that answers for these works. The same works in any order make the same bytes; two rows with one
 * release_key, or a work without a title, are `invalid`. Titles whose key is empty are kept for show and found by nothing.
 */
export function buildTitleIndex(rows: Iterable<WorkRow>): Uint8Array {
  const works = [...rows].sort((a, b) => compare(a.release_key, b.release_key));
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
  const count = works.reduce((sum, { aliases }) => sum + aliases.length, 0);
  const alias = {
    work: new Uint32Array(count),
    core: new Uint32Array(count),
    qualifier: new Uint16Array(count),
    weight: new Uint8Array(count),
    kind: new Uint8Array(count),
    language: new Uint8Array(count),
  };
  const cores: string[] = new Array<string>(count);
  const keys = new HashTable();
  const sides = new HashTable();

  let a = 0;
  works.forEach((row, w) => {
    releaseKeys.add(row.release_key);
    work.root[w] = roots.get(row.root ?? row.release_key)!;
    work.type[w] = types.get(row.type ?? '')!;
    work.year[w] = clamp(row.year ?? 0, 0xffff);
    work.season[w] = clamp(row.season ?? seasonSaid(row.aliases), 255);
    work.popularity[w] = Math.round(clamp(row.popularity ?? 0, 1) * 255);
    work.firstAlias[w] = a;
    for (const name of [...row.aliases].sort(inOrder)) {
      titles.add(name.title);
      const full = foldKey(name.title);
      const { core, qualifier } = splitQualifier(name.title);
      alias.work[a] = w;
      alias.qualifier[a] = packQualifier(qualifier);
      alias.weight[a] = Math.round(clamp(name.weight ?? 1, 1) * 255);
      alias.kind[a] = kindOf(name);
      alias.language[a] = languages.get(name.language ?? '')!;
      cores[a] = core;
      if (full !== core) keys.add(hashKey(full, KEY_KIND.full), a);
      addSides(sides, { title: name.title, core, full, alias: a });
      a++;
    }
  });
  work.firstAlias[works.length] = a;

  const grouped = groupCores(cores, alias.core);
  for (let c = 0; c < grouped.first.length - 1; c++) {
    const key = grouped.keys[c]!;
    if (key !== '') keys.add(hashKey(key, KEY_KIND.core), c | CORE);
  }
  const grams = postingsOf(grouped.keys);
  const families = familiesOf(work.root, roots.size);
  const keyTable = keys.sorted();
  const sideTable = sides.sorted();
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
    titleEnds: titles.ends(),
    aliasWork: alias.work,
    aliasCore: alias.core,
    aliasQualifier: alias.qualifier,
    aliasWeight: alias.weight,
    aliasKind: alias.kind,
    aliasLanguage: alias.language,
    coreFirst: grouped.first,
    coreAliases: grouped.aliases,
    coreGrams: grams.counts,
    keyHashes: keyTable.hashes,
    keyAliases: keyTable.values,
    sideHashes: sideTable.hashes,
    sideAliases: sideTable.values,
    gramCodes: grams.codes,
    gramEnds: grams.ends,
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

function addSides(
  sides: HashTable,
  { title, core, full, alias }: { title: string; core: string; full: string; alias: number },
): void {
  if (full === '') return;
  const words = foldWords(title);
  const loose = looseKey(words);
  if (loose !== '' && loose !== full) sides.add(hashKey(loose, KEY_KIND.loose), alias);
  const sound = soundKey(words);
  if (sound !== '') sides.add(hashKey(sound, KEY_KIND.sound), alias);
  for (const reading of [...pinyinOf(full), ...(core === full ? [] : pinyinOf(core))]) {
    sides.add(hashKey(reading.full, KEY_KIND.pinyin), alias);
    if (reading.initials.length > 1) sides.add(hashKey(reading.initials, KEY_KIND.initials), alias);
  }
}

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

/** The season its aliases agree on, where nobody says it; 0 when they say nothing, or different things. */
function seasonSaid(aliases: readonly AliasRow[]): number {
  let said = 0;
  for (const { title } of aliases) {
    const { season, weak } = splitQualifier(title).qualifier;
    if (season === 0 || weak) continue;
    if (said !== 0 && said !== season) return 0;
    said = season;
  }
  return said;
}

/** Numbers the distinct cores in the order of their text, so that a prefix is a run, and lists the aliases of each. */
function groupCores(cores: readonly string[], coreOf: Uint32Array) {
  const order = new Uint32Array(cores.length).map((_, i) => i);
  order.sort((a, b) => compare(cores[a]!, cores[b]!) || a - b);
  const keys: string[] = [];
  const first: number[] = [];
  order.forEach((a, i) => {
    if (i === 0 || cores[a] !== cores[order[i - 1]!]) {
      keys.push(cores[a]!);
      first.push(i);
    }
    coreOf[a] = keys.length - 1;
  });
  first.push(cores.length);
  return { keys, first: Uint32Array.from(first), aliases: order };
}

/** For every gram the cores it stands in, ascending, as differences of 7 bits a byte. */
function postingsOf(cores: readonly string[]) {
  const buffer = new Uint32Array(MOST_GRAMS);
  const counts = new Uint8Array(cores.length);
  let total = 0;
  cores.forEach((core, c) => {
    counts[c] = distinct(buffer, writeGrams(core, buffer));
    total += counts[c]!;
  });
  const codes = new Uint32Array(total);
  const owners = new Uint32Array(total);
  let at = 0;
  cores.forEach((core, c) => {
    const count = distinct(buffer, writeGrams(core, buffer));
    for (let i = 0; i < count; i++) {
      codes[at] = buffer[i]!;
      owners[at++] = c;
    }
  });
  const sorted = sortedByHash(codes, owners);
  const gramCodes: number[] = [];
  const gramEnds: number[] = [];
  let bytes = new Uint8Array(total * 2 + 16);
  let end = 0;
  let last = 0;
  for (let i = 0; i < total; i++) {
    if (i === 0 || sorted.hashes[i] !== sorted.hashes[i - 1]) {
      if (i > 0) gramEnds.push(end);
      gramCodes.push(sorted.hashes[i]!);
      last = 0;
    }
    if (end + 8 > bytes.length) {
      const more = new Uint8Array(bytes.length * 2);
      more.set(bytes);
      bytes = more;
    }
    let step = sorted.values[i]! - last;
    last = sorted.values[i]!;
    while (step > 0x7f) {
      bytes[end++] = (step & 0x7f) | 0x80;
      step >>>= 7;
    }
    bytes[end++] = step;
  }
  if (total > 0) gramEnds.push(end);
  return {
    counts,
    codes: Uint32Array.from(gramCodes),
    ends: Uint32Array.from(gramEnds),
    postings: bytes.slice(0, end),
  };
}
