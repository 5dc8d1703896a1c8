import type { Document } from '../document.js';
import type { Path } from '../merge/conflict.js';
import { idOfKey } from '../merge/keyed-list.js';
import { movedByBoth } from '../merge/merge-order.js';
import { hasStart } from '../merge/row-families.js';
import { standIn } from '../merge/stand-in.js';
import { alignOrders } from './align-orders.js';
import { differingEntries, isSamePart, type Slots } from './map-difference.js';
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
import { readTogether } from './read-together.js';

/**
 * Several versions of a document without what is the same in all of them: fields and things of lists that nobody touched
 * are left out; where a list has its things in different orders, what stands next to these is there by its id alone. Costs
 * what differs, however long the document is. What stays is shared between the versions and must not be changed.
 */
export async function readDifference(read: ReadNodes, trees: readonly string[]): Promise<Document[]> {
  if (new Set(trees).size === 1) return trees.map(() => ({}));
  const reader = new DifferenceReader(readTogether(read), trees[0]!);
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

/** A list of things as the first version has it, with those that differ. */
interface KeptList {
  path: Way;
  rows: ReadonlyMap<string, unknown>;
  order: Slot;
}

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
    const entries = [...(await this.entriesThatDiffer(maps, isRow))];
    const found = await Promise.all(
      entries.map(async ([key, slots]) => [key, await this.values(slots, [...path, { key, isRow: false }])] as const),
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
    const found = await Promise.all(
      [...rows].map(async ([key, own]) => [key, await this.values(own, [...path, { key, isRow: true }])] as const),
    );
    const values = new Map<string, unknown[]>(found);
    const places = lists.map(({ order }) => order);
    const { keys, standsFor } = places.every((order) => isSamePart(places[0], order))
      ? { keys: places.map(() => keysInPlace(places[0]!, rows)), standsFor: NOBODY }
      : await alignOrders((hashes) => this.nodesWith(hashes), places, rows);
    const weight = (key: string): number => standsFor.get(key) ?? 1;
    const orders = keys.map((order, version) => {
      const shown = new Set(order);
      const elsewhere = [...rows.keys()].filter((key) => !shown.has(key));
      return [...order, ...elsewhere].filter((key) => !rows.has(key) || values.get(key)![version] !== undefined);
    });
    const [before, ours, theirs] = orders;
    const isContested = ours !== undefined && theirs !== undefined && movedByBoth(before!, [ours, theirs], weight);
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

  /** The entries of maps that are not the same in all, and the id of a row. */
  private async entriesThatDiffer(maps: readonly MapNode[], isRow: boolean): Promise<Map<string, Slots>> {
    const found = await differingEntries(maps, (hashes) => this.nodesWith(hashes));
    if (isRow && !found.has('id')) await this.findIds(maps, found);
    return found;
  }

  /** The id of a long row may stand in a node that all versions share. */
  private async findIds(maps: readonly MapNode[], found: Map<string, Slots>): Promise<void> {
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
    const texts = await this.read(missing);
    for (const hash of missing) this.nodes.set(hash, remembered(hash, texts.get(hash)!));
  }
}

/** The keys in the order of a list that is short, else in their own. */
function keysInPlace([, place]: Slot, keys: ReadonlyMap<string, unknown>): string[] {
  const isShort = typeof place === 'object' && place !== null && (place as ListNode).level === undefined;
  if (!isShort) return [...keys.keys()].sort();
  return (place as ListNode & { level?: undefined }).list.map(([key]) => key as string).filter((key) => keys.has(key));
}

const NOBODY: ReadonlyMap<string, number> = new Map();
