import { AppError } from '#libs/errors/app-error';
import type { Budget } from './budget.js';
import { dateIn } from './date-in.js';
import { jsonAt, textOfJson } from './json-path.js';
import { decoded, encoded } from './markup-text.js';
import { firstFound, pattern, replaced, type Replacement } from './pattern.js';
import type { Filter } from './rule-field.js';
import { filledIn, type Lookup } from './template.js';

const LONGEST = 20_000;

export interface FilterContext {
  now: Date;
  budget: Budget;
  /** What the names in templates stand for. */
  lookup: Lookup;
  /** How many characters a text may have; what is beyond is cut off. */
  longest?: number;
}

/** A text after its filters; null when one of them finds nothing in it. */
export function filtered(text: string, filters: readonly Filter[], context: FilterContext): string | null {
  const longest = context.longest ?? LONGEST;
  let value: string | null = text.slice(0, longest);
  for (const filter of filters) {
    context.budget.spend(1 + value.length / 4);
    value = one(value, filter, context, longest);
    if (value === null) return null;
    value = value.slice(0, longest);
  }
  return value;
}

/** A template with what its names stand for. */
export const filled = (
  template: string,
  { lookup, budget }: FilterContext,
  escape?: (value: string) => string,
): string =>
  filledIn(template, {
    lookup,
    spend: (steps) => budget.spend(steps),
    ...(escape && { escape }),
    replace: (text, source, replacement) =>
      replaced(pattern(source, 'net'), text.slice(0, LONGEST), { by: replacement, budget, longest: LONGEST }),
  });

function one(text: string, filter: Filter, context: FilterContext, longest: number): string | null {
  const { budget, now } = context;
  switch (filter.name) {
    case 'replace_regex':
      return replaced(pattern(filter.pattern, filter.syntax), text, {
        by: filled(filter.with, context),
        budget,
        longest,
      });
    case 'replace':
      return replacedText(text, filter.from, { by: filled(filter.to, context), budget, longest });
    case 'append':
      return text + filled(filter.text, context);
    case 'prepend':
      return filled(filter.text, context) + text;
    case 'date':
      return dateIn(text, filter.format, now)?.toISOString() ?? (filter.keep ? text : null);
    case 'regex':
      return found(text, filter, budget);
    case 'query':
      return new URLSearchParams(text.includes('?') ? text.slice(text.indexOf('?') + 1).split('#')[0] : text).get(
        filter.param,
      );
    case 'trim':
      return trimmed(text, filter.characters);
    case 'split': {
      const parts = text.split(filter.on);
      return parts.at(filter.at) ?? null;
    }
    case 'lower':
      return text.toLowerCase();
    case 'upper':
      return text.toUpperCase();
    case 'url_decode':
      return urlDecoded(text);
    case 'url_encode':
      return encodeURIComponent(text.toWellFormed()).replaceAll('%20', '+');
    case 'html_decode':
      return decoded(text);
    case 'html_encode':
      return encoded(text);
    case 'file_name':
      // oxlint-disable-next-line no-control-regex
      return text.replace(/[\u0000-\u001f<>:"/\\|?*]/g, '_').trim();
    case 'no_marks':
      return text
        .normalize('NFD')
        .replace(/\p{Mn}/gu, '')
        .normalize('NFC');
    case 'join_json': {
      const joined = jsonAt(parsed(text), filter.path, budget);
      return Array.isArray(joined)
        ? joined.map((value) => textOfJson(value) ?? '').join(filter.with)
        : textOfJson(joined);
    }
    case 'only': {
      const said = new Set(wordsOf(text));
      return filter.words.filter((word) => said.has(word.toLowerCase())).join(',');
    }
  }
}

/** Every place of a text in another replaced, up to so many characters. */
function replacedText(text: string, from: string, { by, budget, longest }: Replacement): string {
  const parts: string[] = [];
  let [at, length] = [0, 0];
  for (let place = text.indexOf(from); place >= 0 && length < longest; place = text.indexOf(from, at)) {
    parts.push(text.slice(at, place), by);
    budget.spend(1 + by.length / 16);
    length += place - at + by.length;
    at = place + from.length;
  }
  return parts.join('') + text.slice(at);
}

function found(text: string, filter: Filter & { name: 'regex' }, budget: Budget): string | null {
  const source = pattern(filter.pattern, filter.syntax);
  if (filter.group > source.groups) {
    if (filter.keep) return '';
    throw new AppError('invalid', `The pattern ${filter.pattern} has no group ${filter.group}.`);
  }
  const first = firstFound(source, text, budget);
  return first?.group(filter.group) ?? (filter.keep ? '' : null);
}

function trimmed(text: string, characters: string | undefined): string {
  if (characters === undefined) return text.trim();
  const [among, all] = [new Set(characters), [...text]];
  let [from, to] = [0, all.length];
  while (from < to && among.has(all[from]!)) from++;
  while (to > from && among.has(all[to - 1]!)) to--;
  return all.slice(from, to).join('');
}

function urlDecoded(text: string): string {
  const spaced = text.replaceAll('+', ' ');
  try {
    return decodeURIComponent(spaced);
  } catch {
    // What is no UTF-8 is read as far as it is.
    return spaced.replace(/(?:%[0-9a-f]{2})+/gi, (run) =>
      new TextDecoder().decode(Uint8Array.from(run.slice(1).split('%'), (byte) => Number.parseInt(byte, 16))),
    );
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

/** The words of a list as sites write it. */
export const wordsOf = (text: string): string[] =>
  text.toLowerCase().split(/[,\s/()[\];"|:.]+/).filter((word) => word !== ''); // prettier-ignore
