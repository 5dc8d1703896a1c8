import { AppError } from '#libs/errors/app-error';
import { hostOf, isOf } from './addresses.js';
import { Budget } from './budget.js';
import { siteCategories } from './categories.js';
import { filled, type FilterContext } from './filters.js';
import { questionLookup, siteOf, type Question } from './question.js';
import type { SearchPath } from './rule-asking.js';
import type { RuleRecord } from './rule-record.js';

/** One request to a site. */
export interface SearchRequest {
  method: 'GET' | 'POST';
  url: string;
  headers: Record<string, string>;
  /** Names and values of the body, which are sent in the site's encoding. */
  form: [string, string][];
  encoding: string;
  format: 'html' | 'json' | 'xml';
}

/**
 * What is sent to a site to search it: one request for each path that the categories allow. Nothing is ever sent to a host
 * that is not the site's, whatever the rules, the settings and the question make of an address.
 */
export function searchRequests(record: RuleRecord, question: Question, now: Date, budget = new Budget()): SearchRequest[] {
  const { search } = record;
  if (!search?.paths) throw new AppError('invalid', `The rules of ${record.site} do not say how to search it.`);
  const base = siteOf(record, question);
  if (base === undefined) throw new AppError('invalid', `The rules of ${record.site} name no domain. Choose one.`);
  const context: FilterContext = { now, budget, lookup: questionLookup(record, { question, now }, budget) };
  const chosen = siteCategories(record, question.categories ?? []);
  return search.paths.flatMap((path): SearchRequest[] => {
    const { only, not } = path.categories ?? {};
    const meant = chosen.filter((id) => (only ? only.includes(id) : !(not?.includes(id) ?? false)));
    if (only && meant.length === 0) return [];
    if (not && chosen.length > 0 && meant.length === 0) return [];
    const own: FilterContext = { ...context, lookup: (name) => (name === '.Categories' ? meant : context.lookup(name)) };
    const url = addressOf(path, base, own);
    check(record, url);
    const form = inputsOf([...(path.with_common ? (search.inputs ?? []) : []), ...path.inputs], search.empty_inputs, own);
    const method = filled(path.method, own).trim().toUpperCase() === 'POST' ? 'POST' : 'GET';
    if (method === 'GET') for (const [name, value] of form) url.searchParams.append(name, value);
    const headers = Object.fromEntries(Object.entries(search.headers).map(([name, value]) => [name, filled(value, own)]));
    return [{ method, url: url.href, headers, form: method === 'GET' ? [] : form, encoding: search.encoding, format: path.format }];
  });
} // prettier-ignore

const escaped = (value: string): string => encodeURIComponent(value.toWellFormed());

function addressOf({ path }: SearchPath, base: string, context: FilterContext): URL {
  // The site's own address is not a value of somebody's and stands as it is.
  const own = path.replace(/^\{\{\s*\.Config\.sitelink\s*\}\}/, () => base);
  const host = /^(?:https?:\/\/)?\{\{\s*\.Config\.[\w-]+\s*\}\}/.exec(own)?.[0] ?? '';
  const text = filled(host, context) + filled(own.slice(host.length), context, escaped);
  const url = URL.parse(text, base);
  if (!url) throw new AppError('invalid', `${JSON.stringify(text)} is no address.`);
  return url;
}

function inputsOf(
  inputs: readonly (readonly [string, string])[],
  keepEmpty: boolean | undefined,
  context: FilterContext,
): [string, string][] {
  return inputs.flatMap(([name, template]): [string, string][] => {
    if (name === '$raw')
      return [...new URLSearchParams(filled(template, context, escaped))].filter(([key]) => key !== '');
    const value = filled(template, context);
    return value.trim() === '' && !keepEmpty ? [] : [[name, value]];
  });
}

function check({ domains, site }: RuleRecord, url: URL): void {
  const host = hostOf(url.href);
  if (host === undefined || !domains.some((domain) => isOf(domain, host)))
    throw new AppError('invalid', `The rules of ${site} would ask ${url.host}, which is not a domain of theirs.`);
}
