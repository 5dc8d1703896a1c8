import { likeness } from './distance.js';
import type { Evidence } from './evidence.js';
import { F } from './features.js';
import { foldWords } from './fold.js';
import type { Query } from './query.js';
import { isKana, isLatin, scriptOf } from './scripts.js';
import { looseKey } from './sides.js';

/**
 * What a sister would be called by the name that was found: when one is called シャドウバース and 影之诗, and its sister シャドウバースF, then
 * 影之诗F is the sister too; and when 未婚关系～缘～ is 藍より青し～縁～, then 未婚关系 is 藍より青し. And whose name it is when a query says less than
 * all that is known, or more: the family's first, or the one without a name of its own.
 */
export function addCompositions(family: readonly Evidence[], { base, query }: { base: Evidence; query: Query }): void {
  const { segment } = base;
  const extra = query.core.startsWith(base.core)
    ? query.core.slice(base.core.length)
    : latinTail(query.core, base.core);
  const missing = base.core.startsWith(query.core) ? base.core.slice(query.core.length) : '';
  const front = query.core.endsWith(base.core) ? query.core.slice(0, -base.core.length) : '';
  const names = namesOf(base);
  const goesOnFromAnother = [...names].some((name) => name !== base.core && base.core.startsWith(name));
  const { season, part, form } = query.qualifier;
  const plain = season <= 1 && part === 0 && form === '';
  const named = family.filter(({ core, alias, segment: of }) => core === query.core && of.qualifierBits(alias) === 0);
  const shared = named.length > 1 && named.every((one) => one.segment.factsOfWork(one.work).season > 1);
  const less =
    plain &&
    !family.some(
      (one) => isFirstSeason(one) && one.core.length > 1 && one.core !== query.core && query.core.startsWith(one.core),
    ) &&
    (shared ||
      (named.length === 0 &&
        !isOwnName(base, query) &&
        (base.core === query.core ? segment.qualifierBits(base.alias) !== 0 : missing !== '')));
  for (const evidence of family) {
    const { features, core } = evidence;
    if (less && evidence.segment.factsOfWork(evidence.work).season === 1) {
      features[F.trunk] = 1;
      if (shared) takeOver(features, base.features);
    }
    if (extra !== '' && endsWith(core, extra)) features[F.tail] = 1;
    if (extra.length > 1 && core.length > query.core.length && core.startsWith(query.core)) features[F.goes_on] = 1;
    if (front !== '' && core.startsWith(front) && !base.core.startsWith(front)) features[F.front] = 1;
    if (evidence.work === base.work) continue;
    if (
      extra.length > 1 &&
      core.length > 1 &&
      names.has(core) &&
      evidence.segment.qualifierOf(evidence.alias).form === 'special'
    )
      features[F.bare] = 1;
    if (missing !== '') {
      for (const name of names) {
        if (core.length < 2 || name.length <= core.length || !name.startsWith(core)) continue;
        const same = name.slice(core.length) === missing;
        compose(features, same ? 1 : 0.9);
        features[F.composed] = Math.min(1, features[F.composed]!);
        if (same) features[F.tail] = 1;
      }
      continue;
    }
    let longest = '';
    for (const name of names) if (name.length > longest.length && core.startsWith(name)) longest = name;
    if (
      longest !== '' &&
      !goesOnFromAnother &&
      !(season <= 1 && evidence.segment.qualifierOf(evidence.alias).season > 1)
    )
      compose(features, likeness(query.core, base.core + core.slice(longest.length)));
  }
}

/** Whether a title ends with a name that is no small part of it, and no part of a word: 重返17歲 of ReLIFE 重返17歲, but not Wolf of Werewolf. */
export function isSecondName(name: string, { core, segment, alias }: Evidence): boolean {
  const start = core.length - name.length;
  return (
    name.length >= LEAST_SECOND &&
    core.length <= name.length * 2.5 &&
    start > 0 &&
    core.endsWith(name) &&
    (scriptOf(core[start - 1]!) !== scriptOf(name[0]!) || beginsAtWord(name, segment.title(alias)))
  );
}
const LEAST_SECOND = 4;

/** Whether the letters of a name begin with a word of a title. */
function beginsAtWord(name: string, title: string): boolean {
  const words = foldWords(title).split(' ');
  return words.some((_, i) => i > 0 && words.slice(i).join('').startsWith(name));
}

/** Whether an extra goes by what is asked but for the word that says it is one: 咲日和 of 咲日和 OAD, whose show has another name. */
export function isOwnName({ segment, work, core }: Evidence, { core: asked, qualifier }: Query): boolean {
  const [main] = segment.aliasesOf(work);
  if (core !== asked || qualifier.season > 1 || qualifier.part > 0 || segment.coreKeyOf(main) !== asked) return false;
  const { season, part, form } = segment.qualifierOf(main);
  return season === 0 && part === 0 && form !== '';
}

const isFirstSeason = ({ segment, work }: Evidence): boolean => segment.factsOfWork(work).season === 1;

/** Latin letters behind a wide name that the name found has not: TRY of 鋼彈創鬥者TRY. */
export function latinTail(asked: string, known: string): string {
  const tail = /(?<=[^ -~])[a-z]+$/.exec(asked)?.[0] ?? '';
  return known.endsWith(tail) ? '' : tail;
}

/** Whether a name ends with these letters, as they stand or as kana spell them: ♪レ is Re. */
function endsWith(core: string, extra: string): boolean {
  if (core.endsWith(extra)) return true;
  if (extra.length < 2 || !isLatin(extra.charCodeAt(0)) || !isKana(core.charCodeAt(core.length - 1))) return false;
  return looseKey(core.slice(-extra.length)).endsWith(looseKey(extra) || extra);
}

/** What a work is called, without seasons; one letter is no name. */
function namesOf({ segment, work }: Evidence): Set<string> {
  const [first, last] = segment.aliasesOf(work);
  const names = new Set<string>();
  for (let alias = first; alias < Math.min(last, first + MOST_NAMES); alias++) {
    const core = segment.coreKeyOf(alias);
    if (core.length > 1) names.add(core);
  }
  return names;
}

/** A name that several later works of a family bear, and not the first, is the first one's as well. */
function takeOver(features: Float64Array, from: Float64Array): void {
  for (const feature of [F.exact, F.verbatim, F.loose, F.heard, F.one_edit, ...LETTERS])
    features[feature] = Math.max(features[feature]!, from[feature]!);
}

/** A composed name counts as if it stood in the index. */
export function compose(features: Float64Array, alike: number): void {
  if (alike <= features[F.likeness]!) return;
  features[F.composed] = Math.max(features[F.composed]!, alike === 1 ? SURELY : alike);
  if (alike < LIKE) return;
  for (const feature of LETTERS) features[feature] = Math.max(features[feature]!, alike);
  if (alike === 1) features[F.one_edit] = 1;
}

/** From here on a composed name is taken for one; and what is said of its letters. */
const LIKE = 0.8;
const LETTERS = [F.likeness, F.likeness_full, F.shared_of_query, F.shared_of_alias, F.shared_both, F.union];

/** How many names of one work are looked at for what its sisters' names have in common with them. */
const MOST_NAMES = 12;
/** A composed name that is the query to the letter counts for more than one that is like it. */
const SURELY = 3;
