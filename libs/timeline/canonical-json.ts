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

/** The SHA-256 of a JSON value's canonical text in UTF-8, in lower-case hex. */
export function contentHash(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value), 'utf8').digest('hex');
}

/** A raw number that a double happens to carry prints as that double does; any other by its digits and power of ten. */
function canonicalNumber(source: string): string {
  const text = decimalText(source);
  const double = Number(source);
  if (Number.isFinite(double) && !Object.is(double, -0) && decimalText(String(double)) === text) return String(double);
  return text;
}
