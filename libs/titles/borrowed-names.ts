import { isLatin } from './scripts.js';
import type { Query } from './query.js';
import type { Layers, Segment } from './segment.js';

/** One alias, where it stands, and whether the query says more than the name that its works share. */
export interface Borrowed {
  segment: Segment;
  alias: number;
  goesOn: boolean;
}

/**
 * What a query calls by another name of what it begins with: who knows 弱虫ペダル as 弱蟲腳踏板 calls 弱虫ペダル Re:RIDE 弱蟲腳踏板 Re:RIDE, though it
 * is listed by no such name. Sister works need not share a root for it.
 */
export function borrowedNames(query: Query, layers: Layers): Borrowed[] {
  const { core, qualifier } = query;
  const found = new Map<string, Borrowed>();
  const isQualified = qualifier.season > 1 || qualifier.part > 0 || qualifier.form !== '';
  const ofWords = endsOfWords(query);
  for (const end of endsOf(core, ofWords)) {
    if (end === core.length && !isQualified) continue;
    const front = core.slice(0, end);
    const rest = core.slice(end);
    const names = otherNames(front, layers);
    if (ofWords.has(end) && end < core.length && end >= LEAST_STEM) addStems(names, front, layers);
    for (const name of names)
      for (const segment of layers.segments) {
        const position = segment.withCore(name + rest);
        if (position === -1) continue;
        for (const alias of namesAmong(segment.aliasesOfCore(position), { segment, layers }))
          found.set(`${segment.id} ${alias}`, { segment, alias, goesOn: rest !== '' });
      }
  }
  return [...found.values()];
}

/** Where a name may end in a query: behind every letter of a wide script, and behind words of others. */
function endsOf(core: string, ofWords: ReadonlySet<number>): number[] {
  const ends: number[] = [];
  for (let end = LEAST; end <= Math.min(core.length, FARTHEST); end++) {
    const isInWord = end < core.length && isLatin(core.charCodeAt(end - 1)) && isLatin(core.charCodeAt(end));
    if (!isInWord || ofWords.has(end)) ends.push(end);
  }
  return ends;
}

/** Where the words of a query end, as long as they stand before its season words. */
function endsOfWords({ words }: Query): Set<number> {
  const ends = new Set<number>();
  let length = 0;
  for (const word of words.split(' ', MOST_WORDS)) ends.add((length += word.length));
  return ends;
}
/** Names of series seldom have more words. */
const MOST_WORDS = 8;
/** One letter is no name; and no series is called by more than so many. */
const LEAST = 2;
const FARTHEST = 64;

/** What the works of this very name are called besides; nothing for a name that very many have. */
function otherNames(name: string, layers: Layers): Set<string> {
  const names = new Set<string>();
  for (const segment of layers.segments) {
    const position = segment.withCore(name);
    if (position === -1 || segment.isCommon(name)) continue;
    for (const alias of namesAmong(segment.aliasesOfCore(position), { segment, layers }))
      for (const other of besides(alias, segment))
        if (segment.qualifierBits(other) === segment.qualifierBits(alias)) names.add(segment.coreKeyOf(other));
  }
  names.delete(name);
  for (const other of names) if (other.length < LEAST) names.delete(other);
  return names;
}

/** What stands for the beginning of a name in other names of the same work that end alike: 攻殻機動隊 for Ghost in the Shell, both before SAC_2045. */
function addStems(names: Set<string>, front: string, layers: Layers): void {
  for (const segment of layers.segments)
    for (const position of segment.withPrefix(front, MOST_STEMS))
      for (const alias of namesAmong(segment.aliasesOfCore(position), { segment, layers })) {
        const tail = segment.coreKeyOf(alias).slice(front.length);
        if (tail.length < LEAST_TAIL) continue;
        for (const other of besides(alias, segment)) {
          const name = segment.coreKeyOf(other);
          if (name.endsWith(tail) && name.length >= tail.length + LEAST) names.add(name.slice(0, -tail.length));
        }
      }
  names.delete(front);
}
const LEAST_STEM = 4;
const LEAST_TAIL = 2;
const MOST_STEMS = 8;

/** Those of the first of some aliases that are names of works which are answered. */
const namesAmong = (aliases: readonly number[], { segment, layers }: { segment: Segment; layers: Layers }): number[] =>
  aliases
    .slice(0, MOST)
    .filter((alias) => segment.kindOf(alias) !== 'reading' && !layers.isHidden(segment, segment.workOf(alias)));

/** The names, itself among them, of the work that an alias names. */
function besides(alias: number, segment: Segment): number[] {
  const [first, last] = segment.aliasesOf(segment.workOf(alias));
  return Array.from({ length: Math.min(last - first, MOST) }, (_, i) => first + i).filter(
    (other) => segment.kindOf(other) !== 'reading',
  );
}
const MOST = 12;
