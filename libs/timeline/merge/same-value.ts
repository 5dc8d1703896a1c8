import { canonicalJson } from '../canonical-json.js';
import { isDocument, type Document } from '../document.js';
import { isUnknown } from './unknown.js';

/** Whether two JSON values are the same, in the sense of their canonical text; `undefined` is only itself, and what is unknown is nothing. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return !isUnknown(a);
  if (a === undefined || b === undefined) return false;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, at) => sameValue(item ?? null, b[at] ?? null));
  }
  if (isDocument(a)) return isDocument(b) && sameDocument(a, b);
  return !Array.isArray(b) && !isDocument(b) && canonicalJson(a) === canonicalJson(b);
}

function sameDocument(a: Document, b: Document): boolean {
  if (isUnknown(a) || isUnknown(b)) return false;
  const keys = presentKeys(a);
  return (
    keys.length === presentKeys(b).length && keys.every((key) => Object.hasOwn(b, key) && sameValue(a[key], b[key]))
  );
}

const presentKeys = (document: Document): string[] =>
  Object.keys(document).filter((key) => document[key] !== undefined);
