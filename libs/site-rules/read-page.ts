import { AppError } from '#libs/errors/app-error';
import { Budget } from './budget.js';
import { jsonRow, pageRow, type FieldContext } from './field-values.js';
import { filled, filtered } from './filters.js';
import { jsonPage, jsonRows } from './json-page.js';
import { jsonAt } from './json-path.js';
import { Page, type Element } from './page.js';
import { firstFound, pattern } from './pattern.js';
import { hasAllWords, questionLookup, type Question } from './question.js';
import type { List, Mark, RuleRecord } from './rule-record.js';
import { rowOf, type Row } from './rows.js';

export type { Row } from './rows.js';

export interface PageReading {
  rows: Row[];
  /** How much work it was; the same page and rules always cost the same. */
  steps: number;
}

export interface GivenPage {
  page: 'list' | 'detail' | 'user';
  url: string;
  /** What the site answered: a page, JSON or XML, as the rules have it. */
  html: string;
  now: Date;
  /** What was asked for, where rules speak of it. */
  question?: Question;
}

/** What the rules read on a page: a row for each entry of a list, one row of anything else. Never runs anything of it. */
export function readPage(record: RuleRecord, given: GivenPage, budget = new Budget()): PageReading {
  try {
    return readingOf(record, given, budget);
  } catch (cause) {
    // Whoever wrote the page or the rules nested them deeper than there is room for here.
    if (cause instanceof RangeError)
      throw new AppError('invalid', `This page of ${record.site} is nested too deeply.`, undefined, { cause });
    throw cause;
  }
}

function readingOf(record: RuleRecord, given: GivenPage, budget: Budget): PageReading {
  const { page: kind, url, html, now, question = {} } = given;
  const parse = record.parse?.[kind];
  if (!parse) throw new AppError('invalid', `The rules of ${record.site} do not say how to read a ${kind} page.`);
  const lookup = questionLookup(record, { question, now, url }, budget);
  const context: FieldContext = { record, url, now, budget, lookup };
  const list = 'row' in parse ? parse : undefined;
  if (list?.format === 'json') return reading(jsonList(list, html, context), budget);
  const text = list?.before ? (filtered(html, list.before, { ...context, longest: html.length * 2 }) ?? '') : html;
  const page = new Page(text, budget, list?.format ?? 'html');
  if (!isThatSite(record, page, url, budget))
    throw new AppError('invalid', `This page does not look like one of ${record.site}.`);
  const rows = list ? rowsOf(list, page, context) : [undefined];
  return reading(
    rows
      .map((element) => rowOf(parse.fields, pageRow(page, element), context, list?.date_above))
      .filter((row) => keeps(list, row, lookup)),
    budget,
  );
}

function reading(rows: readonly (Row | undefined)[], budget: Budget): PageReading {
  return { rows: rows.filter((row) => row !== undefined), steps: Math.round(budget.spent) };
}

function keeps(list: List | undefined, row: Row | undefined, lookup: FieldContext['lookup']): boolean {
  const words = list?.all_words;
  if (words === undefined || row === undefined) return true;
  const keywords = lookup('.Keywords');
  return hasAllWords(
    String(row.title_raw ?? ''),
    typeof keywords === 'string' ? keywords : '',
    words === true ? undefined : words,
  );
}

/** The rows of a list, each with those that belong to it, and with the date that stands above. */
function rowsOf(list: List, page: Page, context: FieldContext): Element[] {
  const found = page.all(filled(list.row, context));
  if (list.after === undefined) return found;
  return found.filter((row, at) => {
    if (at % (list.after! + 1) !== 0) return false;
    page.merge(row, found.slice(at + 1, at + 1 + list.after!));
    return true;
  });
}

function jsonList(list: List, text: string, context: FieldContext): (Row | undefined)[] {
  const { budget, lookup } = context;
  const answer = jsonPage(text, budget);
  if (list.count) {
    const count = Number.parseInt(
      String(rowOf({ count: list.count }, jsonRow(answer, answer), context)?.count ?? ''),
      10,
    );
    if (count < 1) return [];
  }
  const rows = jsonRows(answer, filled(list.row, context), budget);
  if (!rows && !list.none_when_missing)
    throw new AppError('invalid', `There is no list at ${JSON.stringify(list.row)} in this answer.`);
  return (rows ?? []).flatMap((row) => {
    const inside = list.inside === undefined ? row : jsonAt(row, list.inside, budget);
    const parts = list.several ? (Array.isArray(inside) ? inside : Object.values(inside ?? {})) : [inside];
    return parts
      .filter((part) => typeof part === 'object' && part !== null)
      .map((part) => rowOf(list.fields, jsonRow(part, row), context))
      .filter((one) => keeps(list, one, lookup));
  });
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
  return 'text_contains' in mark
    ? text.includes(mark.text_contains)
    : firstFound(pattern(mark.regex_match), text, budget) !== undefined;
}
