import { fuzzyDate } from './fuzzy-date.js';
import { monthIn } from './month-in.js';

const TOKENS =
  /yyyy|yy|MMMM|MMM|MM|M|dddd|ddd|dd|d|HH|H|hh|h|mm|m|ss|s|f{1,7}|F{1,7}|tt|t|zzz|zz|z|K|'[^']*'|"[^"]*"|\\.|\s+|[^]/g;

/**
 * The moment a text names in a format of .NET's kind, as `yyyy-MM-dd HH:mm:ss zzz`, in UTC unless it says otherwise; what the
 * format does not have is today's. `ago` reads "3 hours 5 min ago" back from now, `fuzzy` whatever people write.
 * Undefined when the text is not so.
 */
export function dateIn(text: string, format: string, now: Date): Date | undefined {
  if (format === 'ago' || format === 'fuzzy') return fuzzyDate(text, now);
  const given = text.slice(0, 200).trim();
  const found: Parts = {};
  let at = 0;
  for (const token of format.trim().match(TOKENS) ?? []) {
    // A break of a line may stand where the format has nothing.
    const next = taken(token, given, at, found) ?? (given[at] === ' ' ? taken(token, given, at + 1, found) : undefined);
    if (next === undefined) return undefined;
    at = next;
  }
  return at === given.length ? momentOf(found, now) : undefined;
}

interface Parts {
  year?: number;
  month?: number;
  day?: number;
  hour?: number;
  minute?: number;
  second?: number;
  milli?: number;
  half?: 'a' | 'p';
  offset_min?: number;
}

const PLACES: Readonly<Record<string, readonly [keyof Parts & ('month' | 'day' | 'hour' | 'minute' | 'second'), RegExp]>> = {
  MM: ['month', /\d{1,2}/y], M: ['month', /\d{1,2}/y], dd: ['day', /\d{1,2}/y], d: ['day', /\d{1,2}/y],
  HH: ['hour', /\d{1,2}/y], H: ['hour', /\d{1,2}/y], hh: ['hour', /\d{1,2}/y], h: ['hour', /\d{1,2}/y],
  mm: ['minute', /\d{1,2}/y], m: ['minute', /\d{1,2}/y], ss: ['second', /\d{1,2}/y], s: ['second', /\d{1,2}/y],
}; // prettier-ignore

/** Where a token ends in the text, with what it says written down; undefined where it does not stand there. */
function taken(token: string, text: string, at: number, parts: Parts): number | undefined {
  const here = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0];
  };
  const after = (found: string | undefined, keep?: (found: string) => boolean): number | undefined =>
    found === undefined || keep?.(found) === false ? undefined : at + found.length;
  const place = PLACES[token];
  if (place) return after(here(place[1]), (found) => ((parts[place[0]] = Number(found)), true));
  if (token === 'yyyy') return after(here(/\d{4}/y), (found) => ((parts.year = Number(found)), true));
  if (token === 'yy')
    return after(here(/\d{2}/y), (found) => ((parts.year = Number(found) + (Number(found) < 50 ? 2000 : 1900)), true));
  if (token === 'MMM' || token === 'MMMM')
    return after(here(/[A-Za-z]{3,9}/y), (found) => {
      const month = monthIn(found);
      if (month !== undefined) parts.month = month + 1;
      return month !== undefined;
    });
  if (token === 'ddd' || token === 'dddd') return after(here(/(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*/iy));
  if (/^[fF]+$/.test(token)) {
    const digits = here(/\d{1,7}/y) ?? (token.startsWith('F') ? '' : undefined);
    return after(digits, (found) => ((parts.milli = Math.trunc(Number(`0.${found || '0'}`) * 1000)), true));
  }
  if (token === 'tt' || token === 't')
    return after(here(token === 'tt' ? /[ap]\.?m\.?/iy : /[ap]/iy), (found) => {
      parts.half = found[0]!.toLowerCase() as 'a' | 'p';
      return true;
    });
  if (/^(?:z+|K)$/.test(token)) {
    const zone = here(/Z|GMT|UTC|[+-]\d{1,2}(?::?\d{2})?/iy) ?? (token === 'K' ? '' : undefined);
    return after(zone, (found) => ((parts.offset_min = offsetIn(found)), true));
  }
  if (/^\s/.test(token)) return after(here(/\s+/y));
  const literal = /^['"\\]/.test(token) ? token.replace(/^\\|^['"]|['"]$/g, '') : token;
  return text.startsWith(literal, at) ? at + literal.length : undefined;
}

function offsetIn(zone: string): number {
  const [, sign, hours, minutes = '0'] = /^([+-])(\d{1,2}):?(\d{2})?$/.exec(zone) ?? [];
  return sign === undefined ? 0 : (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

function momentOf(parts: Parts, now: Date): Date | undefined {
  const { hour: said = 0, minute = 0, second = 0, milli = 0, half, offset_min = 0 } = parts;
  const hour = half === undefined || said > 12 ? said : (said % 12) + (half === 'p' ? 12 : 0);
  const today = parts.year === undefined && parts.month === undefined && parts.day === undefined;
  const year = parts.year ?? now.getUTCFullYear();
  const month = parts.month ?? (today ? now.getUTCMonth() + 1 : 1);
  const day = parts.day ?? (today ? now.getUTCDate() : 1);
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60) return undefined;
  return new Date(Date.UTC(year, month - 1, day, hour, minute, second, milli) - offset_min * 60_000);
}
