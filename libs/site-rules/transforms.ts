import type { Budget } from './budget.js';
import { categoryOf } from './categories.js';
import { wordsOf } from './filters.js';
import { fuzzyDate } from './fuzzy-date.js';
import type { Field } from './rule-field.js';
import type { RuleRecord } from './rule-record.js';

/** A text as the value it stands for; null when it stands for none. Dates are ISO 8601, addresses are whole. */
export function transformed(
  text: string,
  transform: Field['transform'],
  { record, url, now, budget }: { record: RuleRecord; url: string; now: Date; budget: Budget },
): string | number | null {
  switch (transform) {
    case undefined:
      return text;
    case 'size':
      return sizeIn(text);
    case 'int':
      return numberIn(text, (value) => Math.trunc(value));
    case 'float':
      return numberIn(text, (value) => value);
    case 'date':
      return fuzzyDate(text, now)?.toISOString() ?? null;
    case 'url':
      return addressOf(text, url);
    case 'category':
    case 'category_label':
      budget.spend((record.category_map?.length ?? 0) / 16);
      return categoryOf(record, text, transform === 'category' ? 'id' : 'label');
    case 'words':
      return wordsOf(text).map((word) => word.replaceAll('_', ' ')).join(',') || null; // prettier-ignore
  }
}

/** Nothing that a page could have run where it is opened. */
function addressOf(text: string, url: string): string | null {
  const address = URL.parse(text, url);
  return address && /^(?:https?|magnet|ftp):$/.test(address.protocol) ? address.href : null;
}

const POWERS = 'bkmgtpe';

/** Bytes: `1,234.5 MB` and `1.2 GiB` alike count by 1024, as trackers do; a number alone is bytes. */
function sizeIn(text: string): number | null {
  const given = text.slice(0, 200).replace(/(\d)\s+(?=\d)/g, '$1');
  const [, digits, prefix = ''] =
    /(\d[\d.,]*)\s*([kmgtpe]?)i?[bo](?![a-z]*\d)(?:yte)?/i.exec(given) ??
    /^(\d[\d.,]*)\s*([kmgtpe]?)i?$/i.exec(given) ??
    [];
  if (digits === undefined) return null;
  const value = plainNumber(digits);
  return value === null ? null : Math.round(value * 1024 ** POWERS.indexOf(prefix.toLowerCase() || 'b'));
}

function numberIn(text: string, rounded: (value: number) => number): number | null {
  const [digits] = /-?\d[\d.,]*/.exec(text.slice(0, 200)) ?? [];
  const value = digits === undefined ? null : plainNumber(digits);
  return value === null ? null : rounded(value);
}

/** Digits with thousands separators of either kind: the last sign counts as the point unless three digits follow it. */
function plainNumber(digits: string): number | null {
  const plain = digits.replace(/[.,]+$/, '');
  const [, whole = plain, sign, rest = ''] = /^(.*)([.,])(\d*)$/.exec(plain) ?? [];
  const isPoint = sign !== undefined && (sign === '.' ? rest.length !== 3 || !/[.,]/.test(whole) : rest.length !== 3);
  const value = Number(isPoint ? `${whole.replace(/[.,]/g, '')}.${rest}` : plain.replace(/[.,]/g, ''));
  return Number.isFinite(value) ? value : null;
}
