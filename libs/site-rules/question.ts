import type { Budget } from './budget.js';
import { siteCategories } from './categories.js';
import { filtered } from './filters.js';
import type { RuleRecord } from './rule-record.js';
import type { Lookup, Value } from './template.js';

/** What is asked of a site, and what whoever asks holds for it; none of it leaves the client but to the site. */
export interface Question {
  /** `Q`, `Season`, `Ep`, `Year`, `IMDBID` and the like. */
  query?: Readonly<Record<string, string>>;
  /** Categories as they are called everywhere, as `TV/HD`. */
  categories?: readonly string[];
  settings?: Readonly<Record<string, string | boolean | readonly string[]>>;
  /** The address of the site that is used, where it has several. */
  site?: string;
}

/** What the names in the templates of rules stand for. */
export function questionLookup(
  record: RuleRecord,
  { question, now, url }: { question: Question; now: Date; url?: string },
  budget: Budget,
): Lookup {
  const { query = {} } = question;
  const words = [query.Q, query.Series, query.Movie, query.Year, query.Episode ?? episodeOf(query)];
  const keywords = words.filter((word) => word !== undefined && word.trim() !== '').join(' ');
  let changed: string | undefined;
  let asked: string[] | undefined;
  const lookup: Lookup = (name) => {
    if (name === '.Keywords')
      return (changed ??= filtered(keywords, record.search?.keywords ?? [], { now, budget, lookup }) ?? '');
    if (name === '.Query.Keywords') return keywords;
    if (name === '.Categories') return (asked ??= siteCategories(record, question.categories ?? []));
    if (name === '.Query.Categories') return question.categories ?? [];
    if (name === '.True') return 'True';
    if (name === '.Today.Year') return String(now.getUTCMonth() > 0 ? now.getUTCFullYear() : now.getUTCFullYear() - 1);
    if (name === '.Config.sitelink')
      return siteOf(record, question) ?? (url === undefined ? null : new URL('/', url).href);
    const [, kind, key] = /^\.(Query|Config)\.(.+)$/.exec(name) ?? [];
    if (kind === 'Config') return settingOf(record, key!, question.settings ?? {});
    return kind === 'Query' && Object.hasOwn(query, key!) ? query[key!]! : null;
  };
  return lookup;
}

/** The address under which a site is asked; the one chosen, or its first. */
export function siteOf(
  { addresses = [], domains }: Pick<RuleRecord, 'addresses' | 'domains'>,
  { site }: Question,
): string | undefined {
  const domain = domains.find((one) => !one.startsWith('*.'));
  const chosen = site ?? addresses[0] ?? (domain === undefined ? undefined : `https://${domain}/`);
  return chosen === undefined || chosen.endsWith('/') ? chosen : `${chosen}/`;
}

/** Whether a text has every word of others, of the first characters of these alone where a limit is given. */
export function hasAllWords(text: string, keywords: string, limit: number | undefined): boolean {
  const plain = (some: string) =>
    some
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  const wanted = plain(limit === undefined ? keywords : keywords.slice(0, limit));
  const whole = plain(text).join(' ');
  return wanted.every((word) => whole.includes(word));
}

function settingOf(record: RuleRecord, name: string, given: NonNullable<Question['settings']>): Value {
  const setting = record.settings?.find((one) => one.name === name);
  const value = Object.hasOwn(given, name) ? given[name]! : setting?.default;
  if (setting?.kind === 'checkbox') return value === true || value === 'true' ? 'True' : null;
  if (value === undefined || typeof value === 'boolean') return value === true ? 'True' : null;
  return value;
}

function episodeOf({ Season, Ep }: Readonly<Record<string, string>>): string | undefined {
  if (Season === undefined || Season === '') return undefined;
  const [, month, day] = /^(\d{1,2})\/(\d{1,2})$/.exec(Ep ?? '') ?? [];
  if (month !== undefined) return `${Season}.${month.padStart(2, '0')}.${day!.padStart(2, '0')}`;
  const two = (text: string) => text.padStart(2, '0');
  return Ep === undefined || Ep === '' ? `S${two(Season)}` : `S${two(Season)}E${two(Ep)}`;
}
