import type { Document } from '../document.js';
import { isRawNumber } from '../exact-json.js';
import type { Path } from '../merge/conflict.js';
import { idOfKey } from '../merge/keyed-list.js';
import { movedByBoth } from '../merge/merge-order.js';
import { hasStart } from '../merge/row-families.js';
import { standIn } from '../merge/stand-in.js';
import { alignOrders } from './align-orders.js';
import {
  isInline,
  isKeyedNode,
  isMapNode,
  type KeyedNode,
  type ListNode,
  type MapNode,
  type Node,
  type ReadNodes,
  type Slot,
} from './node.js';
import { remembered } from './parsed-nodes.js';
import { readSlots } from './read-documents.js';
import { readPaths } from './read-paths.js';

/**
 * Several versions of a document without what is the same in all of them: fields and things of lists that nobody touched
 * are left out; where a list has its things in different orders, what stands next to these is there by its id alone. Costs
 * what differs, however long the document is. What stays is shared between the versions and must not be changed.
 */
export async function readDifference(read: ReadNodes, trees: readonly string[]): Promise<Document[]> {
  if (new Set(trees).size === 1) return trees.map(() => ({}));
  const reader = new DifferenceReader(read, trees[0]!);
  const slots = trees.map((tree): Slot => [0, tree]);
  return (await reader.values(slots, [])) as Document[];
}

/** The way to a value; a row is a thing of a list, and must be told by its id. */
type Way = readonly { key: string; isRow: boolean }[];

/** Shots, and what they are made of, are merged as they are seen: whole. */
function isPartOfShot(path: Way): boolean {
  const [first, second, third] = path;
  if (first?.key === 'effects') return path.length === 2;
  if (first?.key === 'editorState') return path.length === 3 && TABLES.has(second!.key);
  return first?.key === 'editorData' && path.length === 4 && third!.key === 'actions';
}
const TABLES: ReadonlySet<string> = new Set(['timelineItems', 'clips']);

type Slots = readonly (Slot | undefined)[];

/** A list of things as the first version has it, with those that differ. */
interface KeptList {
  path: Way;
  rows: ReadonlyMap<string, unknown>;
  order: Slot;
}

type Three = [base: string[], ours: string[], theirs: string[]];

class DifferenceReader {
  private readonly nodes = new Map<string, Node>();

  constructor(
    private readonly read: ReadNodes,
    private readonly tree: string,
  ) {}

  /** What stands at a path in each version. */
  async values(slots: Slots, path: Way): Promise<unknown[]> {
    const nodes = isPartOfShot(path) ? undefined : await this.nodesOf(slots);
    if (!nodes) return this.whole(slots);
    if (nodes.every(isMapNode)) return this.maps(nodes, path);
    if (nodes.every(isKeyedNode)) return this.lists(nodes, path);
    return this.whole(slots);
  }

  private async maps(maps: readonly MapNode[], path: Way): Promise<unknown[]> {
    const isRow = path.at(-1)?.isRow ?? false;
    const entries = await this.entriesThatDiffer(maps, isRow);
    const found = await this.each([...entries], ([key, slots]) =>
      this.values(slots, [...path, { key, isRow: false }]).then((values) => [key, values] as const),
    );
    return maps.map((_, version) =>
      Object.fromEntries(
        found.flatMap(([key, values]) => (values[version] === undefined ? [] : [[key, values[version]]])),
      ),
    );
  }

  private async lists(lists: readonly KeyedNode[], path: Way): Promise<unknown[]> {
    const maps = (await this.nodesOf(lists.map(({ rows }) => rows))) as MapNode[];
    const rows = await this.entriesThatDiffer(maps, false);
    const values = new Map<string, unknown[]>();
    for (const [key, own] of rows) values.set(key, await this.values(own, [...path, { key, isRow: true }]));
    const places = lists.map(({ order }) => order);
    const { keys, standsFor } = places.every((order) => isSame(places[0], order))
      ? { keys: places.map(() => keysInPlace(places[0]!, rows)), standsFor: NOBODY }
      : await alignOrders((hashes) => this.nodesWith(hashes), places, rows);
    const weight = (key: string): number => standsFor.get(key) ?? 1;
    const orders = keys.map((order, version) => {
      const shown = new Set(order);
      const elsewhere = [...rows.keys()].filter((key) => !shown.has(key));
      return [...order, ...elsewhere].filter((key) => !rows.has(key) || values.get(key)![version] !== undefined);
    });
    const isContested = orders.length === 3 && movedByBoth(orders as Three, weight);
    const isTimed = isContested
      ? await this.areOthersTimed({ path, rows, order: places[0]! })
      : [...values.values()].flat().every((row) => row === undefined || hasStart(row));
    const others = new Map<string, Document>();
    for (const key of orders.flat())
      if (!rows.has(key) && !others.has(key))
        others.set(key, standIn({ id: idOfKey(key), ...(isTimed && { start: 0 }) }, weight(key)));
    return orders.map((order, version) => order.map((key) => others.get(key) ?? values.get(key)![version]));
  }

  /** Whether those that nobody touched all have a time of their own. Where nothing was moved by both sides, it has no say. */
  private async areOthersTimed({ path, rows, order }: KeptList): Promise<boolean> {
    const [keys] = (await readSlots(this.read, [order], remembered)) as [string[]];
    const list: Path = path.map(({ key, isRow }) => (isRow ? idOfKey(key) : key));
    const starts = keys.filter((key) => !rows.has(key)).map((key): Path => [...list, idOfKey(key), 'start']);
    const found = await readPaths(this.read, this.tree, starts);
    return found.every((start) => hasStart({ start }));
  }

  /** The entries of maps that are not the same in all; of nodes that all share, none is read. */
  private async entriesThatDiffer(
    maps: readonly MapNode[],
    withId: boolean,
  ): Promise<Map<string, (Slot | undefined)[]>> {
    const entries = maps.map((): Entry[][] => []);
    let open = maps.map((map, version) => ({ version, map }));
    while (open.length > 0) {
      const wanted: { version: number; hash: string }[] = [];
      const children = maps.map((): string[] => []);
      for (const { version, map } of open) {
        if (map.level === undefined) entries[version]!.push(map.map);
        else for (const [, hash] of map.map) children[version]!.push(hash);
      }
      notInAll(children).forEach((hashes, version) => {
        for (const hash of hashes) wanted.push({ version, hash });
      });
      await this.fetch(wanted.map(({ hash }) => hash));
      open = wanted.map(({ version, hash }) => ({ version, map: this.nodes.get(hash) as MapNode }));
    }
    const found = new Map<string, (Slot | undefined)[]>();
    sideBySide(
      entries.map((own) => own.flat()),
      (key, slots) => {
        if ((withId && key === 'id') || !slots.every((slot) => isSame(slots[0], slot))) found.set(key, [...slots]);
      },
    );
    if (withId && !found.has('id')) await this.findIds(maps, found);
    return found;
  }

  /** The id of a long row may stand in a node that all versions share. */
  private async findIds(maps: readonly MapNode[], found: Map<string, (Slot | undefined)[]>): Promise<void> {
    let map = maps[0]!;
    while (map.level !== undefined) {
      const [, hash] = map.map.findLast(([first]) => first <= 'id') ?? map.map[0]!;
      await this.fetch([hash]);
      map = this.nodes.get(hash) as MapNode;
    }
    const slot = map.map.find(([key]) => key === 'id')?.[1];
    if (slot)
      found.set(
        'id',
        maps.map(() => slot),
      );
  }

  /** The nodes in the places, when every version has one there. */
  private async nodesOf(slots: Slots): Promise<Node[] | undefined> {
    const places = slots.map((slot) => (slot === undefined || isInline(slot) ? undefined : slot[1]));
    if (places.some((place) => place === undefined)) return undefined;
    await this.fetch(places.filter((place) => typeof place === 'string'));
    return places.map((place) => (typeof place === 'string' ? this.nodes.get(place)! : place!));
  }

  private async nodesWith(hashes: readonly string[]): Promise<Node[]> {
    await this.fetch(hashes);
    return hashes.map((hash) => this.nodes.get(hash)!);
  }

  private async whole(slots: Slots): Promise<unknown[]> {
    const there = slots.filter((slot) => slot !== undefined);
    const values = await readSlots(this.read, there, remembered);
    return slots.map((slot) => (slot === undefined ? undefined : values[there.indexOf(slot)]));
  }

  private async fetch(hashes: readonly string[]): Promise<void> {
    const missing = [...new Set(hashes)].filter((hash) => !this.nodes.has(hash));
    if (missing.length === 0) return;
    for (const [hash, text] of await this.read(missing)) this.nodes.set(hash, remembered(hash, text));
  }

  private async each<T, R>(list: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
    const results: R[] = [];
    for (const item of list) results.push(await work(item));
    return results;
  }
}

/** The keys in the order of a list that is short, else in their own. */
function keysInPlace([, place]: Slot, keys: ReadonlyMap<string, unknown>): string[] {
  const isShort = typeof place === 'object' && place !== null && (place as ListNode).level === undefined;
  if (!isShort) return [...keys.keys()].sort();
  return (place as ListNode & { level?: undefined }).list.map(([key]) => key as string).filter((key) => keys.has(key));
}

const NOBODY: ReadonlyMap<string, number> = new Map();

type Entry = readonly [string, Slot];

/** Goes through lists in the order of their keys side by side: of each key, what stands behind it in each list. */
function sideBySide(lists: readonly Entry[][], tell: (key: string, slots: Slots) => void): void {
  const places = lists.map(() => 0);
  const slots: (Slot | undefined)[] = [];
  for (;;) {
    let key: string | undefined;
    for (let at = 0; at < lists.length; at++) {
      const next = lists[at]![places[at]!]?.[0];
      if (next !== undefined && (key === undefined || next < key)) key = next;
    }
    if (key === undefined) return;
    for (let at = 0; at < lists.length; at++) {
      const next = lists[at]![places[at]!];
      const isHere = next?.[0] === key;
      slots[at] = isHere ? next![1] : undefined;
      if (isHere) places[at]!++;
    }
    tell(key, slots);
  }
}

/** What of each list is not in all of them; most of them stand at the same places, seen from the front or from the back. */
function notInAll(lists: readonly string[][]): string[][] {
  const [first, ...others] = lists as [string[], ...string[][]];
  const isSameAt = (at: number, back = 0) =>
    others.every((list) => list[at + back * (list.length - first.length)] === first[at]);
  const shortest = Math.min(...lists.map(({ length }) => length));
  let head = 0;
  while (head < shortest && isSameAt(head)) head++;
  let tail = 0;
  while (tail < shortest - head && isSameAt(first.length - 1 - tail, 1)) tail++;
  let rest = lists.map((list) => list.slice(head, list.length - tail));
  if (rest.every(({ length }) => length === rest[0]!.length)) {
    const differs = rest[0]!.map((hash, at) => rest.some((list) => list[at] !== hash));
    rest = rest.map((list) => list.filter((_, at) => differs[at]));
  }
  const seen = new Map<string, number>();
  for (const list of rest) for (const hash of new Set(list)) seen.set(hash, (seen.get(hash) ?? 0) + 1);
  return rest.map((list) => list.filter((hash) => seen.get(hash)! < lists.length));
}

/** Whether two parts of nodes have the same canonical text. */
function isSame(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (Array.isArray(one)) {
    if (!Array.isArray(other) || one.length !== other.length) return false;
    for (let at = 0; at < one.length; at++) if (!isSame(one[at], other[at])) return false;
    return true;
  }
  if (Array.isArray(other) || isRawNumber(one) !== isRawNumber(other)) return false;
  const keys = Object.keys(one);
  if (keys.length !== Object.keys(other).length) return false;
  for (const key of keys)
    if (!Object.hasOwn(other, key) || !isSame((one as Document)[key], (other as Document)[key])) return false;
  return true;
}
