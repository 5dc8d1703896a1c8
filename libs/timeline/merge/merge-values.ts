import { conflict, type Conflict, type Path } from './conflict.js';
import { fieldOf, isDocument, type Document } from '../document.js';
import { asEntities, asSet, idOfKey, type Rows } from './keyed-list.js';
import { mergeOrder } from './merge-order.js';
import { familiesOf, hasStart, indexItems, isTouched, type Family, type Item, type Lists } from './row-families.js';
import { sameValue } from './same-value.js';
import { countOf } from './stand-in.js';
import {
  isCrossed,
  isEmptySpan,
  isFrameTime,
  isLonger,
  isSameTime,
  isUnchanged,
  movedAndCut,
  TIMES,
  type Span,
} from './times.js';
import { isUnknown, unknownLike } from './unknown.js';
import { each, isComplete, sideThatCounts, type Keeper, type Versions } from './versions.js';

/**
 * Merges JSON objects: key by key, lists of things with ids thing by thing, everything else as a whole. What cannot be
 * decided is collected in `conflicts`, and stands in the result as ours has it.
 */
export class ValueMerge {
  readonly conflicts: Conflict[] = [];
  /** The ways to the things of which nobody knows where they stood, when a base is made. */
  readonly unknownPlaces = new Set<string>();
  private readonly used: ReadonlySet<string>;
  private readonly isForBase: boolean;
  /** Not where equal things may have something in them that is not settled. */
  private readonly mayCompareAhead: boolean;
  private readonly placesUnknown: Versions<ReadonlySet<string>>;

  /**
   * `used` are the ways to things that are to outlive their deletion by theirs. When the result is `forBase`, another
   * merge's base, what cannot be decided is unknown in it.
   */
  constructor({ used = [], forBase = false, placesUnknown = ALL_KNOWN }: MergeOptions = {}) {
    this.used = new Set(used.map((path) => JSON.stringify(path)));
    this.isForBase = forBase;
    this.placesUnknown = placesUnknown;
    const unknown = placesUnknown.base.size + placesUnknown.ours.size + placesUnknown.theirs.size;
    this.mayCompareAhead = this.used.size + unknown === 0;
  }

  document(path: Path, versions: Versions<Document>): Document {
    const rows = each(
      versions,
      (version) => new Map(Object.entries(version).filter(([, value]) => value !== undefined)),
    );
    const about = {
      path: (key: string) => [...path, key],
      isMoved: () => false,
      isCovered: () => false,
      doubt: () => undefined,
    };
    return Object.fromEntries(this.rows(rows, about).merged);
  }

  private value(path: Path, { base, ours, theirs }: Versions<unknown>): unknown {
    if (isUnknown(base) || isUnknown(ours) || isUnknown(theirs)) return this.whole(path, { base, ours, theirs });
    if (path.length <= COMPARED_AHEAD && this.mayCompareAhead) {
      if (sameValue(base, theirs)) return ours;
      if (sameValue(base, ours)) return theirs;
    }
    if (isDocument(ours) && isDocument(theirs) && (base === undefined || isDocument(base))) {
      return this.thing(path, { base, ours, theirs });
    }
    for (const read of [asEntities, asNames]) {
      const lists = each({ base: base ?? [], ours, theirs }, read);
      if (isComplete(lists)) return this.list(path, lists);
    }
    return this.whole(path, { base, ours, theirs });
  }

  /** Field by field, but for times, which are one value, and for things that would end before they begin. */
  private thing(path: Path, { base, ours, theirs }: Versions<Document | undefined>): unknown {
    if (!ours || !theirs || isFrameTime(ours) || isFrameTime(theirs)) return this.whole(path, { base, ours, theirs });
    const before = this.conflicts.length;
    const merged = this.document(path, { base: base ?? {}, ours, theirs });
    const open = this.conflicts.slice(before).filter((found) => isSpanField(found.path[path.length]));
    if (open.some(({ path: { length } }) => length > path.length + 1)) return merged;
    const moved = base && movedAndCut(base, ours, theirs);
    if (!moved && open.length === 0 && !isCrossed(merged, ours, theirs)) return merged;
    const isOne =
      open.length !== 1 || [ours, theirs].some((side) => isNobodys(merged, open[0]!, { ours, theirs, side }));
    if (!moved && (!isOne || this.isForBase)) return open.length === 0 ? unknownLike(ours) : merged;
    const others = this.conflicts.slice(before).filter((found) => !open.includes(found));
    const spans = each({ base, ours, theirs }, spanOf);
    const about = { ...spans, base: base && spans.base, fields: SPAN };
    this.conflicts.splice(before, Infinity, ...(moved ? [] : [conflict('both_changed', path, about)]), ...others);
    return withSpan(merged, moved ?? spans.ours);
  }

  private whole(path: Path, { base, ours, theirs }: Versions<unknown>): unknown {
    if (sameValue(ours, theirs) || sameValue(base, theirs)) return ours;
    if (sameValue(base, ours)) return theirs;
    if (TIMES.has(String(path.at(-1)))) {
      const isStill = { ours: isSameTime(base, ours), theirs: isSameTime(base, theirs) };
      if (isSameTime(ours, theirs) || (isStill.ours && isStill.theirs))
        return Math.min(ours as number, theirs as number);
      if (isStill.ours || isStill.theirs) return isStill.theirs ? ours : theirs;
    }
    this.conflicts.push(
      conflict('both_changed', path, { base: known(base), ours: known(ours), theirs: known(theirs) }),
    );
    return this.isForBase ? unknownLike(ours) : ours;
  }

  private list(path: Path, lists: Versions<Rows>): unknown[] {
    const places = each(lists, (list): Lists => new Map([['', list]]));
    const home = { path: () => path, survives: () => true, contested: new Set<string>() };
    return this.lists(places, home).get('') ?? [];
  }

  /** Merges rows together with the lists of things in them; a thing that goes from row to row stays one thing. */
  private rows(rows: Versions<Rows>, about: AboutRows): { merged: Map<string, unknown>; troubled: Set<string> } {
    const families = familiesOf(rows);
    const fields = new Set(families.map(({ field }) => field));
    const own = (row: unknown): unknown =>
      fields.size > 0 && isDocument(row) && !isUnknown(row) ? without(row, fields) : row;
    const merged = new Map<string, unknown>();
    const contested = new Set<string>();
    const troubled = new Set<string>();
    for (const key of new Set([...rows.ours.keys(), ...rows.theirs.keys()])) {
      const found = each(rows, (version) => version.get(key));
      if (rows.ours.has(key) && rows.theirs.has(key)) {
        const known = this.conflicts.length;
        merged.set(key, this.value(about.path(key), each(found, own)));
        if (this.conflicts.length > known) troubled.add(key);
        continue;
      }
      const keeper = rows.ours.has(key) ? 'ours' : 'theirs';
      if (rows.base.has(key)) {
        const isCovered = about.isCovered(key, keeper) || this.isUsed(about.path(key));
        const isChanged =
          about.isMoved(key, keeper) ||
          !isUnchanged(own(found.base), own(found[keeper])) ||
          families.some((family) => isTouched(family, key, keeper, rows));
        if (!isCovered && !isChanged) continue;
        if (!isCovered) this.conflicts.push(conflict('deleted_and_changed', about.path(key), each(found, known)));
        contested.add(key);
        if (this.isForBase) {
          merged.set(key, isDocument(found[keeper]) ? unknownLike(found[keeper]) : found[keeper]);
          about.doubt(key);
          continue;
        }
        if (keeper === 'theirs') continue;
      }
      merged.set(key, own(found[keeper]));
    }
    for (const family of families) this.fill(merged, rows, family, { about, contested });
    return { merged, troubled };
  }

  private isUsed = (path: Path): boolean => this.used.size > 0 && this.used.has(JSON.stringify(path));

  /** Puts the merged lists of one family back into the merged rows, the keys of each row in the order they had. */
  private fill(
    merged: Map<string, unknown>,
    rows: Versions<Rows>,
    { field, lists }: Family,
    { about, contested }: { about: AboutRows; contested: ReadonlySet<string> },
  ): void {
    const path = (key: string): Path => [...about.path(key), field];
    const survives = (key: string): boolean => merged.has(key);
    const mergedLists = this.lists(lists, { path, survives, contested });
    for (const [key, row] of merged) {
      const list = mergedLists.get(key) ?? [];
      const sides = [rows.ours, rows.theirs].filter((side) => side.has(key)).map((side) => side.get(key) as Document);
      const has = each(rows, (version) => fieldOf(version.get(key), field) !== undefined);
      const clear = sides.length === 1 ? has.ours || has.theirs : has[sideThatCounts(has) ?? 'ours'];
      if (list.length === 0 && !clear) continue;
      if (isUnknown(row)) (row as Document)[field] = list;
      else merged.set(key, inOrderOf(sides, { ...(row as Document), [field]: list }));
    }
  }

  /** Merges all lists of a family at once: what each thing is, in which list it stands, and where in that list. */
  private lists(lists: Versions<Lists>, home: Home): Map<string, unknown[]> {
    const items = each(lists, (version) => indexItems(version) ?? new Map<string, Item>());
    const standing = (key: string) => each(items, (version) => version.get(key)?.place);
    const way = (place: string, key: string): Path => [...home.path(place), idOfKey(key)];
    const isUnclear = (version: keyof Versions<unknown>, key: string, place: string | undefined): boolean => {
      const unknown = this.placesUnknown[version];
      return unknown.size > 0 && place !== undefined && unknown.has(JSON.stringify(way(place, key)));
    };
    const placeOf = (key: string) => {
      const places = standing(key);
      return isUnclear('base', key, places.base) ? { ...places, base: NOWHERE } : places;
    };
    const path = (key: string): Path => {
      const { base, ours, theirs } = standing(key);
      return way(base ?? [ours, theirs].filter((place) => place !== undefined).sort()[0]!, key);
    };
    const doubted = new Set<string>();
    const { merged, troubled } = this.rows(each(items, valuesOf), {
      path,
      isMoved: (key, keeper) => placeOf(key).base !== placeOf(key)[keeper],
      isCovered: (key, keeper) => home.contested.has(placeOf(key)[keeper]!),
      doubt: (key) => doubted.add(key),
    });

    const kept = new Map<string, Set<string>>();
    for (const key of merged.keys()) {
      const places = placeOf(key);
      const isInBoth = places.ours !== undefined && places.theirs !== undefined;
      const clear = isInBoth ? sideThatCounts(places) : places.ours === undefined ? 'theirs' : 'ours';
      if (!clear) this.reportMove(path(key), key, lists, home);
      if (!clear || isUnclear('ours', key, places.ours) || isUnclear('theirs', key, places.theirs)) doubted.add(key);
      const place = [places[clear ?? 'ours'], places.ours].find((at) => at !== undefined && home.survives(at));
      if (place !== undefined) kept.set(place, (kept.get(place) ?? new Set()).add(key));
    }
    const result = new Map<string, unknown[]>();
    for (const [place, keys] of kept) {
      const orders = each(lists, (version) => [...(version.get(place)?.keys() ?? [])]);
      const isTimed = [...keys].every((key) => hasStart(merged.get(key)));
      const unclear = new Set(orders.base.filter((key) => isUnclear('base', key, place)));
      const weight = (key: string) => countOf(lists.base.get(place)?.get(key));
      const { order, movedTwice } = mergeOrder(orders, keys, isTimed ? 'either' : 'ours', { unknown: unclear, weight });
      for (const key of isTimed ? [] : movedTwice) {
        if (!troubled.has(key)) this.reportMove(path(key), key, lists, home);
        doubted.add(key);
      }
      if (this.isForBase)
        for (const key of keys) if (doubted.has(key)) this.unknownPlaces.add(JSON.stringify(way(place, key)));
      result.set(
        place,
        order.map((key) => merged.get(key)),
      );
    }
    return result;
  }

  private reportMove(path: Path, key: string, lists: Versions<Lists>, home: Home): void {
    const standing = (version: Lists) => {
      for (const [place, list] of version) {
        if (!list.has(key)) continue;
        const keys = [...list.keys()];
        const previous = keys[keys.indexOf(key) - 1];
        return { in: home.path(place), after: previous === undefined ? null : idOfKey(previous) };
      }
      return undefined;
    };
    const found = each(lists, standing);
    const { base } = found;
    const isUnclear = base !== undefined && this.placesUnknown.base.has(JSON.stringify([...base.in, idOfKey(key)]));
    this.conflicts.push(conflict('moved_twice', path, isUnclear ? { ...found, base: undefined } : found));
  }
}

/**
 * Most of a film is untouched, and comparing is faster than merging; deeper down each value would be compared once for
 * each level above it.
 */
const COMPARED_AHEAD = 6;

/** What rows cannot know of themselves: where they stand, and whether a deletion was that of the list they stood in. */
interface AboutRows {
  path(key: string): Path;
  isMoved(key: string, keeper: Keeper): boolean;
  isCovered(key: string, keeper: Keeper): boolean;
  /** What happens when nobody can say whether it is there. */
  doubt(key: string): void;
}

/** The rows that lists stand in: which of them are in the result, and which one side deleted and the other changed. */
interface Home {
  path(place: string): Path;
  survives(place: string): boolean;
  contested: ReadonlySet<string>;
}

export interface MergeOptions {
  used?: Path[];
  forBase?: boolean;
  /** Of which things nobody knows where they stand, by version. */
  placesUnknown?: Versions<ReadonlySet<string>>;
}

const NO_PLACES: ReadonlySet<string> = new Set();
const ALL_KNOWN: Versions<ReadonlySet<string>> = { base: NO_PLACES, ours: NO_PLACES, theirs: NO_PLACES };

/** The place of what stood nobody knows where: no list is called so. */
const NOWHERE = '\u0000nowhere';

const SPAN = ['start', 'end'];

const spanOf = (thing: Document | undefined): Document =>
  Object.fromEntries(SPAN.flatMap((name) => (thing && Object.hasOwn(thing, name) ? [[name, thing[name]]] : [])));

/** The thing with another start and end, its keys where they were. */
function withSpan(thing: Document, span: Document | Span): Document {
  const entries = Object.entries({ ...thing, ...span });
  return Object.fromEntries(entries.filter(([name]) => !SPAN.includes(name) || Object.hasOwn(span, name)));
}

/** Whether one side's word about the one end that is open would leave a thing without length, or longer than either has it. */
function isNobodys(
  merged: Document,
  { path }: Conflict,
  { ours, theirs, side }: { ours: Document; theirs: Document; side: Document },
): boolean {
  const end = String(path.at(-1));
  const mixed = { ...merged, [end]: side[end] };
  return isEmptySpan(mixed) || (isLonger(mixed, ours) && isLonger(mixed, theirs));
}

const isSpanField = (step: Path[number] | undefined): boolean => SPAN.includes(String(step));

/** Names can be a set; numbers in a list are mostly a rate, a place or a colour, of which half is nothing. */
const asNames = (list: unknown): Rows | undefined =>
  Array.isArray(list) && (list as unknown[]).every((name) => typeof name === 'string') ? asSet(list) : undefined;

const known = (value: unknown): unknown => (isUnknown(value) ? undefined : value);

const valuesOf = (items: ReadonlyMap<string, Item>): Rows =>
  new Map([...items].map(([key, { value }]) => [key, value]));

const without = (row: Document, fields: ReadonlySet<string>): Document =>
  Object.fromEntries(Object.entries(row).filter(([name]) => !fields.has(name)));

/** The same object, its keys in the order in which the given ones have them. */
function inOrderOf(likes: Document[], document: Document): Document {
  const names = new Set(likes.flatMap((like) => Object.keys(like)));
  return Object.fromEntries(
    [...names].filter((name) => Object.hasOwn(document, name)).map((name) => [name, document[name]]),
  );
}
