import { addCompositions, isOwnName, isSecondName, latinTail } from './composed-names.js';
import { isNumberOfName } from './agreement.js';
import { workKey, type Evidence } from './evidence.js';
import { F } from './features.js';
import { tellExtrasApart } from './extras.js';
import { FINAL_SEASON } from './qualifier.js';
import type { Query } from './query.js';
import { preferUnnumbered } from './unnumbered.js';

/** What the family's best name leaves of the query, and how much of that rest each work of it has. */
export function addFamily(family: Evidence[], query: Query): void {
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
      isSecondName(query.core, evidence) ? SECOND_NAME : 0,
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
  tellExtrasApart(family, query);
  preferUnnumbered(family, query);
  if (query.yearSaid !== 0) holdToYear(family, query.yearSaid);
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
    // A name that goes on behind the family's is a sister's alone, as is one it goes by: it needs no number.
    if ((goesOn || isOwnName(evidence, query)) && evidence.features[F.sole_core] === 1) evidence.features[F.same] = 1;
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

/** A year behind a title, in which one of its works began and which is in no name of it, is asked for. */
function holdToYear(family: readonly Evidence[], year: number): void {
  const began = ({ segment, work }: Evidence): boolean => segment.factsOfWork(work).year === year;
  if (!family.some((one) => began(one) && !one.core.includes(String(year)))) return;
  for (const one of family) {
    one.features[F.year] = began(one) ? 1 : -1;
    // The year says which of the extras it is: the catalogue need not call it one.
    for (const form of began(one) ? [F.form, F.form_stated] : []) one.features[form] = Math.max(one.features[form]!, 0);
  }
}

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

/** How many bits of a 32-bit word are set. */
export function bits(word: number): number {
  let w = word - ((word >>> 1) & 0x55555555);
  w = (w & 0x33333333) + ((w >>> 2) & 0x33333333);
  return Math.imul((w + (w >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** How surely a show is meant by the second of two names that one title of it has. */
export const SECOND_NAME = 0.95;

/** Puts one more piece of evidence under a key. */
export function push<K>(into: Map<K, Evidence[]>, key: K, evidence: Evidence): void {
  const list = into.get(key);
  if (list === undefined) into.set(key, [evidence]);
  else list.push(evidence);
}
