import { canonicalText } from './canonical-text.js';

/**
 * How a JSON value becomes another: `=` a new value, `o` changes of an object's fields (null: the field goes), `a` changes
 * of items by their place, `s` items put for others, `t` the same with the lines of a text: each piece says how many stay before
 * it, how many go, and which come.
 */
export type Change =
  | ['=', unknown]
  | ['o', Record<string, Change | null>]
  | ['a', [number, Change][]]
  | ['s', ...Piece<unknown>[]]
  | ['t', ...Piece<string>[]];

type Piece<T> = [skip: number, gone: number, ...come: T[]];

/** Lists that differ in more than so many pairs of items are said as one piece. */
const MOST_COMPARED = 250_000;

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
      return spliced(asArray(value), change.slice(1) as Piece<unknown>[]);
    case 't':
      if (typeof value !== 'string') throw new RangeError('There is no text to change.');
      return spliced(value.split('\n'), change.slice(1) as Piece<string>[]).join('\n');
    default:
      throw new RangeError('A change of an unknown kind.');
  }
}

function partOf(from: unknown, to: unknown): Change | undefined {
  if (typeof from === 'string' && typeof to === 'string')
    return to.length > 80 && to.includes('\n') ? ['t', ...pieces(from.split('\n'), to.split('\n'))] : undefined;
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
  const put: Change = ['s', ...pieces(from, to)];
  if (from.length !== to.length) return put;
  const single = to.flatMap((item, at): [number, Change][] => {
    const change = changeOf(from[at], item);
    return change ? [[at, change]] : [];
  });
  return JSON.stringify(single).length + 4 < JSON.stringify(put).length ? ['a', single] : put;
}

/** Where two lists differ, between their common beginning and end, as few items as can be found. */
function pieces<T>(from: readonly T[], to: readonly T[]): Piece<T>[] {
  const [old, young] = [from.map(canonicalText), to.map(canonicalText)];
  let start = 0;
  while (start < old.length && start < young.length && old[start] === young[start]) start++;
  let end = 0;
  while (end < old.length - start && end < young.length - start && old.at(-1 - end) === young.at(-1 - end)) end++;
  const [gone, come] = [old.length - start - end, young.length - start - end];
  if (gone * come > MOST_COMPARED) return [[start, gone, ...to.slice(start, to.length - end)]];
  const kept = longestCommon(old.slice(start, start + gone), young.slice(start, start + come));
  const result: Piece<T>[] = [];
  let [a, b, stayed] = [start, start, 0];
  for (const [atOld, atYoung] of [
    ...kept.map(([x, y]) => [x + start, y + start] as const),
    [start + gone, start + come] as const,
  ]) {
    if (atOld > a || atYoung > b) {
      result.push([a - stayed, atOld - a, ...to.slice(b, atYoung)]);
      stayed = atOld;
    }
    [a, b] = [atOld + 1, atYoung + 1];
  }
  return result;
}

/** Pairs of places of a longest common subsequence, in order. */
function longestCommon(a: readonly string[], b: readonly string[]): [number, number][] {
  const width = b.length + 1;
  const most = new Uint32Array((a.length + 1) * width);
  for (let x = a.length - 1; x >= 0; x--)
    for (let y = b.length - 1; y >= 0; y--)
      most[x * width + y] =
        a[x] === b[y]
          ? most[(x + 1) * width + y + 1]! + 1
          : Math.max(most[(x + 1) * width + y]!, most[x * width + y + 1]!);
  const pairs: [number, number][] = [];
  for (let x = 0, y = 0; x < a.length && y < b.length;)
    if (a[x] === b[y]) pairs.push([x++, y++]);
    else if (most[(x + 1) * width + y]! >= most[x * width + y + 1]!) x++;
    else y++;
  return pairs;
}

function spliced<T>(items: readonly T[], changes: readonly Piece<T>[]): T[] {
  const result: T[] = [];
  let at = 0;
  for (const piece of changes) {
    const [skip, gone, ...come] = Array.isArray(piece) ? piece : [-1, -1];
    const fits = Number.isInteger(skip) && Number.isInteger(gone) && skip >= 0 && gone >= 0;
    if (!fits || at + skip + gone > items.length) throw new RangeError('Items to change are not there.');
    for (const stay of items.slice(at, at + skip)) result.push(stay);
    for (const item of come) result.push(item);
    at += skip + gone;
  }
  for (const stay of items.slice(at)) result.push(stay);
  return result;
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
function setField(object: Record<string, unknown>, name: string, value: unknown): void {
  Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function asArray(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  throw new RangeError('There is no list to change.');
}
