import { agrees, compareQualifiers, yearAgreement } from './agreement.js';
import { areSwapped, isSlipOfNumber, likeness } from './distance.js';
import { F, FEATURES } from './features.js';
import { foldKey, foldWords } from './fold.js';
import { distinct, MOST_GRAMS, writeGrams } from './grams.js';
import { heard, hearPart } from './hearing.js';
import { cutsIn, numbersAgreement, numbersIn } from './numbers.js';
import { markIn, type Query } from './query.js';
import type { Segment } from './segment.js';
import { scriptOf } from './scripts.js';

/** How an alias was found. */
export type Way =
  'exact' | 'core' | 'family' | 'loose' | 'sound' | 'part' | 'pinyin' | 'initials' | 'prefix' | 'similar' | 'composed';

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
  features[F.swapped] = apart === 1 && areSwapped(query.full, full) ? 1 : 0;
  features[F.numbers] = numbersAgreement(
    query.numbers,
    query.numbers.length === 0 ? numbersIn(core) : numbersOf(segment, { work, core }),
  );
  if (query.cuts.length > 0 && hasCut(segment, { work, cuts: query.cuts })) features[F.numbers] = SAME_CUT;
  features[F.year_said] = query.yearSaid !== 0 && query.yearSaid === stored.year ? 1 : 0;
  features[F.likeness_short] = longer <= 4 ? features[F.likeness_full]! : 0;
  const isSlip = features[F.swapped] === 1 || (apart === 1 && isSlipOfNumber(query.full, full));
  compareQualifiers(query, { segment, work, alias, core, features, isSlip });
  features[F.year] = yearAgreement(query.hints.year, stored.year);
  features[F.type] =
    query.hints.type === undefined || stored.type === '' ? 0 : query.hints.type === stored.type ? 1 : -1;
  features[F.popularity] = stored.popularity;
  // Of two works with this very name the one is meant whose name is trusted more; elsewhere less trust is seldom less truth.
  features[F.alias_weight] = features[F.exact] === 1 ? 1 : segment.weightOf(alias);
  features[F.main] = segment.aliasesOf(work)[0] === alias ? 1 : 0;
  features[F.short] = 1 / (1 + Math.min(query.core.length, core.length));
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

/** What a letter says that sisters are told apart by, where the name before it is another. */
const SAME_MARK = 0.4;
/** A title with its punctuation: K-ON! is another work than K-ON!!. */
const plain = (title: string): string => title.normalize('NFKC').toLowerCase().replace(/\s+/g, '');

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
