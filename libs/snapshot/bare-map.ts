import { canonicalText } from './canonical-text.js';
import { changed, type Change } from './change-of-value.js';

/** A map as files have it: each key with the canonical text of its value. Works may share one text. */
export type BareMap = ReadonlyMap<string, string>;

/** Which entries a map loses, or has under another text from now on. */
export type Changes = ReadonlyMap<string, string | undefined>;

/**
 * How one bare map becomes another. The old keys are not said again: what is changed is named by its place among them in order.
 * A fate is a change of the old value, null where the entry goes, or the number of the fate or the new entry, counted through both,
 * whose text it takes over.
 */
export interface Delta {
  from: number;
  to: number;
  /** For each old entry that changes or goes, in order: how many stay as they are before it. */
  skip: number[];
  fate: (Change | number | null)[];
  /** The new entries, in order. */
  key: string[];
  value: (['=', unknown] | number)[];
}

/** The text under a key, and how many keys stand before it, whether it is there or not. */
export interface Found {
  text: string | undefined;
  place: number;
}

/** A map whose keys have numbers in their order. */
export interface Placed {
  find(key: string): Found;
}

/** A map with the places of its keys. */
export function placed(map: BareMap): Placed {
  const keys = keysOf(map);
  return { find: (key) => ({ text: map.get(key), place: placeIn(keys, key) }) };
}

/** The pieces of a map's one text, in order; joined they are canonical JSON. */
export function* textOf(map: BareMap): Generator<string> {
  let before = '{';
  for (const key of keysOf(map)) {
    yield `${before}${jsonString(key)}:${map.get(key)!}`;
    before = ',';
  }
  yield before === '{' ? '{}' : '}';
}

/** A text as JSON has it; most need nothing but the marks around them. */
export const jsonString = (text: string): string => (ODD.test(text) ? JSON.stringify(text) : `"${text}"`);

const ODD = /["\\\u0000-\u001f\ud800-\udfff]/;

export function readMap(text: string): BareMap {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new RangeError('This is not a map.');
  return new Map(Object.entries(value).map(([key, item]) => [key, canonicalText(item)]));
}

/**
 * The same of a text that `textOf` has written, several times as fast: each value is a piece of the text, which is not looked into. Of
 * any other text the values are as they stand there.
 */
export function readWritten(text: string): BareMap {
  const map = new Map<string, string>();
  if (!text.startsWith('{') || !text.endsWith('}')) throw new RangeError('This is not a map.');
  const behind = eachWritten(text, (at, colon, end) => {
    const name = text.slice(at, colon);
    map.set(name.includes('\\') ? (JSON.parse(name) as string) : name.slice(1, -1), text.slice(colon + 1, end));
  });
  if (behind !== text.length - (map.size === 0 ? 1 : 0)) throw new RangeError('This is not a map.');
  return map;
}

/** Takes, of each entry behind the first character, where its key begins and where that and its value end; returns the place where another key would begin. */
export function eachWritten(text: string, take: (key: number, colon: number, end: number) => void): number {
  let at = 1;
  while (text.charCodeAt(at) === QUOTE) {
    const colon = endOfString(text, at);
    const end = endOfValue(text, colon + 1);
    take(at, colon, end);
    at = end + 1;
  }
  return at;
}

const [QUOTE, ESCAPE, COMMA] = [34, 92, 44];
const [OPEN_LIST, CLOSE_LIST, OPEN, CLOSE] = [91, 93, 123, 125];

/** The place behind a string that begins here. */
function endOfString(text: string, from: number): number {
  for (let at = text.indexOf('"', from + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let escapes = 0;
    while (text.charCodeAt(at - 1 - escapes) === ESCAPE) escapes++;
    if (escapes % 2 === 0) return at + 1;
  }
  throw new RangeError('This is not a map.');
}

/** The place of the comma or the brace behind a value that begins here. */
function endOfValue(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at) - 1;
    else if (code === OPEN || code === OPEN_LIST) depth++;
    else if (depth > 0) depth -= code === CLOSE || code === CLOSE_LIST ? 1 : 0;
    else if (code === COMMA || code === CLOSE) return at;
  }
  throw new RangeError('This is not a map.');
}

/** The keys that differ, with their old text, or undefined where there was none: enough to know the older map again. */
export function undoOf(from: BareMap, to: BareMap): Map<string, string | undefined> {
  const undo = new Map<string, string | undefined>();
  for (const [key, text] of from) if (to.get(key) !== text) undo.set(key, text);
  for (const key of to.keys()) if (!from.has(key)) undo.set(key, undefined);
  return undo;
}

/** How many of these keys, which are in order, stand before a key. */
export const placeIn = (keys: readonly string[], key: string): number =>
  placeAmong(keys.length, (at) => keys[at]!, key);

/** The same of so many keys that are looked at one by one. */
export function placeAmong(count: number, keyAt: (at: number) => string, key: string): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (keyAt(middle) < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The map after a delta; one that does not fit is a RangeError. */
export function applyDelta(map: BareMap, { skip, fate, key: fresh, value }: Delta): BareMap {
  if (skip.length !== fate.length || fresh.length !== value.length) throw new RangeError('Places without a fate.');
  const keys = keysOf(map);
  let place = -1;
  const old = skip.map((count) => {
    place += count + 1;
    const key = count >= 0 ? keys[place] : undefined;
    if (key === undefined) throw new RangeError('An entry to change is not there.');
    return key;
  });
  const made = [...fate, ...value];
  const result = new Map(map);
  [...old, ...fresh].forEach((key, number) => {
    const one = made[number]!;
    if (one === null) result.delete(key);
    else if (typeof one !== 'number') {
      const before = number < old.length ? (JSON.parse(map.get(key)!) as unknown) : undefined;
      result.set(key, canonicalText(changed(before, one)));
    }
  });
  const keyOf = (number: number) => (number < old.length ? old[number] : fresh[number - old.length]);
  [...old, ...fresh].forEach((key, number) => {
    const model = made[number];
    if (typeof model !== 'number') return;
    const text = Array.isArray(made[model]) ? result.get(keyOf(model)!) : undefined;
    if (text === undefined) throw new RangeError('An entry to take a text from is not there.');
    result.set(key, text);
  });
  return result;
}

/** The keys of a map in the order in which they are written. */
export const keysOf = (map: BareMap): string[] => [...map.keys()].sort();
