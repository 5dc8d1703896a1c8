import { AppError } from '#libs/errors/app-error';
import { Budget } from './budget.js';
import { filtered, pattern } from './filters.js';
import { Page, type Element } from './page.js';
import type { Field, Mark, RuleRecord } from './rule-record.js';
import { transformed } from './transforms.js';

export type Row = Record<string, string | number | null>;

export interface PageReading {
  rows: Row[];
  /** How much work it was; the same page and rules always cost the same. */
  steps: number;
}

/** What the rules read on a page: a row for each entry of a list, one row of anything else. Never runs anything of it. */
export function readPage(
  record: RuleRecord,
  { page: kind, url, html, now }: { page: 'list' | 'detail' | 'user'; url: string; html: string; now: Date },
  budget = new Budget(),
): PageReading {
  const parse = record.parse?.[kind];
  if (!parse) throw new AppError('invalid', `The rules of ${record.site} do not say how to read a ${kind} page.`);
  const page = new Page(html, budget);
  if (!isThatSite(record, page, url, budget))
    throw new AppError('invalid', `This page does not look like one of ${record.site}.`);
  const context = { page, url, now, budget };
  const found = 'row' in parse ? page.all(parse.row) : [undefined];
  const rows = found.map((element) => rowOf(parse.fields, element, context)).filter((row) => row !== undefined);
  return { rows, steps: Math.round(budget.spent) };
}

interface Context {
  page: Page;
  url: string;
  now: Date;
  budget: Budget;
}

/** A row, or undefined when a field that it must have is not there, as in the head of a table. */
function rowOf(fields: Readonly<Record<string, Field>>, row: Element | undefined, context: Context): Row | undefined {
  const values: Row = {};
  for (const [name, field] of Object.entries(fields)) {
    const value = valueOf(field, row, context) ?? field.default ?? null;
    if (value === null && !field.optional) return undefined;
    values[name] = value;
  }
  return values;
}

function valueOf(field: Field, row: Element | undefined, { page, now, budget }: Context): string | number | null {
  const element = field.selector === undefined ? row : page.first(field.selector, row);
  if (element === null) return null;
  const attribute = field.attr === undefined ? undefined : element?.attribs[field.attr];
  const raw = field.attr === undefined ? page.text(element, field.remove) : attribute;
  if (raw === undefined) return null;
  const text = filtered(raw, field.filters, { now, budget });
  return text === null || (text === '' && field.transform !== undefined) ? null : transformed(text, field.transform);
}

/** Whether a page is one of the site: all of the marks of `all`, and one of those of `any`. */
function isThatSite({ verify }: RuleRecord, page: Page, url: string, budget: Budget): boolean {
  const holds = (mark: Mark) => bears(mark, page, url, budget);
  return (
    (verify?.all ?? []).every(holds) && (verify?.any === undefined || verify.any.length === 0 || verify.any.some(holds))
  );
}

function bears(mark: Mark, page: Page, url: string, budget: Budget): boolean {
  if ('meta_generator_equals' in mark)
    return page.first('meta[name="generator"]')?.attribs.content === mark.meta_generator_equals;
  if ('title_contains' in mark) return page.text(page.first('title') ?? undefined).includes(mark.title_contains);
  if ('url_contains' in mark) return url.includes(mark.url_contains);
  if ('selector_exists' in mark) return page.first(mark.selector_exists) !== null;
  const element = mark.selector === undefined ? undefined : page.first(mark.selector);
  if (element === null) return false;
  const text = page.text(element);
  budget.spend(text.length);
  return 'text_contains' in mark ? text.includes(mark.text_contains) : pattern(mark.regex_match).matcher(text).find();
}
