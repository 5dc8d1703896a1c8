import { isDocument, type Document } from '../document.js';
import { sameValue } from '../merge/same-value.js';

/**
 * A document with what changed from one state of it to another, which were both told by somebody who does not know all of
 * it: where these two are the same, it stays as it is, and where they differ, the later one holds. Lists of things with ids
 * are known by these.
 */
export function putChanges(document: Document, from: Document, to: Document): Document {
  return putInMap(document, from, to);
}

function put(value: unknown, from: unknown, to: unknown): unknown {
  if (sameValue(from, to)) return value;
  if (isDocument(from) && isDocument(to)) return isDocument(value) ? putInMap(value, from, to) : to;
  if (isListOfThings(from) && isListOfThings(to)) return isListOfThings(value) ? putInList(value, from, to) : to;
  return to;
}

function putInMap(map: Document, from: Document, to: Document): Document {
  const made: Document = {};
  const set = (key: string, value: unknown) =>
    Object.defineProperty(made, key, { value, writable: true, enumerable: true, configurable: true });
  const has = (thing: Document, key: string) => Object.hasOwn(thing, key);
  for (const key of new Set([...Object.keys(map), ...Object.keys(to)])) {
    if (!has(to, key)) {
      if (!has(from, key)) set(key, map[key]);
    } else if (!has(from, key)) set(key, to[key]);
    else if (has(map, key)) set(key, put(map[key], from[key], to[key]));
    else if (!sameValue(from[key], to[key])) set(key, to[key]);
  }
  return made;
}

type Thing = Document & { id: string };

/** In the order of the later state, where that is another one; what only the list itself has stays behind its neighbour. */
function putInList(list: readonly Thing[], from: readonly Thing[], to: readonly Thing[]): Thing[] {
  const [own, before, after] = [list, from, to].map((things) => new Map(things.map((thing) => [thing.id, thing])));
  const made = new Map<string, Thing>();
  for (const [id, thing] of after!) {
    const was = before!.get(id);
    const here = own!.get(id);
    if (here && was) made.set(id, putInMap(here, was, thing) as Thing);
    else if (!was || !sameValue(was, thing)) made.set(id, thing);
  }
  const isReordered = !sameValue(
    [...after!.keys()].filter((id) => before!.has(id)),
    [...before!.keys()].filter((id) => after!.has(id)),
  );
  const order = isReordered
    ? [...made.keys()]
    : withThose(
        [...own!.keys()].filter((id) => made.has(id)),
        [...made.keys()],
      );
  const all = withThose(
    order,
    [...own!.keys()].filter((id) => made.has(id) || !before!.has(id)),
  );
  return all.map((id) => made.get(id) ?? own!.get(id)!);
}

/** A list with what it lacks of another one, each behind the one that stands before it there. */
function withThose(list: readonly string[], other: readonly string[]): string[] {
  const known = new Set(list);
  const followers = new Map<string | undefined, string[]>();
  let last: string | undefined;
  for (const id of other) {
    if (known.has(id)) last = id;
    else followers.set(last, [...(followers.get(last) ?? []), id]);
  }
  const behind = (id?: string) => followers.get(id) ?? [];
  return [...behind(), ...list.flatMap((id) => [id, ...behind(id)])];
}

const isListOfThings = (value: unknown): value is Thing[] =>
  Array.isArray(value) &&
  value.every((one) => isDocument(one) && typeof one.id === 'string') &&
  new Set(value.map((one: Thing) => one.id)).size === value.length;
