import { canonicalText } from './canonical-text.js';

/**
 * How a JSON value becomes another: `=` a new value, `o` changes of an object's fields (null: the field goes), `a` changes
 * of items by their place, `s` items put for others, `t` the same with the lines of a text.
 */
export type Change =
  | ['=', unknown]
  | ['o', Record<string, Change | null>]
  | ['a', [number, Change][]]
  | ['s', number, number, ...unknown[]]
  | ['t', number, number, ...string[]];

/** The shortest such change that is found; undefined when the values are equal. */
export function changeOf(from: unknown, to: unknown): Change | undefined {
  const whole = canonicalText(to);
  if (canonicalText(from) === whole) return undefined;
  const part = partOf(from, to);
  return part && JSON.stringify(part).length < whole.length + 6 ? part : ['=', to];
}

/** The changed value; a change that does not fit is a RangeError. */
export function changed(value: unknown, change: Change): unknown {
  switch (change[0]) {
    case '=':
      return change[1];
    case 'o':
      return changedObject(value, change[1]);
    case 'a': {
      const items = [...asArray(value)];
      for (const [at, inner] of change[1]) {
        if (!(at in items)) throw new RangeError(`There is no item ${at} to change.`);
        items[at] = changed(items[at], inner);
      }
      return items;
    }
    case 's':
      return spliced(asArray(value), change[1], change[2], change.slice(3));
    case 't':
      if (typeof value !== 'string') throw new RangeError('There is no text to change.');
      return spliced(value.split('\n'), change[1], change[2], change.slice(3)).join('\n');
    default:
      throw new RangeError('A change of an unknown kind.');
  }
}

function partOf(from: unknown, to: unknown): Change | undefined {
  if (typeof from === 'string' && typeof to === 'string')
    return to.length > 80 && to.includes('\n')
      ? (['t', ...splice(from.split('\n'), to.split('\n'))] as Change)
      : undefined;
  if (Array.isArray(from) && Array.isArray(to)) return partOfArray(from, to);
  return isObject(from) && isObject(to) ? partOfObject(from, to) : undefined;
}

function partOfObject(from: Record<string, unknown>, to: Record<string, unknown>): Change {
  const fields: Record<string, Change | null> = {};
  for (const name of Object.keys(from)) if (!Object.hasOwn(to, name)) setField(fields, name, null);
  for (const [name, value] of Object.entries(to)) {
    const change = Object.hasOwn(from, name) ? changeOf(from[name], value) : (['=', value] as Change);
    if (change) setField(fields, name, change);
  }
  return ['o', fields];
}

function partOfArray(from: unknown[], to: unknown[]): Change {
  const put: Change = ['s', ...splice(from, to)];
  if (from.length !== to.length) return put;
  const single = to.flatMap((item, at): [number, Change][] => {
    const change = changeOf(from[at], item);
    return change ? [[at, change]] : [];
  });
  return JSON.stringify(single).length + 4 < JSON.stringify(put).length ? ['a', single] : put;
}

/** The items between the common beginning and the common end: where, how many go, which come. */
function splice<T>(from: readonly T[], to: readonly T[]): [number, number, ...T[]] {
  const [old, young] = [from.map(canonicalText), to.map(canonicalText)];
  let start = 0;
  while (start < old.length && start < young.length && old[start] === young[start]) start++;
  let end = 0;
  while (end < old.length - start && end < young.length - start && old.at(-1 - end) === young.at(-1 - end)) end++;
  return [start, from.length - start - end, ...to.slice(start, to.length - end)];
}

function spliced<T>(items: readonly T[], start: number, count: number, put: readonly T[]): T[] {
  const fits =
    Number.isInteger(start) && Number.isInteger(count) && start >= 0 && count >= 0 && start + count <= items.length;
  if (!fits) throw new RangeError('Items to change are not there.');
  return [...items.slice(0, start), ...put, ...items.slice(start + count)];
}

function changedObject(value: unknown, fields: Record<string, Change | null>): Record<string, unknown> {
  if (!isObject(value)) throw new RangeError('There is no object to change.');
  const result: Record<string, unknown> = {};
  for (const [name, item] of Object.entries(value)) if (!Object.hasOwn(fields, name)) setField(result, name, item);
  for (const [name, change] of Object.entries(fields))
    if (change !== null) setField(result, name, changed(Object.hasOwn(value, name) ? value[name] : undefined, change));
  return result;
}

/** Sets a field whatever its name, `__proto__` included. */
export function setField(object: Record<string, unknown>, name: string, value: unknown): void {
  Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function asArray(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  throw new RangeError('There is no list to change.');
}
