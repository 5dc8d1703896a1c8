import { canonicalJson } from '../canonical-json.js';
import { isDocument, type Document } from '../document.js';
import type { Path } from './conflict.js';
import { asEntities, asSet, type Rows } from './keyed-list.js';
import { FIELDS_OF_IDS } from './row-families.js';

/** What stands at a path of a document; `undefined` where nothing does. */
export const valueAt = (document: unknown, path: Path): unknown => path.reduce(child, document);

/**
 * The way to the same thing in a document where it may stand in another row: an action on another track, a beat in
 * another scene. The path itself when the thing is not there.
 */
export function whereabouts(document: Document, path: Path): Path {
  for (let at = 3; at < path.length; at++) {
    if (valueAt(document, path.slice(0, at + 1)) !== undefined) continue;
    const moved = besides(document, path.slice(0, at), path[at]!);
    if (moved) return [...moved, ...path.slice(at + 1)];
  }
  return path;
}

/**
 * The document with another value at a path, or without what stands there (`undefined`); all else is the very same. Rows
 * that are not there are not made, tables are.
 */
export function withValueAt(document: Document, path: Path, value: unknown): Document {
  return put(document, path, value) as Document;
}

/**
 * The document with a thing in a list, after what precedes it in another list that has it: the nearest of these that the
 * list knows; first when it knows none. What stood there under its key is replaced and moved.
 */
export function withItemLike(
  document: Document,
  list: Path,
  item: { key: string; value: unknown; like: Rows },
): Document {
  const there = valueAt(document, list);
  const rows = rowsOf(there ?? []) ?? new Map<string, unknown>();
  const others = [...rows].filter(([key]) => key !== item.key);
  const before = [...item.like.keys()];
  const predecessors = before.slice(0, Math.max(0, before.indexOf(item.key))).reverse();
  const places = new Map(others.map(([key], at) => [key, at]));
  const after = predecessors.find((key) => places.has(key));
  const at = after === undefined ? 0 : places.get(after)! + 1;
  const values = others.map(([, value]) => value);
  return withValueAt(document, list, [...values.slice(0, at), item.value, ...values.slice(at)]);
}

/** The things of a list by their keys, be they things with ids or plain values. */
export const rowsOf = (list: unknown): Rows | undefined => asEntities(list) ?? asSet(list);

/** The things that stand in a list, each in no other list of the same field; nothing for lists that only mention things. */
export const thingsIn = (field: string, list: unknown): Rows | undefined =>
  asEntities(list) ?? (FIELDS_OF_IDS.has(field) ? asSet(list) : undefined);

/** The key of a step in a list. */
export const keyOfStep = (step: string | number): string => canonicalJson(step);

function child(value: unknown, step: string | number): unknown {
  if (Array.isArray(value)) return rowsOf(value)?.get(keyOfStep(step));
  return isDocument(value) && Object.hasOwn(value, String(step)) ? value[String(step)] : undefined;
}

/** Where among the rows beside this one the same field has a list that holds the step. */
function besides(document: Document, path: Path, step: string | number): Path | undefined {
  const [rows, field] = [path.slice(0, -2), path.at(-1)!];
  const table = valueAt(document, rows);
  const ids: (string | number)[] = Array.isArray(table)
    ? (table as unknown[]).map((row) => (isDocument(row) ? (row.id as string) : ''))
    : isDocument(table)
      ? Object.keys(table)
      : [];
  const row = ids.find((id) => {
    const list = valueAt(document, [...rows, id, field]);
    return thingsIn(String(field), list)?.has(keyOfStep(step));
  });
  return row === undefined ? undefined : [...rows, row, field, step];
}

function put(here: unknown, [step, ...rest]: Path, value: unknown): unknown {
  if (step === undefined) return value;
  if (Array.isArray(here)) {
    const key = keyOfStep(step);
    const rows = rowsOf(here);
    if (!rows) return here;
    const next = put(rows.get(key), rest, value);
    if (!rows.has(key)) return next === undefined || rest.length > 0 ? here : [...(here as unknown[]), next];
    return [...rows].flatMap(([each, row]) => (each !== key ? [row] : next === undefined ? [] : [next]));
  }
  if (here !== undefined && !isDocument(here)) return here;
  const owner = here ?? {};
  const name = String(step);
  const next = put(Object.hasOwn(owner, name) ? owner[name] : undefined, rest, value);
  if (next !== undefined) return withKey(owner, name, next);
  return Object.fromEntries(Object.entries(owner).filter(([key]) => key !== name));
}

/** The object with a key set, in its place if it has it. A key may be `__proto__`, which assigning would not make one of. */
const withKey = (owner: Document, name: string, value: unknown): Document =>
  Object.fromEntries(
    Object.hasOwn(owner, name)
      ? Object.entries(owner).map(([key, old]) => [key, key === name ? value : old])
      : [...Object.entries(owner), [name, value]],
  );
