import { AppError } from '#libs/errors/app-error';
import { canonicalJson } from '../canonical-json.js';
import { isDocument, type Document } from '../document.js';
import { asEntities } from '../merge/keyed-list.js';

/**
 * One change of a document. The path has keys of objects, and in lists of things with ids the id. With `value` that is
 * what stands there then; with `after` a thing of a list stands behind that id, null being the front; with neither it is
 * removed. A new thing without `after` goes to the end of its list.
 */
export interface Change {
  path: readonly (string | number)[];
  value?: unknown;
  after?: string | number | null;
}

/** The document with the changes made one after the other; `invalid` when there is nothing where one wants to change. */
export function changeDocument(document: Document, changes: readonly Change[]): Document {
  return changes.reduce((changed: unknown, change) => changeValue(changed, change.path, change), document) as Document;
}

/** The value with a change made at the rest of its path. */
export function changeValue(value: unknown, path: Change['path'], change: Change): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return wholeValue(change);
  if (isDocument(value)) return changeField(value, String(step), rest, change);
  const rows = asEntities(value);
  if (!rows) throw nothingAt(change);
  const key = keyOf(step);
  const row = rows.get(key);
  if (row === undefined && (rest.length > 0 || !isPut(change))) throw nothingAt(change);
  const next = rest.length > 0 || isPut(change) ? sameThing(key, changeValue(row, rest, change), change) : row;
  const things = new Map(rows);
  if (isRemoval(change) && rest.length === 0) things.delete(key);
  else things.set(key, next);
  const order = rest.length > 0 ? [...things.keys()] : changeOrder([...rows.keys()], change, step);
  return order.map((each) => things.get(each));
}

/** The order of a list, by the keys of its things, after a change to the one of that id. */
export function changeOrder(order: string[], change: Change, step: string | number): string[] {
  const key = keyOf(step);
  if (isRemoval(change)) return order.filter((each) => each !== key);
  const isThere = order.includes(key);
  if (change.after === undefined) return isThere ? order : [...order, key];
  const others = order.filter((each) => each !== key);
  const at = change.after === null ? 0 : others.indexOf(keyOf(change.after)) + 1;
  if (at === 0 && change.after !== null)
    throw nothingAt({ ...change, path: [...change.path.slice(0, -1), change.after] });
  return others.toSpliced(at, 0, key);
}

/** What stands at the end of a path after a change that is no removal. */
export function wholeValue(change: Change): unknown {
  if (!isPut(change)) throw nothingAt(change);
  return change.value;
}

/** The thing itself, which must be an object with the id it stands under. */
export function sameThing(key: string, thing: unknown, change: Change): unknown {
  if (isDocument(thing) && canonicalJson(thing.id ?? null) === key) return thing;
  throw new AppError('invalid', `What stands at ${words(change)} in a list of things with ids must keep its id.`);
}

export const isPut = (change: Change): boolean => change.value !== undefined;
export const isRemoval = (change: Change): boolean => change.value === undefined && change.after === undefined;
export const keyOf = (step: string | number): string => canonicalJson(step);

export const nothingAt = (change: Change): AppError =>
  new AppError('invalid', `There is nothing at ${words(change)} that could be changed so.`, { path: change.path });

const words = ({ path }: Change): string => path.join(' › ');

function changeField(document: Document, key: string, rest: Change['path'], change: Change): Document {
  const isThere = Object.hasOwn(document, key);
  if (rest.length === 0 && isRemoval(change)) {
    if (!isThere) throw nothingAt(change);
    return Object.fromEntries(Object.entries(document).filter(([each]) => each !== key));
  }
  if (rest.length > 0 && !isThere) throw nothingAt(change);
  const entries = new Map(Object.entries(document));
  entries.set(key, changeValue(document[key], rest, change));
  return Object.fromEntries(entries);
}
