import type { Change, Id } from './change.js';
import type { Path } from '../merge/conflict.js';
import { isDocument } from '../document.js';
import { asEntities, asSet, idOfKey, type Rows } from '../merge/keyed-list.js';
import { stayed } from '../merge/merge-order.js';
import { sameValue } from '../merge/same-value.js';

/**
 * The differences of any two JSON values: key by key in objects, thing by thing in lists of things with ids or of
 * different plain values, whole otherwise. `undefined` is nothing at all.
 */
export function diffValues(path: Path, before: unknown, after: unknown): Change[] {
  if (Object.is(before, after)) return [];
  if (after === undefined) return [{ kind: 'removed', ...valueAt(path), before }];
  if (before === undefined) return [{ kind: 'set', ...valueAt(path), after }];
  if (isDocument(before) && isDocument(after)) {
    return keysOfBoth(before, after).flatMap((key) =>
      diffValues([...path, key], ownField(before, key), ownField(after, key)),
    );
  }
  for (const read of [asEntities, asSet]) {
    const [rows, newRows] = [read(before), read(after)];
    if (rows && newRows) return diffRows(path, rows, newRows);
  }
  return sameValue(before, after) ? [] : [{ kind: 'set', ...valueAt(path), before, after }];
}

/** What happened to the order of a list: each key that came, went, or stands elsewhere than its neighbours expect. */
export function diffOrder(before: string[], after: string[]): { came: string[]; went: string[]; moved: string[] } {
  const [had, has] = [new Set(before), new Set(after)];
  const still = stayed(before, after);
  return {
    came: after.filter((key) => !had.has(key)),
    went: before.filter((key) => !has.has(key)),
    moved: after.filter((key) => had.has(key) && !still.has(key)),
  };
}

/** The keys of both objects, in an order that does not depend on theirs. */
export const keysOfBoth = (before: object, after: object): string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();

/** A key of the object itself, never one it inherits. */
export const ownField = (value: unknown, key: string): unknown =>
  isDocument(value) && Object.hasOwn(value, key) ? value[key] : undefined;

/** The place of each key in a list. */
export const placesOf = (keys: Iterable<string>): Map<string, number> => {
  const places = new Map<string, number>();
  for (const key of keys) places.set(key, places.size);
  return places;
};

function diffRows(path: Path, before: Rows, after: Rows): Change[] {
  const { came, went, moved } = diffOrder([...before.keys()], [...after.keys()]);
  const [places, newPlaces] = [placesOf(before.keys()), placesOf(after.keys())];
  const at = (key: string): Path => [...path, idOfKey(key)];
  return [
    ...went.map((key): Change => ({ kind: 'removed', ...valueAt(at(key)), before: before.get(key) })),
    ...came.map((key): Change => ({ kind: 'set', ...valueAt(at(key)), after: after.get(key) })),
    ...moved.map((key): Change => {
      const [from, to] = [places, newPlaces].map((list) => ({ at: list.get(key)! })) as [
        { at: number },
        { at: number },
      ];
      return { kind: 'moved', ...valueAt(at(key)), before: from, after: to };
    }),
    ...[...after].flatMap(([key, row]) => (before.has(key) ? diffValues(at(key), before.get(key), row) : [])),
  ];
}

function valueAt(path: Path): { entity: 'value'; id: Id; path: Path; name: string } {
  return { entity: 'value', id: path.at(-1) ?? '', path, name: path.join(' › ') };
}
