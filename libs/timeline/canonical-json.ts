import { createHash } from 'node:crypto';
import { decimalText, isRawNumber } from './exact-json.js';

/**
 * The one text of a JSON value, after RFC 8785: keys sorted by UTF-16 code units, no white space, text as it is. Equal
 * numbers print equally, and numbers beyond a double's reach keep every digit, which RFC 8785 would give up.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : JSON.stringify(value);
  if (isRawNumber(value)) return canonicalNumber(value.rawJSON);
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`;
  const entries = Object.entries(value as Record<string, unknown>).filter(([, item]) => item !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(',')}}`;
}

/** The canonical text of a JSON value if it is no longer than `limit`; gives up as soon as it is. */
export function canonicalWithin(value: unknown, limit: number): string | undefined {
  if (Array.isArray(value)) {
    let text = '[';
    for (const item of value as unknown[]) {
      const part = canonicalWithin(item ?? null, limit - text.length);
      if (part === undefined) return undefined;
      text += text.length === 1 ? part : `,${part}`;
    }
    return text.length < limit ? `${text}]` : undefined;
  }
  if (typeof value === 'object' && value !== null && !isRawNumber(value)) {
    let text = '{';
    for (const key of Object.keys(value).sort()) {
      const item = (value as Record<string, unknown>)[key];
      if (item === undefined) continue;
      const name = `${text.length === 1 ? '' : ','}${JSON.stringify(key)}:`;
      const part = canonicalWithin(item, limit - text.length - name.length);
      if (part === undefined) return undefined;
      text += name + part;
    }
    return text.length < limit ? `${text}}` : undefined;
  }
  if (typeof value === 'string' && value.length > limit) return undefined;
  const text = canonicalJson(value);
  return text.length <= limit ? text : undefined;
}

/** The SHA-256 of a JSON value's canonical text in UTF-8, in lower-case hex. */
export function contentHash(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value), 'utf8').digest('hex');
}

/** A raw number that a double happens to carry prints as that double does; any other with all its digits, as doubles print. */
function canonicalNumber(source: string): string {
  const text = decimalText(source);
  const double = Number(source);
  if (Number.isFinite(double) && !Object.is(double, -0) && decimalText(String(double)) === text) return String(double);
  const [, sign = '', digits = '', exponent = '0'] = /^(-?)(\d+)(?:e(-?\d+))?$/.exec(text)!;
  const power = BigInt(exponent);
  if (power === 0n) return sign + digits;
  const point = power + BigInt(digits.length);
  if (power > 0n && point <= 21n) return sign + digits + '0'.repeat(Number(power));
  if (power < 0n && point > 0n) return `${sign}${digits.slice(0, Number(point))}.${digits.slice(Number(point))}`;
  if (power < 0n && point > -7n) return `${sign}0.${'0'.repeat(Number(-point))}${digits}`;
  const scale = point - 1n;
  return `${sign}${digits[0]}${digits.length > 1 ? `.${digits.slice(1)}` : ''}e${scale > 0n ? '+' : ''}${scale}`;
}
