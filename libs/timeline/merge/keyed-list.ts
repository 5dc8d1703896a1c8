import { canonicalJson } from '../canonical-json.js';
import { isDocument } from '../document.js';
import { isRawNumber, parseExact } from '../exact-json.js';

/** Values by key, in their order. In a list the key is the canonical text of the id, so that 1 and "1" differ. */
export type Rows = ReadonlyMap<string, unknown>;

/** A list of things that each have an id of their own, by that id; nothing for any other list. */
export const asEntities = (list: unknown): Rows | undefined => keyed(list, entityKey);

/** A list of plain values, none of them twice, by value; nothing for any other list. */
export const asSet = (list: unknown): Rows | undefined => keyed(list, scalarKey);

/** What a list's key is called in a path: the id itself. */
export function idOfKey(key: string): string | number {
  if (key.startsWith('"') && !key.includes('\\')) return key.slice(1, -1);
  const id = parseExact(key);
  if (typeof id === 'string' || typeof id === 'number') return id;
  return isRawNumber(id) ? id.rawJSON : key;
}

function keyed(list: unknown, keyOf: (item: unknown) => string | undefined): Rows | undefined {
  if (!Array.isArray(list)) return undefined;
  const rows = new Map<string, unknown>();
  for (const item of list as unknown[]) {
    const key = keyOf(item);
    if (key === undefined || rows.has(key)) return undefined;
    rows.set(key, item);
  }
  return rows;
}

/** The key of a thing that has an id of its own. */
export function entityKey(item: unknown): string | undefined {
  if (!isDocument(item) || !Object.hasOwn(item, 'id')) return undefined;
  if (typeof item.id === 'string') return JSON.stringify(item.id);
  const isName = typeof item.id === 'number' || isRawNumber(item.id);
  return isName ? canonicalJson(item.id) : undefined;
}

const scalarKey = (item: unknown): string | undefined =>
  Array.isArray(item) || isDocument(item) ? undefined : canonicalJson(item ?? null);
