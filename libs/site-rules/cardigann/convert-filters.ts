import { AppError } from '#libs/errors/app-error';
import { dateIn } from '../date-in.js';
import { checkJsonPath } from '../json-path.js';
import { pattern, type Syntax } from '../pattern.js';
import type { Filter } from '../rule-field.js';
import { Block, type Tree } from './definition-tree.js';
import { goLayoutAsFormat } from './go-layout.js';
import type { Losses } from './losses.js';

export interface Names {
  /** A template as our rules have it: with their names of fields. */
  template: (text: string) => string;
  losses: Losses;
}

/** Filters of a definition, in order; those for debugging are left out. */
export function convertFilters(given: readonly Tree[], path: string, names: Names): Filter[] {
  return given.flatMap((one, at): Filter[] => {
    const place = `${path}.${at}`;
    if (!(one instanceof Block)) return lost(names, place, 'this is no filter');
    const name = one.text('name') ?? '';
    const args = one.list('args').map((arg) => (typeof arg === 'string' ? arg : ''));
    for (const key of one.unread()) names.losses.lose(`${place}.${key}`, 'unknown', `${key} is not known here`);
    return convertFilter(name, args, place, names);
  });
}

function convertFilter(name: string, args: readonly string[], place: string, names: Names): Filter[] {
  const { losses, template } = names;
  const [first, second] = args;
  const need = (count: number): boolean => {
    if (args.length >= count) return true;
    losses.lose(place, 'unknown', `${name} is given ${args.length} of ${count} arguments`);
    return false;
  };
  switch (name) {
    case 'hexdump':
    case 'strdump':
      losses.note(place, `${name} only prints`);
      return [];
    case 'querystring':
      return need(1) ? [{ name: 'query', param: first! }] : [];
    case 'timeparse':
    case 'dateparse':
      return dateFilter(first ?? '', place, losses);
    case 'regexp': {
      const syntax = syntaxOf(first ?? '', place, losses);
      return syntax ? [{ name: 'regex', pattern: first!, group: 1, keep: true, ...syntax }] : [];
    }
    case 're_replace': {
      if (!need(1)) return [];
      const syntax = syntaxOf(first!, place, losses);
      return syntax ? [{ name: 'replace_regex', pattern: first!, with: template(second ?? ''), ...syntax }] : [];
    }
    case 'split':
      return need(2) ? [{ name: 'split', on: first!.slice(0, 1), at: Number(second) }] : [];
    case 'replace':
      return need(1) && first !== '' ? [{ name: 'replace', from: first!, to: template(second ?? '') }] : [];
    case 'trim':
      return [first ? { name: 'trim', characters: first.slice(0, 1) } : { name: 'trim' }];
    case 'prepend':
    case 'append':
      return [{ name, text: template(first ?? '') }];
    case 'tolower':
      return [{ name: 'lower' }];
    case 'toupper':
      return [{ name: 'upper' }];
    case 'urldecode':
      return [{ name: 'url_decode' }];
    case 'urlencode':
      return [{ name: 'url_encode' }];
    case 'htmldecode':
      return [{ name: 'html_decode' }];
    case 'htmlencode':
      return [{ name: 'html_encode' }];
    case 'timeago':
    case 'reltime':
      return [{ name: 'date', format: 'ago', keep: true }];
    case 'fuzzytime':
      return [{ name: 'date', format: 'fuzzy', keep: true }];
    case 'validfilename':
      return [{ name: 'file_name' }];
    case 'diacritics':
      return first === 'replace' ? [{ name: 'no_marks' }] : lost(names, place, `diacritics does not know ${first}`);
    case 'jsonjoinarray':
      return joinFilter(args, place, losses);
    case 'validate':
      return [{ name: 'only', words: [...new Set((first ?? '').split(/[,\s/()[\];"|:.]+/).filter((word) => word !== ''))] }];
    default:
      return lost(names, place, `the filter ${name} is not known`);
  }
} // prettier-ignore

function lost({ losses }: Names, place: string, message: string): [] {
  losses.lose(place, 'unknown', message);
  return [];
}

function joinFilter([path = '', separator = '']: readonly string[], place: string, losses: Losses): Filter[] {
  try {
    checkJsonPath(path);
    return [{ name: 'join_json', path, with: separator }];
  } catch (error) {
    losses.lose(place, 'selector', (error as Error).message);
    return [];
  }
}

/** Layouts with digits are Go's examples, others are .NET's formats. */
function dateFilter(layout: string, place: string, losses: Losses): Filter[] {
  const format = /\d/.test(layout) ? goLayoutAsFormat(layout) : layout;
  if (format === undefined || format === '') {
    losses.lose(place, 'date', `${JSON.stringify(layout)} is no layout of a date`);
    return [];
  }
  // A format is tried, not believed.
  dateIn('', format, new Date(0));
  return [{ name: 'date', format, keep: true }];
}

/**
 * In which way a pattern is to be read: linear where it means the same there, else by tries; undefined when in neither.
 * RE2 knows words and digits of ASCII alone and does not look around.
 */
export function syntaxOf(source: string, place: string, losses: Losses): { syntax?: Syntax } | undefined {
  if (!/\\[bBwW]|\\p\{Is/.test(source))
    try {
      pattern(source);
      return {};
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
    }
  try {
    pattern(source, 'net');
    return { syntax: 'net' };
  } catch (error) {
    losses.lose(place, 'pattern', (error as Error).message);
    return undefined;
  }
}
