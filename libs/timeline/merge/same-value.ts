import { canonicalJson } from '../canonical-json.js';
import { isDocument, type Document } from '../document.js';
import { isRawNumber } from '../exact-json.js';
import { isUnknown } from './unknown.js';

/** Whether two JSON values are the same, in the sense of their canonical text; `undefined` is only itself, and what is unknown is nothing. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null)
    return Object.is(a, b) || (a !== undefined && b !== undefined && isOneNumber(a, b));
  if (Array.isArray(a)) {
    return (
      Array.isArray(b) &&
      a.length === b.length &&
      a.every((item, at) => sameValue(item ?? null, (b as unknown[])[at] ?? null))
    );
  }
  if (isDocument(a)) return isDocument(b) && (a === b ? !isUnknown(a) : sameDocument(a, b));
  return !Array.isArray(b) && !isDocument(b) && canonicalJson(a) === canonicalJson(b);
}

/** A number beyond a double is an object to `typeof` alone. */
const isOneNumber = (a: unknown, b: unknown): boolean =>
  (isRawNumber(a) || isRawNumber(b)) && canonicalJson(a) === canonicalJson(b);

function sameDocument(a: Document, b: Document): boolean {
  if (isUnknown(a) || isUnknown(b)) return false;
  let present = 0;
  for (const key of Object.keys(a)) {
    const value = a[key];
    if (value === undefined) continue;
    present++;
    if (!Object.hasOwn(b, key) || !sameValue(value, b[key])) return false;
  }
  for (const key of Object.keys(b)) if (b[key] !== undefined) present--;
  return present === 0;
}
