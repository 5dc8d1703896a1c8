import { areSwapped, isSlipOfNumber, likeness } from './distance.js';
import { foldKey, foldWords } from './fold.js';
import { markIn, type Query } from './query.js';
import { distinct, MOST_GRAMS, writeGrams } from './grams.js';
import { FINAL_SEASON, type Qualifier } from './qualifier.js';
import { cutsIn, numbersAgreement, numbersIn } from './numbers.js';
import type { Segment } from './segment.js';
import { scriptOf } from './scripts.js';
import { KEY_KIND } from './sides.js';
import { soundParts, spokenKey } from './sounds.js';

/** How an alias was found. */
export type Way =
  'exact' | 'core' | 'family' | 'loose' | 'sound' | 'part' | 'pinyin' | 'initials' | 'prefix' | 'similar' | 'composed';

type WorkFacts = ReturnType<Segment['factsOfWork']>;

/** What speaks for one alias of one work; numbers from 0 to 1, or -1 to 1 where something can speak against it. */
export interface Evidence {
  segment: Segment;
  work: number;
  alias: number;
  way: Way;
  features: Float64Array;
  /** What sister works share, even those of another segment. */
  root: string;
  /** The key of the alias without its season words. */
  core: string;
  /** Which of the query's grams the alias has, one bit each for the first 64. */
  low: number;
  high: number;
}

/** One number for a work of either segment; they never have as many works. */
export const workKey = ({ segment, work }: Pick<Evidence, 'segment' | 'work'>): number =>
  work * 0x10000 + (segment.id & 0xffff);

/** The names of the features, in the order in which they stand in `features`. */
export const FEATURES = [
  'exact',
  'verbatim',
  'core',
  'sole_core',
  'same',
  'loose',
  'sound',
  'part_sound',
  'part_spoken',
  'part_rare',
  'heard',
  'pinyin',
  'initials',
  'likeness',
  'likeness_full',
  'one_edit',
  'swapped',
  'likeness_short',
  'shared_of_query',
  'shared_of_alias',
  'shared_both',
  'union',
  'root_union',
  'root_base',
  'rest',
  'tail',
  'front',
  'goes_on',
  'composed',
  'trunk',
  'bare',
  'season',
  'season_stated',
  'season_of_kin',
  'season_of_near',
  'season_said',
  'part',
  'form',
  'form_stated',
  'form_by_type',
  'numbers',
  'year',
  'year_said',
  'type',
  'popularity',
  'alias_weight',
  'main',
  'short',
  'first',
] as const;
export type Feature = (typeof FEATURES)[number];
export const F = Object.fromEntries(FEATURES.map((name, i) => [name, i])) as Record<Feature, number>;

/** Compares the query with one alias, letter by letter and gram by gram. */
export function weigh(query: Query, found: { segment: Segment; alias: number; way: Way }): Evidence {
  const { segment, alias, way } = found;
  const work = segment.workOf(alias);
  const stored = segment.factsOfWork(work);
  const qualifier = segment.qualifierOf(alias);
  const core = segment.coreKeyOf(alias);
  const features = new Float64Array(FEATURES.length);
  const { low, high } = compareGrams({ query, segment, core, features });
  // A season that was read apart from the title stands in no letter of it.
  const isApart = (query.hints.season ?? 0) > 1 && qualifier.season === query.hints.season && query.full === query.core;
  const full = isApart || segment.qualifierBits(alias) === 0 ? core : foldKey(segment.title(alias));
  const isReading = segment.kindOf(alias) === 'reading';
  features[F.exact] = way !== 'exact' ? 0 : isReading ? 0.5 : 1;
  features[F.verbatim] = way === 'exact' && !isReading && plain(segment.title(alias)) === plain(query.raw) ? 1 : 0;
  features[F.core] = core === query.core ? 1 : 0;
  features[F.same] = core === query.core && agrees(query.qualifier, qualifier, stored) ? 1 : 0;
  features[F.loose] = way === 'loose' || way === 'exact' ? 1 : 0;
  features[F.sound] =
    way === 'sound' && !(query.script === 'kana' && scriptOf(core) === 'kana')
      ? Math.min(1, (query.sound.length - 1) / 4)
      : 0;
  features[F.heard] = query.spoken === '' ? 0 : full === query.full ? 1 : heard(query.spoken, segment, alias);
  if (way === 'part') hearPart(query, { segment, title: segment.title(alias), features });
  if (query.mark !== '' && markIn(foldWords(segment.title(alias))) === query.mark) features[F.tail] = SAME_MARK;
  features[F.pinyin] = way === 'pinyin' ? 1 : 0;
  features[F.initials] = way === 'initials' ? 1 : 0;
  features[F.likeness] = likeness(query.core, core);
  features[F.likeness_full] =
    full === core && query.full === query.core ? features[F.likeness]! : likeness(query.full, full);
  const longer = Math.max(query.full.length, full.length);
  const apart = Math.round((1 - features[F.likeness_full]!) * longer);
  features[F.one_edit] = way === 'exact' ? 1 : apart <= 1 && longer > 2 ? 1 : apart === 2 && longer > 7 ? 0.5 : 0;
  const saysForm = query.qualifier.form !== '' && query.qualifier.form === qualifier.form;
  features[F.form_by_type] = saysForm ? 1 : byType(query.qualifier.form, stored);
  features[F.form_stated] = query.qualifier.form === '' ? 0 : query.qualifier.form === qualifier.form ? 1 : -0.5;
  features[F.swapped] = apart === 1 && areSwapped(query.full, full) ? 1 : 0;
  features[F.numbers] = numbersAgreement(
    query.numbers,
    query.numbers.length === 0 ? numbersIn(core) : numbersOf(segment, { work, core }),
  );
  if (query.cuts.length > 0 && hasCut(segment, { work, cuts: query.cuts })) features[F.numbers] = SAME_CUT;
  features[F.year_said] = query.yearSaid !== 0 && query.yearSaid === stored.year ? 1 : 0;
  features[F.likeness_short] = longer <= 4 ? features[F.likeness_full]! : 0;
  features[F.season] = seasonAgreement(query.qualifier, seasonOf(qualifier, stored), qualifier.season);
  if (query.qualifier.season === 0 && query.qualifier.part > 1 && stored.season === query.qualifier.part)
    features[F.season] = 0.7;
  if (
    query.qualifier.season > 1 &&
    query.qualifier.part === 0 &&
    qualifier.season === 0 &&
    qualifier.part === query.qualifier.season
  )
    features[F.season] = 0.7;
  features[F.season_said] =
    query.qualifier.season > 1 && saysSeason(segment, { work, alias, season: query.qualifier.season }) ? 1 : 0;
  // A season that was read apart from the title leaves no trace in its letters; it has to speak for itself.
  if ((query.hints.season ?? 0) > 1) features[F.season]! *= APART;
  features[F.season_stated] = statedAgreement(query.qualifier.season, qualifier.season);
  if (query.qualifier.form === 'special' && qualifier.season === 0 && byType('special', stored) === 1) {
    // An extra of a season seldom says of which.
    features[F.season] = Math.max(features[F.season]!, 0.5);
    features[F.season_stated] = Math.max(features[F.season_stated]!, 0.5);
  }
  if (isNumberOfName(query, core)) features[F.season] = features[F.season_stated] = 1;
  if (features[F.swapped] === 1 || (apart === 1 && isSlipOfNumber(query.full, full)))
    features[F.season] = features[F.season_stated] = 0.5;
  features[F.part] = partAgreement(query.qualifier.part, qualifier.part);
  features[F.form] = formAgreement(query, qualifier.form, stored.type);
  features[F.year] = yearAgreement(query.hints.year, stored.year);
  features[F.type] =
    query.hints.type === undefined || stored.type === '' ? 0 : query.hints.type === stored.type ? 1 : -1;
  features[F.popularity] = stored.popularity;
  features[F.alias_weight] = segment.weightOf(alias);
  features[F.main] = segment.aliasesOf(work)[0] === alias ? 1 : 0;
  features[F.short] = 1 / (1 + Math.min(query.core.length, core.length));
  features[F.first] = query.qualifier.season === 0 && stored.season <= 1 ? 1 : 0;
  return { segment, work, alias, way, features, root: segment.rootName(work), core, low, high };
}

/** The numbers of this name, or of any other of the work's where this one has none. */
function numbersOf(segment: Segment, { work, core }: { work: number; core: string }): readonly string[] {
  const here = numbersIn(core);
  if (here.length > 0) return here;
  const [first, last] = segment.aliasesOf(work);
  return Array.from({ length: Math.min(last - first, MOST_NAMES) }, (_, i) =>
    numbersIn(segment.coreKeyOf(first + i)),
  ).flat();
}
const MOST_NAMES = 12;

/** Whether a name of the work says that it is a cut of the same film. */
function hasCut(segment: Segment, { work, cuts }: { work: number; cuts: readonly string[] }): boolean {
  const [first, last] = segment.aliasesOf(work);
  for (let alias = first; alias < Math.min(last, first + MOST_NAMES); alias++)
    if (cutsIn(segment.title(alias)).some((cut) => cuts.includes(cut))) return true;
  return false;
}
/** Few films are told by their cuts: a cut says more than any number does. */
const SAME_CUT = 4;

/** Whether a work is of the kind that is asked for, as far as its type says. */
function byType(asked: Qualifier['form'], { type, season }: { type: string; season: number }): number {
  if (asked === '' || type === '') return 0;
  return FORM_OF_TYPE[type] === asked ? 1 : type === 'tv' && season > 0 ? -1 : 0;
}

/** How alike a query in Latin letters and a title in kana, or how a title is read, sound; 0 for other titles. */
function heard(spoken: string, segment: Segment, alias: number): number {
  const title = segment.title(alias);
  if (segment.kindOf(alias) !== 'reading' && !KANA_ALONE.test(title)) return 0;
  const other = spokenKey(foldWords(title));
  return other === '' ? 0 : likeness(spoken, other);
}
const KANA_ALONE = /[\p{sc=Kana}\p{sc=Hira}]/u;

/** How much of the query is heard in the katakana of a title, and how much of the title that is; how alike the two are with their vowels, how few other titles have it, and whether both end with the same letters behind it. */
function hearPart(
  { windows, words }: Query,
  { segment, title, features }: { segment: Segment; title: string; features: Float64Array },
): void {
  const parts = soundParts(title);
  const tail = words.slice(words.lastIndexOf(' ') + 1);
  for (const { sound, share, spoken } of windows) {
    const part = parts.find((one) => one.sound === sound);
    if (part === undefined) continue;
    const much = share * (0.7 + 0.3 * part.share) * Math.min(1, sound.length / 4);
    features[F.part_sound] = much;
    features[F.part_spoken] = much * likeness(spoken, spokenKey(part.words));
    features[F.heard] = Math.max(features[F.heard]!, features[F.part_spoken]!);
    features[F.part_rare] = much / segment.withSide(sound, KEY_KIND.part, MOST_SHARING).length;
    if (!part.words.endsWith(tail) && LAST_LETTERS.exec(foldWords(title))?.[0] === tail) features[F.tail] = 1;
    return;
  }
}
const MOST_SHARING = 24;
/** What a letter says that sisters are told apart by, where the name before it is another. */
const SAME_MARK = 0.4;
/** The Latin letters a folded title ends with, behind whatever script. */
const LAST_LETTERS = /[a-z0-9]+$/;

/** Whether a number at the end of a query stands in a name that goes on behind it: 秋之回忆 5 of 秋之回忆5 中断的胶片. */
export function isNumberOfName({ qualifier, full }: Query, core: string): boolean {
  return qualifier.weak && qualifier.season > 0 && core.startsWith(full) && !/^[0-9]/.test(core.slice(full.length));
}

/** Whether another name of the work says this season: one name of a sequel without its number is enough to hide it. */
function saysSeason(
  segment: Segment,
  { work, alias, season }: { work: number; alias: number; season: number },
): boolean {
  const [first, last] = segment.aliasesOf(work);
  for (let other = first; other < last; other++) {
    if (other === alias || segment.qualifierBits(other) === 0) continue;
    const said = segment.qualifierOf(other);
    if (said.season === season && !said.weak) return true;
  }
  return false;
}

/** A title with its punctuation: K-ON! is another work than K-ON!!. */
const plain = (title: string): string => title.normalize('NFKC').toLowerCase().replace(/\s+/g, '');

/** How much more a season counts that does not stand in the title. */
const APART = 5;

const buffer = new Uint32Array(MOST_GRAMS);

function compareGrams(of: { query: Query; segment: Segment; core: string; features: Float64Array }): {
  low: number;
  high: number;
} {
  const { query, segment, core, features } = of;
  const count = distinct(buffer, writeGrams(core, buffer));
  let i = 0;
  let j = 0;
  let both = 0;
  let onlyQuery = 0;
  let onlyAlias = 0;
  let low = 0;
  let high = 0;
  const weights = query.raritiesIn(segment);
  while (i < query.grams.length || j < count) {
    const a = i < query.grams.length ? query.grams[i]! : Infinity;
    const b = j < count ? buffer[j]! : Infinity;
    const weight = a <= b ? weights[i]! : segment.rarity(b);
    if (a === b) {
      both += weight;
      if (i < 32) low |= 1 << i;
      else if (i < 64) high |= 1 << (i - 32);
      i++;
      j++;
    } else if (a < b) {
      onlyQuery += weight;
      i++;
    } else {
      onlyAlias += weight;
      j++;
    }
  }
  features[F.shared_of_query] = both / (both + onlyQuery || 1);
  features[F.shared_of_alias] = both / (both + onlyAlias || 1);
  features[F.shared_both] = (2 * both) / (2 * both + onlyQuery + onlyAlias || 1);
  return { low, high };
}

/** Whether another wording asks for exactly this: a season, part or form is asked for, and it is this one's. */
function agrees(asked: Qualifier, of: Qualifier, work: WorkFacts): boolean {
  if (asked.season === 0 && asked.part === 0 && asked.form === '') return false;
  return (
    Math.max(seasonOf(of, work), 1) === Math.max(asked.season, 1) && of.part === asked.part && of.form === asked.form
  );
}

/** The season an alias stands for: its own words first, then what is known of the work. */
function seasonOf(qualifier: Qualifier, work: WorkFacts): number {
  const vague = qualifier.weak || qualifier.season === FINAL_SEASON;
  return qualifier.season !== 0 && !(vague && work.season !== 0) ? qualifier.season : work.season;
}

function seasonAgreement(asked: Qualifier, season: number, stated: number): number {
  if (asked.season === FINAL_SEASON)
    return season === FINAL_SEASON || stated === FINAL_SEASON ? 1 : season > 1 ? 0.3 : -0.5;
  if (asked.season <= 1) return season <= 1 ? (asked.season === 1 && season === 1 ? 1 : 0.5) : -1;
  if (season === 0) return 0;
  return season === asked.season ? 1 : -1;
}

/** The same of what the two titles say alone. */
function statedAgreement(asked: number, stated: number): number {
  if (asked === stated) return asked === 0 ? 0.5 : 1;
  return asked <= 1 && stated <= 1 ? 0.5 : asked === 0 || stated === 0 ? -0.5 : -1;
}

function partAgreement(asked: number, part: number): number {
  if (asked === 0) return part <= 1 ? 0 : -1;
  return part === asked ? 1 : part === 0 ? (asked === 1 ? 0 : -0.5) : -1;
}

const FORM_OF_TYPE: Record<string, string> = { movie: 'movie', ova: 'special', special: 'special', oad: 'special' };

function formAgreement({ qualifier: { form: asked }, hints }: Query, form: Qualifier['form'], type: string): number {
  const known = form === '' ? (FORM_OF_TYPE[type] ?? '') : form;
  if (asked === '' && hints.alone === true) return 0;
  if (asked === '') return known === '' ? 0.5 : -0.5;
  return known === asked ? 1 : -1;
}

function yearAgreement(asked: number | undefined, year: number): number {
  if (asked === undefined || asked === 0 || year === 0) return 0;
  const apart = Math.abs(asked - year);
  return apart === 0 ? 1 : apart === 1 ? 0.5 : -Math.min(apart, 5) / 5;
}
