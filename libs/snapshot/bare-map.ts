import { canonicalText } from './canonical-text.js';
import { changed, changeOf, setField, type Change } from './change-of-value.js';

/** A map as files have it: each key with the canonical text of its value. Works may share one text. */
export type BareMap = ReadonlyMap<string, string>;

/** How one bare map becomes another: values that are new, keys that go, values that change in part, and keys whose value is then that of another. */
export interface Delta {
  from: number;
  to: number;
  set: Record<string, unknown>;
  del: string[];
  edit: Record<string, Change>;
  as: Record<string, string>;
}

/** The pieces of a map's one text, in order; joined they are canonical JSON. */
export function* textOf(map: BareMap): Generator<string> {
  let before = '{';
  for (const key of [...map.keys()].sort(byCodeUnits)) {
    yield `${before}${JSON.stringify(key)}:${map.get(key)!}`;
    before = ',';
  }
  yield before === '{' ? '{}' : '}';
}

export function readMap(text: string): BareMap {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new RangeError('This is not a map.');
  return new Map(Object.entries(value).map(([key, item]) => [key, canonicalText(item)]));
}

/** The keys that differ, with their old text, or undefined where there was none: enough to know the older map again. */
export function undoOf(from: BareMap, to: BareMap): Map<string, string | undefined> {
  const undo = new Map<string, string | undefined>();
  for (const [key, text] of from) if (to.get(key) !== text) undo.set(key, text);
  for (const key of to.keys()) if (!from.has(key)) undo.set(key, undefined);
  return undo;
}

/** The way to the newest map from an older one, which is told by what differed in it. */
export function deltaOf(
  undo: ReadonlyMap<string, string | undefined>,
  newest: BareMap,
  from: number,
  to: number,
): Delta {
  const delta: Delta = { from, to, set: {}, del: [], edit: {}, as: {} };
  const models = modelsOf(undo, newest);
  for (const key of [...undo.keys()].sort(byCodeUnits)) {
    const [old, young] = [undo.get(key), newest.get(key)];
    if (old === young) continue;
    if (young === undefined) delta.del.push(key);
    else if (models.get(young) !== key) setField(delta.as, key, models.get(young));
    else if (old === undefined) setField(delta.set, key, JSON.parse(young));
    else {
      const change = changeOf(JSON.parse(old), JSON.parse(young));
      if (change?.[0] === '=') setField(delta.set, key, change[1]);
      else if (change) setField(delta.edit, key, change);
    }
  }
  return delta;
}

/** For each new text the one key that brings it, best one that only has to change; the others take it over. */
function modelsOf(undo: ReadonlyMap<string, string | undefined>, newest: BareMap): Map<string, string> {
  const models = new Map<string, string>();
  for (const key of [...undo.keys()].sort(byCodeUnits)) {
    const young = newest.get(key);
    if (young === undefined || undo.get(key) === young) continue;
    const model = models.get(young);
    if (model === undefined || (undo.get(model) === undefined && undo.get(key) !== undefined)) models.set(young, key);
  }
  return models;
}

/** The map after a delta; one that does not fit is a RangeError. */
export function applyDelta(map: BareMap, delta: Delta): BareMap {
  const result = new Map(map);
  for (const key of delta.del) if (!result.delete(key)) throw new RangeError('A key to delete is not there.');
  for (const [key, value] of Object.entries(delta.set)) result.set(key, canonicalText(value));
  for (const [key, change] of Object.entries(delta.edit)) {
    const old = map.get(key);
    if (old === undefined) throw new RangeError('A key to change is not there.');
    result.set(key, canonicalText(changed(JSON.parse(old), change)));
  }
  for (const [key, model] of Object.entries(delta.as ?? {})) {
    const text = result.get(model);
    if (text === undefined) throw new RangeError('A key to take a value from is not there.');
    result.set(key, text);
  }
  return result;
}

const byCodeUnits = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
