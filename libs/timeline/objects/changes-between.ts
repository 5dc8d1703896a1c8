import { isDocument, type Document } from '../document.js';
import { parseExact } from '../exact-json.js';
import { asEntities } from '../merge/keyed-list.js';
import { stayed } from '../merge/merge-order.js';
import { sameValue } from '../merge/same-value.js';
import { countOf } from '../merge/stand-in.js';
import type { Change } from './change-value.js';

/** The changes that make one document another: things of lists are told by their ids, what is the same is not told. */
export function changesBetween(before: Document, after: Document): Change[] {
  const changes: Change[] = [];
  between([], before, after, changes);
  return changes;
}

/** The same for what stands at a path, added to what is known. */
export function between(path: Change['path'], before: unknown, after: unknown, into: Change[]): void {
  if (Object.is(before, after)) return;
  if (isDocument(before) && isDocument(after)) {
    for (const key of Object.keys(before)) if (!Object.hasOwn(after, key)) into.push({ path: [...path, key] });
    for (const [key, value] of Object.entries(after)) {
      if (Object.hasOwn(before, key)) between([...path, key], before[key], value, into);
      else into.push({ path: [...path, key], value });
    }
    return;
  }
  const [rows, newRows] = [asEntities(before), asEntities(after)];
  if (rows && newRows && rows.size > 0 && newRows.size > 0) return betweenLists(path, rows, newRows, into);
  if (!sameValue(before, after)) into.push({ path, value: after });
}

function betweenLists(
  path: Change['path'],
  before: ReadonlyMap<string, unknown>,
  after: ReadonlyMap<string, unknown>,
  into: Change[],
): void {
  const way = (key: string) => [...path, stepTo(key)];
  for (const key of before.keys()) if (!after.has(key)) into.push({ path: way(key) });
  const still = stayed([...before.keys()], [...after.keys()], (key) => (countOf(before.get(key)) > 1 ? MANY : 1));
  let previous: string | null = null;
  for (const [key, value] of after) {
    const behind = previous === null ? null : stepTo(previous);
    if (!before.has(key)) into.push({ path: way(key), value, after: behind });
    else {
      if (!still.has(key)) into.push({ path: way(key), after: behind });
      between(way(key), before.get(key), value, into);
    }
    previous = key;
  }
}

/** What stands for several stays: the others are not there to be moved with it. */
const MANY = 2 ** 30;

/** The step of a path to the thing with a key, exact also where the id is a number beyond a double. */
export const stepTo = (key: string): string | number => parseExact(key) as string | number;
