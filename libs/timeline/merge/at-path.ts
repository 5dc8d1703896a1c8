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
  return put(document, [{ path, value }]) as Document;
}

/** A value and where it is to be put. */
export interface Put {
  path: Path;
  value: unknown;
}

/** The same for many, one after the other, in one go: what they have in common of their ways is copied once. */
export const withValuesAt = (document: Document, changes: readonly Put[]): Document =>
  put(document, changes) as Document;

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

function put(here: unknown, changes: readonly Put[]): unknown {
  const whole = changes.findLastIndex(({ path }) => path.length === 0);
  if (whole >= 0) return put(changes[whole]!.value, changes.slice(whole + 1));
  if (changes.length === 0) return here;
  if (Array.isArray(here)) return changes.reduce<unknown[]>(putInList, here);
  if (here !== undefined && !isDocument(here)) return here;
  const made = { ...here };
  for (const [name, inside] of byField(changes)) {
    const next = put(Object.hasOwn(made, name) ? made[name] : undefined, inside);
    if (next === undefined) delete made[name];
    else if (name !== '__proto__') made[name] = next;
    else Object.defineProperty(made, name, { value: next, writable: true, enumerable: true, configurable: true });
  }
  return made;
}

function putInList(list: unknown[], { path: [step, ...rest], value }: Put): unknown[] {
  const rows = rowsOf(list);
  if (!rows) return list;
  const key = keyOfStep(step!);
  if (!rows.has(key)) return rest.length > 0 || value === undefined ? list : [...list, value];
  const next = put(rows.get(key), [{ path: rest, value }]);
  return [...rows].flatMap(([each, row]) => (each !== key ? [row] : next === undefined ? [] : [next]));
}

/** What is to be put below each field, in the order in which these come first. */
function byField(changes: readonly Put[]): Map<string, Put[]> {
  const groups = new Map<string, Put[]>();
  for (const { path, value } of changes) {
    const [step, ...rest] = path;
    const key = String(step!);
    const group = groups.get(key);
    if (group) group.push({ path: rest, value });
    else groups.set(key, [{ path: rest, value }]);
  }
  return groups;
}
