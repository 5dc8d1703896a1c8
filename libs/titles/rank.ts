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
  exact: 3,
  core: 2,
  loose: 4,
  pinyin: 5,
  initials: 3,
  likeness: 3,
  likeness_full: 5,
  shared_of_query: 2,
  shared_of_alias: 1,
  shared_both: 4,
  union: 2,
  root_union: 1,
  season: 0.7,
  season_stated: 1.5,
  part: 0.7,
  form: 0.8,
  year: 1.5,
  type: 0.7,
  popularity: 1,
  alias_weight: 0.5,
  main: 0.2,
  short: -1,
  first: 0.4,
};
const weights = Float64Array.from(FEATURES, (name) => WEIGHTS[name]);

/** The works that the evidence speaks for, most likely first; each work once, by its best alias. */
export function rank(all: readonly Evidence[], query: Query): Ranked[] {
  const total = Math.max(1, Math.min(query.grams.length, 64));
  const works = new Map<string, Evidence[]>();
  for (const evidence of all)
    push(works, `${evidence.segment.works}:${evidence.segment.workOf(evidence.alias)}`, evidence);
  addUnions(works.values(), { feature: F.union, total });
  const roots = new Map<string, Evidence[]>();
  for (const evidence of all) push(roots, rootOf(evidence), evidence);
  addUnions(roots.values(), { feature: F.root_union, total });
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

function bits(word: number): number {
  let w = word - ((word >>> 1) & 0x55555555);
  w = (w & 0x33333333) + ((w >>> 2) & 0x33333333);
  return Math.imul((w + (w >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

function withProbabilities(best: { evidence: Evidence; score: number }[]): Ranked[] {
  const top = best[0]?.score ?? 0;
  const shares = best.map(({ score }) => Math.exp(score - top));
  const sum = shares.reduce((a, b) => a + b, 0);
  const perRoot = new Map<string, number>();
  best.forEach(({ evidence }, i) =>
    perRoot.set(rootOf(evidence), (perRoot.get(rootOf(evidence)) ?? 0) + shares[i]! / sum),
  );
  return best.map(({ evidence, score }, i) => {
    const absolute = 1 / (1 + Math.exp(-(score - MIDDLE)));
    return {
      evidence,
      score,
      probability: (absolute * shares[i]!) / sum,
      root_probability: absolute * perRoot.get(rootOf(evidence))!,
    };
  });
}

/** The score at which an answer is as likely wrong as right. */
const MIDDLE = 9;
