import { likeness } from './distance.js';
import { F, FEATURES, isNumberOfName, type Evidence, type Feature } from './evidence.js';
import { FINAL_SEASON } from './qualifier.js';
import type { Query } from './query.js';
import { isKana, isLatin } from './scripts.js';
import { looseKey } from './sides.js';

/** One work with the best evidence for it. */
export interface Ranked {
  evidence: Evidence;
  /** The weighted sum of the features; only differences mean something. */
  score: number;
  /** How likely this is the work that was meant. */
  probability: number;
  /** How likely the work that was meant shares this one's root. */
  root_probability: number;
}

/** What each feature is worth: fitted by scripts outside of the product on titles whose work is known. */
export const WEIGHTS: Record<Feature, number> = {
  exact: 2.08,
  verbatim: 0.8,
  core: -1.38,
  sole_core: -0.41,
  same: 2.93,
  loose: 2.26,
  sound: 5.54,
  part_sound: 2.98,
  part_spoken: 2.87,
  part_rare: 0.37,
  heard: 3.86,
  pinyin: 6.36,
  initials: 6.0,
  likeness: -1.11,
  likeness_full: 2.39,
  one_edit: 3.18,
  swapped: 2.18,
  likeness_short: -0.54,
  shared_of_query: 5.9,
  shared_of_alias: -0.62,
  shared_both: 0.15,
  union: -3.17,
  root_union: 3.03,
  root_base: 1.78,
  rest: 2.96,
  tail: 4.44,
  front: 0.64,
  goes_on: 2.65,
  composed: -0.58,
  trunk: 1.68,
  bare: 2.27,
  season: 0.36,
  season_stated: 1.42,
  season_of_kin: 4.18,
  season_of_near: -0.02,
  season_said: 1.89,
  part: 2.71,
  form: 0.63,
  form_stated: 0.38,
  form_by_type: 2.96,
  numbers: 0.65,
  year: 1.2,
  year_said: 1.77,
  type: 0.6,
  popularity: 0.6,
  alias_weight: -0.43,
  main: 0.5,
  short: -1.55,
  first: -0.34,
};
const weights = Float64Array.from(FEATURES, (name) => WEIGHTS[name]);

/** The works that the evidence speaks for, most likely first; each work once, by its best alias. */
export function rank(all: readonly Evidence[], query: Query): Ranked[] {
  const total = Math.max(1, Math.min(query.grams.length, 64));
  const works = new Map<number, Evidence[]>();
  for (const evidence of all) push(works, workKey(evidence), evidence);
  addUnions(works.values(), { feature: F.union, total });
  const roots = new Map<string, Evidence[]>();
  for (const evidence of all) push(roots, rootOf(evidence), evidence);
  addUnions(roots.values(), { feature: F.root_union, total });
  for (const family of roots.values()) addFamily(family, query);
  const best = [...works.values()].map((of) =>
    of.map((evidence) => ({ evidence, score: scoreOf(evidence) })).reduce((a, b) => (b.score > a.score ? b : a)),
  );
  best.sort((a, b) => b.score - a.score || a.evidence.work - b.evidence.work);
  return withProbabilities(best);
}

export const rootOf = (evidence: Evidence): string => evidence.root;

export function scoreOf({ features }: Evidence): number {
  let sum = 0;
  for (let i = 0; i < weights.length; i++) sum += weights[i]! * features[i]!;
  return sum;
}

function push<K>(into: Map<K, Evidence[]>, key: K, evidence: Evidence): void {
  const list = into.get(key);
  if (list === undefined) into.set(key, [evidence]);
  else list.push(evidence);
}

/**
 * What a sister would be called by the name that was found: when one is called シャドウバース and 影之诗, and its sister シャドウバースF, then
 * 影之诗F is the sister too; and when 未婚关系～缘～ is 藍より青し～縁～, then 未婚关系 is 藍より青し. And whose name it is when a query says less than
 * all that is known, or more: the family's first, or the one without a name of its own.
 */
function addCompositions(family: readonly Evidence[], { base, query }: { base: Evidence; query: Query }): void {
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
      (named.length === 0 && (base.core === query.core ? segment.qualifierBits(base.alias) !== 0 : missing !== '')));
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

const isFirstSeason = ({ segment, work }: Evidence): boolean => segment.factsOfWork(work).season === 1;

/** Latin letters behind a wide name that the name found has not: TRY of 鋼彈創鬥者TRY. */
function latinTail(asked: string, known: string): string {
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
function compose(features: Float64Array, alike: number): void {
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

/** How many of the query's grams all these aliases have together; a name in two languages is covered by two of them. */
function addUnions(groups: Iterable<Evidence[]>, { feature, total }: { feature: number; total: number }): void {
  for (const group of groups) {
    let low = 0;
    let high = 0;
    for (const evidence of group) {
      low |= evidence.low;
      high |= evidence.high;
    }
    const covered = bits(low) + bits(high);
    for (const evidence of group) evidence.features[feature] = covered / total;
  }
}

/** What the family's best name leaves of the query, and how much of that rest each work of it has. */
function addFamily(family: Evidence[], query: Query): void {
  const total = Math.max(1, Math.min(query.grams.length, 64));
  let base: Evidence | undefined;
  let strength = 0;
  for (const evidence of family) {
    const { features } = evidence;
    const here = Math.max(
      features[F.core]!,
      features[F.likeness]!,
      features[F.loose]!,
      features[F.sound]! * 0.9,
      (features[F.part_sound]! + features[F.part_spoken]!) * 0.45,
      features[F.pinyin]! * 0.95,
      features[F.initials]! * 0.7,
      features[F.shared_of_alias]! * Math.sqrt(features[F.shared_of_query]!),
    );
    if (here > strength) {
      strength = here;
      base = evidence;
    }
  }
  if (base === undefined) return;
  const ofWork = new Map<number, { low: number; high: number }>();
  for (const evidence of family) {
    const known = ofWork.get(workKey(evidence)) ?? { low: 0, high: 0 };
    ofWork.set(workKey(evidence), { low: known.low | evidence.low, high: known.high | evidence.high });
  }
  if (family.length > 1 && !isPlainly(base, query)) {
    addCompositions(family, { base, query });
    const trunk = longestBeginning(family, query.core);
    if (trunk !== undefined && trunk.work !== base.work) addCompositions(family, { base: trunk, query });
  }
  const asked = query.qualifier.season > 1;
  const kin = asked && strength > 0.9;
  const near = asked && strength <= 0.9;
  if (query.qualifier.season === 0 && query.qualifier.part > 1) takePartForSeason(family, query.qualifier.part);
  if (asked) soundAlike(family);
  const isNamed = family.some(({ core }) => isNumberOfName(query, core));
  if (asked && !isNamed && isNumberedOtherwise(base, query)) for (const evidence of family) forgetSeason(evidence);
  const named = new Set(family.filter(({ core }) => core === query.core).map(workKey));
  const tailed = latinTail(query.core, '') !== '' && family.some(({ core }) => latinTail(query.core, core) === '');
  const goesOn = family.some(({ core }) => core.length > 1 && core !== query.core && query.core.startsWith(core));
  const rest = total - bits(base.low) - bits(base.high);
  for (const evidence of family) {
    // Letters of another script behind a name are no slip of the hand where a sister has them.
    if (tailed && latinTail(query.core, evidence.core) !== '') evidence.features[F.one_edit] = 0;
    evidence.features[F.root_base] = strength;
    evidence.features[F.season_of_kin] = kin ? evidence.features[F.season]! : 0;
    evidence.features[F.season_of_near] = near ? evidence.features[F.season]! * strength : 0;
    evidence.features[F.sole_core] = named.size === 1 && evidence.core === query.core ? 1 : 0;
    // A name that goes on behind the family's is a sister's alone: it needs no number.
    if (goesOn && evidence.features[F.sole_core] === 1) evidence.features[F.same] = 1;
    const has = ofWork.get(workKey(evidence))!;
    const more = bits(has.low & ~base.low) + bits(has.high & ~base.high);
    const less = bits(base.low & ~has.low) + bits(base.high & ~has.high);
    evidence.features[F.rest] = rest <= 1 ? 0 : Math.max(0, more - less) / rest;
  }
}

/**
 * Whether the season that is asked for is counted by others than those who counted the seasons known here: of BLEACH the catalogue knows one
 * work, where some count sixteen seasons. One season more than is known is a new one.
 */
function isNumberedOtherwise({ segment, work }: Evidence, { qualifier }: Query): boolean {
  if (qualifier.season === FINAL_SEASON) return false;
  let most = 0;
  for (const sister of segment.family(segment.rootOf(work))) most = Math.max(most, segment.factsOfWork(sister).season);
  return most > 0 && qualifier.season > most + 1;
}

/** Names that differ in nothing but their season sound the same. */
function soundAlike(family: readonly Evidence[]): void {
  const alike = new Map<string, Evidence[]>();
  for (const evidence of family) push(alike, evidence.core, evidence);
  for (const same of alike.values())
    for (const feature of same.length > 1 ? SOUNDS : []) {
      const most = Math.max(...same.map(({ features }) => features[feature]!));
      for (const { features } of same) features[feature] = most;
    }
}
const SOUNDS = [F.sound, F.loose, F.heard];

/** The second part of a show none of whose works is a part is its second season. */
function takePartForSeason(family: readonly Evidence[], part: number): void {
  const said = family.map(({ segment, alias }) => segment.qualifierOf(alias));
  if (said.some((qualifier) => qualifier.part === part)) return;
  family.forEach(({ features }, i) => {
    if (said[i]!.season !== part || said[i]!.part !== 0) return;
    features[F.season] = features[F.season_stated] = 0.7;
    features[F.part] = 0.5;
  });
}

/** The first work of the family stands for all of its seasons. */
function forgetSeason({ segment, work, features }: Evidence): void {
  features[F.season] = features[F.season_stated] = segment.factsOfWork(work).season === 1 ? 1 : -0.5;
  features[F.season_said] = 0;
}

/** Whether the query is this name but for a slip of the hand, so that no other name has to be made up for it. */
function isPlainly({ features, core, segment, alias }: Evidence, { core: asked, qualifier }: Query): boolean {
  const { season, part, form } = qualifier;
  return (
    features[F.one_edit] === 1 &&
    season === 0 &&
    part === 0 &&
    form === '' &&
    core.length === asked.length &&
    latinTail(asked, core) === '' &&
    segment.qualifierBits(alias) === 0 &&
    segment.factsOfWork(segment.workOf(alias)).season <= 1
  );
}

/** The longest name of the family that the query goes on from. */
function longestBeginning(family: readonly Evidence[], asked: string): Evidence | undefined {
  let longest: Evidence | undefined;
  for (const one of family)
    if (one.core.length > 1 && one.core.length > (longest?.core.length ?? 0) && asked.startsWith(one.core))
      longest = one;
  return longest;
}

/** One number for a work of either segment; they never have as many works. */
const workKey = ({ segment, work }: Evidence): number => work * 0x10000 + (segment.id & 0xffff);

function bits(word: number): number {
  let w = word - ((word >>> 1) & 0x55555555);
  w = (w & 0x33333333) + ((w >>> 2) & 0x33333333);
  return Math.imul((w + (w >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

function withProbabilities(best: { evidence: Evidence; score: number }[]): Ranked[] {
  const top = best[0]?.score ?? 0;
  const shares = best.map(({ score }) => Math.exp(score - top));
  const sum = shares.reduce((a, b) => a + b, Math.exp(NOBODY - top));
  const perRoot = new Map<string, number>();
  best.forEach(({ evidence }, i) =>
    perRoot.set(rootOf(evidence), (perRoot.get(rootOf(evidence)) ?? 0) + shares[i]! / sum),
  );
  let first: Ranked | undefined;
  return best.map(({ evidence, score }, i) => {
    const share = shares[i]! / sum;
    const rootShare = perRoot.get(rootOf(evidence))!;
    let root_probability = calibrated(ROOT, { evidence, share, rootShare });
    let probability = Math.min(calibrated(WORK, { evidence, share, rootShare }), root_probability);
    if (first !== undefined) {
      // The odds are fitted on first answers; what stands behind one is likely only as its share of the first one's.
      probability = Math.min(probability, first.probability * shares[i]!);
      const sister = rootOf(evidence) === rootOf(first.evidence);
      root_probability = sister
        ? first.root_probability
        : Math.min(root_probability, first.root_probability * shares[i]!);
    }
    const ranked = { evidence, score, probability, root_probability };
    first ??= ranked;
    return ranked;
  });
}

/** The score of the work that is not in the index: what the best wrong answers to unknown titles reach. */
const NOBODY = 4;

/**
 * The logarithm of the odds that an answer is right, as a sum: fitted, as the weights are, on titles whose work is known, and on the same
 * titles with their show taken away, for which every answer is wrong, as if one question in eleven were such a one.
 */
interface Odds {
  base: number;
  rootShare: number;
  share: number;
  root_base: number;
  root_union: number;
  likeness_full: number;
  one_edit: number;
  shared_both: number;
  short: number;
  shortBase: number;
  side: number;
}
// prettier-ignore
const ROOT: Odds = { base: -0.058, rootShare: 0.723, share: 0.107, root_base: 0.327, root_union: 0.015, likeness_full: 1.039, one_edit: 0.127, shared_both: -0.434, short: -0.83, shortBase: -0.599, side: 3.086 };
// prettier-ignore
const WORK: Odds = { base: -0.053, rootShare: 0.276, share: 0.592, root_base: 0.348, root_union: -0.091, likeness_full: 1.124, one_edit: 0.004, shared_both: -0.488, short: -0.932, shortBase: -0.68, side: 2.981 };

function calibrated(
  odds: Odds,
  { evidence, share, rootShare }: { evidence: Evidence; share: number; rootShare: number },
): number {
  const { features } = evidence;
  const of = (name: Feature): number => features[F[name]]!;
  const side = Math.max(of('loose'), of('pinyin'), of('exact'), of('initials') / 2);
  const sum =
    odds.base +
    odds.rootShare * logit(rootShare) +
    odds.share * logit(share) +
    odds.root_base * of('root_base') +
    odds.root_union * of('root_union') +
    odds.likeness_full * of('likeness_full') +
    odds.one_edit * of('one_edit') +
    odds.shared_both * of('shared_both') +
    odds.short * of('short') +
    odds.shortBase * of('root_base') * of('short') +
    odds.side * side;
  return 1 / (1 + Math.exp(-sum));
}

const logit = (share: number): number => Math.log(Math.max(share, 0.02) / Math.max(1 - share, 0.02));
