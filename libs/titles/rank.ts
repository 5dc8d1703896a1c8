import { coverOf, type Cover } from './cover.js';
import { workKey, type Evidence } from './evidence.js';
import { F, FEATURES, type Feature } from './features.js';
import { standForExtras } from './extras.js';
import { addFamily, bits, push } from './family.js';
import { isNeighbour } from './neighbours.js';
import { FINAL_SEASON } from './qualifier.js';
import type { Query } from './query.js';
import { scriptOf } from './scripts.js';

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
  loose: 3.16,
  sound: 7.04,
  part_sound: 2.98,
  part_spoken: 2.87,
  part_rare: 0.37,
  heard: 3.86,
  pinyin: 9.61,
  initials: 11.35,
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
  standForExtras(all, query);
  for (const family of roots.values()) addFamily(family, query);
  const best = [...works.values()].map((of) =>
    of.map((evidence) => ({ evidence, score: scoreOf(evidence) })).reduce((a, b) => (b.score > a.score ? b : a)),
  );
  best.sort(
    (a, b) => b.score - a.score || trustIn(b.evidence) - trustIn(a.evidence) || a.evidence.work - b.evidence.work,
  );
  return withProbabilities(best, query);
}

export const rootOf = (evidence: Evidence): string => evidence.root;

export function scoreOf({ features }: Evidence): number {
  let sum = 0;
  for (let i = 0; i < weights.length; i++) sum += weights[i]! * features[i]!;
  return sum;
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

interface Scored {
  evidence: Evidence;
  score: number;
}

/** The same works with their probabilities, the one that is answered first; they come with the best score first. */
function withProbabilities(best: readonly Scored[], query: Query): Ranked[] {
  const top = best[0]?.score ?? 0;
  const sum = best.reduce((all, { score }) => all + Math.exp(score - top), Math.exp(NOBODY - top));
  const perRoot = new Map<string, number>();
  for (const { evidence, score } of best)
    perRoot.set(rootOf(evidence), (perRoot.get(rootOf(evidence)) ?? 0) + Math.exp(score - top) / sum);
  let first: Ranked | undefined;
  return likeliestShowFirst(best, perRoot).map(({ evidence, score }) => {
    const behind = Math.exp(score - top);
    const rootShare = perRoot.get(rootOf(evidence))!;
    const alone = behind < FAR_BEHIND ? SURE : likelihood({ evidence, share: behind / sum, rootShare }, query);
    if (first === undefined) return (first = { evidence, score, ...atMost(alone, shareOfName(best)) });
    // The odds are fitted on first answers; what stands behind one is likely only as its share of the first one's.
    const root_probability =
      rootOf(evidence) === rootOf(first.evidence)
        ? first.root_probability
        : Math.min(alone.root_probability, first.root_probability * behind, 1 - first.root_probability);
    const probability = Math.min(alone.probability, first.probability * behind, root_probability);
    return { evidence, score, probability, root_probability };
  });
}

/** The best work of another show comes first where all works of that show together are far likelier than those of the best work's. */
function likeliestShowFirst(best: readonly Scored[], perRoot: ReadonlyMap<string, number>): readonly Scored[] {
  const [top] = best;
  if (top === undefined || top.evidence.features[F.exact]! > 0) return best;
  let likeliest = rootOf(top.evidence);
  for (const [root, share] of perRoot) if (share > perRoot.get(likeliest)! * FAR_LIKELIER) likeliest = root;
  const first = best.find(({ evidence }) => rootOf(evidence) === likeliest)!;
  return first === top ? best : [first, ...best.filter((one) => one !== first)];
}
/** Of 4,626 titles whose work is known the likelier show alone would lose six; twice as likely loses none. */
const FAR_LIKELIER = 2;

/**
 * The share that the first answer has, by their scores, of all works of other shows that bear this very name by a word as trusted, and that
 * nothing else which was asked tells apart from it; 1 where it alone has the name.
 */
function shareOfName(best: readonly Scored[]): number {
  const [first] = best;
  if (first === undefined || first.evidence.features[F.exact] !== 1) return 1;
  const { features } = first.evidence;
  const others = best.filter(
    ({ evidence }) =>
      evidence.features[F.exact] === 1 &&
      rootOf(evidence) !== rootOf(first.evidence) &&
      trustIn(evidence) >= trustIn(first.evidence) &&
      ASKED.every((feature) => evidence.features[feature]! >= features[feature]!),
  );
  return 1 / others.reduce((sum, { score }) => sum + Math.exp(score - first.score), 1);
}
const trustIn = ({ segment, alias }: Evidence): number => segment.weightOf(alias);
const ASKED = [F.year, F.year_said, F.type, F.season, F.form, F.part];

const atMost = <Sure extends { probability: number; root_probability: number }>(sure: Sure, most: number): Sure => ({
  ...sure,
  probability: Math.min(sure.probability, most),
  root_probability: Math.min(sure.root_probability, most),
});

/** What stands so far behind the first answer is not looked at for itself. */
const FAR_BEHIND = 0.02;
const SURE = { probability: 1, root_probability: 1 };

/** How likely a work is, and its show, by the evidence for it and by what else there is. */
function likelihood(
  { evidence, share, rootShare }: { evidence: Evidence; share: number; rootShare: number },
  query: Query,
): { probability: number; root_probability: number } {
  const cover = coverOf(query, evidence);
  const doubt =
    isAnotherFilm(evidence, query) || isNeighbour(evidence, { asked: query.core, words: cover.words }) ? ANOTHER : 1;
  const seen = { evidence, share, rootShare, cover };
  const root_probability = calibrated(ROOT, seen) * doubt;
  return { probability: Math.min(calibrated(WORK, seen), root_probability), root_probability };
}

/**
 * A film of quite another year is another film, which has the name by chance; and so is one that lacks the number which is asked for, as films
 * have no seasons.
 */
function isAnotherFilm({ segment, work, core, features }: Evidence, query: Query): boolean {
  const { season, part } = query.qualifier;
  if (query.hints.alone === true && features[F.year]! <= OTHER_YEAR) return true;
  if (segment.factsOfWork(work).type !== 'movie') return false;
  if (
    query.lastNumber !== '' &&
    features[F.loose] === 0 &&
    scriptOf(core) === 'latin' &&
    !core.endsWith(query.lastNumber)
  )
    return true;
  return (season > 1 && season !== FINAL_SEASON && features[F.season]! <= 0) || (part > 1 && features[F.part]! <= 0);
}

/** So far apart are such years, and this seldom such a film is the one that is meant. */
const OTHER_YEAR = -0.4;
const ANOTHER = 0.3;

/** The score of the work that is not in the index: what the best wrong answers to unknown titles reach. */
const NOBODY = 4;

/**
 * The logarithm of the odds that an answer is right, as a sum: fitted, as the weights are, on titles whose work is known, and on titles that
 * no work in the catalogue has, in catalogues of ten works to nine thousand, every fourth of them beside the works that look most like them.
 */
interface Odds {
  base: number;
  rootShare: number;
  share: number;
  root_base: number;
  short: number;
  side: number;
  asked: number;
  named: number;
  slip: number;
  /** What is added where words can be compared: letters alone say little then. */
  words: number;
  askedWords: number;
  namedWords: number;
  slipOfWords: number;
}
// prettier-ignore
const ROOT: Odds = { base: -1.052, rootShare: 0.684, share: 0.015, root_base: 0.535, short: -1.355, side: 0.565, asked: 0.316, named: 1.608, slip: 1.19, words: -2.95, askedWords: 0.139, namedWords: 3.185, slipOfWords: 1.845 };
// prettier-ignore
const WORK: Odds = { base: -1.039, rootShare: 0.25, share: 0.46, root_base: 0.636, short: -1.421, side: 0.528, asked: 0.333, named: 1.469, slip: 1.232, words: -2.978, askedWords: 0.113, namedWords: 3.266, slipOfWords: 1.752 };

function calibrated(
  odds: Odds,
  { evidence, share, rootShare, cover }: { evidence: Evidence; share: number; rootShare: number; cover: Cover },
): number {
  const { features } = evidence;
  const of = (name: Feature): number => features[F[name]]!;
  const { asked, named, slip } = cover;
  const sum =
    odds.base +
    odds.rootShare * logit(rootShare) +
    odds.share * logit(share) +
    odds.root_base * of('root_base') +
    odds.short * of('short') +
    odds.side * Math.max(of('loose'), of('pinyin'), of('exact'), of('initials') / 2) +
    odds.asked * asked +
    odds.named * named +
    odds.slip * slip +
    (cover.words ? odds.words + odds.askedWords * asked + odds.namedWords * named + odds.slipOfWords * slip : 0);
  return 1 / (1 + Math.exp(-sum));
}

const logit = (share: number): number => Math.log(Math.max(share, 0.02) / Math.max(1 - share, 0.02));
