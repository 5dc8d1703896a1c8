import { F } from './features.js';
import { FINAL_SEASON, type Qualifier } from './qualifier.js';
import type { Query } from './query.js';
import type { Segment } from './segment.js';

type WorkFacts = ReturnType<Segment['factsOfWork']>;

/** How well the season, the part and the kind of work that a query asks for agree with those of an alias, its sisters' names and what is known of the work. */
export function compareQualifiers(
  query: Query,
  of: { segment: Segment; work: number; alias: number; core: string; features: Float64Array; isSlip: boolean },
): void {
  const { segment, work, alias, core, features, isSlip } = of;
  const { season, part, form } = query.qualifier;
  const stored = segment.factsOfWork(work);
  const qualifier = segment.qualifierOf(alias);
  features[F.season] = seasonAgreement(query.qualifier, seasonOf(qualifier, stored), qualifier.season);
  // A second part may be counted as a second season, and a second season as a second part.
  const isPart = season > 1 && part === 0 && qualifier.season === 0 && qualifier.part === season;
  if (isPart || (season === 0 && part > 1 && stored.season === part)) features[F.season] = 0.7;
  features[F.season_said] = season > 1 && saysSeason(segment, { work, alias, season }) ? 1 : 0;
  // A season that was read apart from the title leaves no trace in its letters; it has to speak for itself.
  if ((query.hints.season ?? 0) > 1) features[F.season]! *= APART;
  features[F.season_stated] = statedAgreement(season, qualifier.season);
  if (form === 'special' && qualifier.season === 0 && byType('special', stored) === 1) {
    // An extra of a season seldom says of which.
    features[F.season] = Math.max(features[F.season]!, 0.5);
    features[F.season_stated] = Math.max(features[F.season_stated]!, 0.5);
  }
  if (isNumberOfName(query, core)) features[F.season] = features[F.season_stated] = 1;
  if (isSlip) features[F.season] = features[F.season_stated] = 0.5;
  features[F.part] = partAgreement(part, qualifier.part);
  features[F.form] = formAgreement(query, qualifier.form, stored.type);
  features[F.form_by_type] = form !== '' && form === qualifier.form ? 1 : byType(form, stored);
  features[F.form_stated] = form === '' ? 0 : form === qualifier.form ? 1 : -0.5;
  features[F.first] = season === 0 && stored.season <= 1 ? 1 : 0;
}

/** How much more a season counts that does not stand in the title. */
const APART = 5;

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

/** Whether a number at the end of a query stands in a name that goes on behind it: 秋之回忆 5 of 秋之回忆5 中断的胶片. */
export function isNumberOfName({ qualifier, full }: Query, core: string): boolean {
  return qualifier.weak && qualifier.season > 0 && core.startsWith(full) && !/^[0-9]/.test(core.slice(full.length));
}

/** Whether another wording asks for exactly this: a season, part or form is asked for, and it is this one's. */
export function agrees(asked: Qualifier, of: Qualifier, work: WorkFacts): boolean {
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

/** 1 for the same year, less the further two are apart, down to -1; 0 where one of them is unknown. */
export function yearAgreement(asked: number | undefined, year: number): number {
  if (asked === undefined || asked === 0 || year === 0) return 0;
  const apart = Math.abs(asked - year);
  return apart === 0 ? 1 : apart === 1 ? 0.5 : -Math.min(apart, 5) / 5;
}

/** Whether a work is of the kind that is asked for, as far as its type says. */
function byType(asked: Qualifier['form'], { type, season }: { type: string; season: number }): number {
  if (asked === '' || type === '') return 0;
  return FORM_OF_TYPE[type] === asked ? 1 : type === 'tv' && season > 0 ? -1 : 0;
}
