import { F, FEATURES, type Evidence, type Feature } from './evidence.js';
import type { Query } from './query.js';

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
  exact: 1.24,
  core: -0.84,
  loose: 1.57,
  pinyin: 4,
  initials: 2.5,
  likeness: -0.55,
  likeness_full: 1.54,
  one_edit: 0.95,
  likeness_short: -0.37,
  shared_of_query: 1.33,
  shared_of_alias: -0.44,
  shared_both: 0.44,
  union: 0.41,
  root_union: 6.31,
  root_base: 5.16,
  rest: 1.83,
  season: 0.75,
  season_stated: 0.63,
  part: 0.81,
  form: 0.84,
  year: 1.2,
  type: 0.6,
  popularity: 0.6,
  alias_weight: 0.3,
  main: 0.47,
  short: -1.76,
  first: -0.82,
};
const weights = Float64Array.from(FEATURES, (name) => WEIGHTS[name]);

/** The works that the evidence speaks for, most likely first; each work once, by its best alias. */
export function rank(all: readonly Evidence[], query: Query): Ranked[] {
  const total = Math.max(1, Math.min(query.grams.length, 64));
  const works = new Map<string, Evidence[]>();
  for (const evidence of all) push(works, workKey(evidence), evidence);
  addUnions(works.values(), { feature: F.union, total });
  const roots = new Map<string, Evidence[]>();
  for (const evidence of all) push(roots, rootOf(evidence), evidence);
  addUnions(roots.values(), { feature: F.root_union, total });
  for (const family of roots.values()) addFamily(family, total);
  const best = [...works.values()].map((of) =>
    of.map((evidence) => ({ evidence, score: scoreOf(evidence) })).reduce((a, b) => (b.score > a.score ? b : a)),
  );
  best.sort((a, b) => b.score - a.score || a.evidence.work - b.evidence.work);
  return withProbabilities(best);
}

export const rootOf = (evidence: Evidence): string => evidence.segment.work(evidence.work).root;

export function scoreOf({ features }: Evidence): number {
  let sum = 0;
  for (let i = 0; i < weights.length; i++) sum += weights[i]! * features[i]!;
  return sum;
}

function push(into: Map<string, Evidence[]>, key: string, evidence: Evidence): void {
  const list = into.get(key);
  if (list === undefined) into.set(key, [evidence]);
  else list.push(evidence);
}

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
function addFamily(family: Evidence[], total: number): void {
  let base: Evidence | undefined;
  let strength = 0;
  for (const evidence of family) {
    const { features } = evidence;
    const here = Math.max(
      features[F.core]!,
      features[F.likeness]!,
      features[F.loose]!,
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
  const ofWork = new Map<string, { low: number; high: number }>();
  for (const evidence of family) {
    const known = ofWork.get(workKey(evidence)) ?? { low: 0, high: 0 };
    ofWork.set(workKey(evidence), { low: known.low | evidence.low, high: known.high | evidence.high });
  }
  const rest = total - bits(base.low) - bits(base.high);
  for (const evidence of family) {
    evidence.features[F.root_base] = strength;
    const has = ofWork.get(workKey(evidence))!;
    evidence.features[F.rest] = rest <= 1 ? 0 : (bits(has.low & ~base.low) + bits(has.high & ~base.high)) / rest;
  }
}

const workKey = (evidence: Evidence): string => `${evidence.segment.works}:${evidence.work}`;

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
const NOBODY = 7.48;

/**
 * The logarithm of the odds that an answer is right, as a sum: fitted, as the weights are, on titles whose work is known, and on the same
 * titles with their work taken away, for which every answer is wrong.
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
const ROOT: Odds = { base: 0.828, rootShare: 0.894, share: 0.057, root_base: -1.015, root_union: -0.386, likeness_full: 0.548, one_edit: 1.323, shared_both: -1.101, short: -0.608, shortBase: -1.487, side: 2.965 };
// prettier-ignore
const WORK: Odds = { base: 0.353, rootShare: 0.4, share: 0.546, root_base: -0.325, root_union: -0.351, likeness_full: 0.683, one_edit: 1.087, shared_both: -1.102, short: -0.753, shortBase: -1.299, side: 3.136 };

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
