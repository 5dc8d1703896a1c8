import type { Evidence } from './evidence.js';
import { F } from './features.js';
import type { Query } from './query.js';

/** Why a work was answered, or not: a word a program can read and the number behind it. */
export interface Reason {
  code:
    | 'same_title'
    | 'same_name_other_words'
    | 'same_family'
    | 'same_sound'
    | 'pinyin'
    | 'pinyin_initials'
    | 'acronym'
    | 'begins_so'
    | 'similar'
    | 'several_aliases'
    | 'season_agrees'
    | 'season_differs'
    | 'part_agrees'
    | 'part_differs'
    | 'form_differs'
    | 'year_agrees'
    | 'year_differs'
    | 'type_differs'
    | 'short_title';
  value: number;
}

const OF_WAY = {
  exact: 'same_title',
  core: 'same_name_other_words',
  family: 'same_family',
  loose: 'same_sound',
  sound: 'same_sound',
  part: 'same_sound',
  pinyin: 'pinyin',
  initials: 'pinyin_initials',
  prefix: 'begins_so',
  similar: 'similar',
  composed: 'same_name_other_words',
} as const;

/** The reasons for one match, the way it was found first. */
export function reasonsOf({ features, way }: Evidence, query: Query): Reason[] {
  const reasons: Reason[] = [{ code: OF_WAY[way], value: round(features[F.likeness]!) }];
  const say = (code: Reason['code'], value: number): void => void reasons.push({ code, value: round(value) });
  if (features[F.union]! > features[F.shared_of_query]! + 0.1) say('several_aliases', features[F.union]!);
  if (query.qualifier.season > 0 && features[F.season]! > 0) say('season_agrees', query.qualifier.season);
  if (features[F.season]! < 0) say('season_differs', query.qualifier.season);
  if (features[F.part]! > 0) say('part_agrees', query.qualifier.part);
  if (features[F.part]! < 0) say('part_differs', query.qualifier.part);
  if (features[F.form]! < 0) say('form_differs', features[F.form]!);
  if (features[F.year]! > 0) say('year_agrees', query.hints.year ?? 0);
  if (features[F.year]! < 0) say('year_differs', query.hints.year ?? 0);
  if (features[F.type]! < 0) say('type_differs', features[F.type]!);
  if (query.core.length < 3) say('short_title', query.core.length);
  return reasons;
}

const round = (value: number): number => Math.round(value * 1000) / 1000;
