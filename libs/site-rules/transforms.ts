import type { Field } from './rule-record.js';

/** A text as the value it stands for; null when it stands for none. Dates are ISO 8601. */
export function transformed(text: string, transform: Field['transform']): string | number | null {
  switch (transform) {
    case undefined:
      return text;
    case 'size':
      return sizeIn(text);
    case 'int':
      return numberIn(text, (value) => Math.trunc(value));
    case 'float':
      return numberIn(text, (value) => value);
    case 'date': {
      const moment = new Date(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}/.test(text) ? `${text.replace(' ', 'T')}Z` : text);
      return Number.isNaN(moment.getTime()) ? null : moment.toISOString();
    }
  }
}

const POWERS = 'kmgtpe';

/** Bytes: `1,234.5 MB` and `1.2 GiB` alike count by 1024, as trackers do. */
function sizeIn(text: string): number | null {
  const [, digits, prefix = ''] = /(\d[\d.,]*)\s*([kmgtpe]?)i?b(?:yte)?/i.exec(text.slice(0, 200)) ?? [];
  if (digits === undefined) return null;
  const value = plainNumber(digits);
  return value === null ? null : Math.round(value * 1024 ** (POWERS.indexOf(prefix.toLowerCase()) + 1 || 0));
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
