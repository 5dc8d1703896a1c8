import { isDocument, type Document } from '../document.js';
import { asEntities, type Rows } from '../merge/keyed-list.js';
import { differingEntries } from './map-difference.js';
import { isInline, isKeyedNode, isMapNode, type KeyedNode, type MapNode, type Node } from './node.js';
import type { ReadNodes, Slot } from './node.js';
import { remembered } from './parsed-nodes.js';
import { readSlots } from './read-documents.js';

/** A node with the entries themselves. */
export type Leaf = MapNode & { level?: undefined };

/** What stands before and after a change; `undefined` where nothing does. */
export interface Sides<T> {
  before: T;
  after: T;
}

export const SIDES = ['before', 'after'] as const;
export type Side = (typeof SIDES)[number];

/** Looks into kept documents as far as one asks: each node is read once, and a short value is looked into like a node. */
export class NodeReader {
  private readonly nodes = new Map<string, Node>();

  constructor(private readonly read: ReadNodes) {}

  /** The values of slots; what they share is one object in all, and must not be changed. */
  async values(slots: readonly (Slot | undefined)[]): Promise<unknown[]> {
    const there = [...new Set(slots.filter((slot) => slot !== undefined))];
    const values = await readSlots(this.read, there, remembered);
    const found = new Map(there.map((slot, at) => [slot, values[at]]));
    return slots.map((slot) => slot && found.get(slot));
  }

  /** The objects in slots, as maps; `undefined` for whatever is no object. */
  async tables(slots: readonly (Slot | undefined)[]): Promise<(MapNode | undefined)[]> {
    return (await this.nodesOf(slots)).map((node) => (node && isMapNode(node) ? node : undefined));
  }

  /** The lists of things with ids in slots; `undefined` for whatever is none. */
  async lists(slots: readonly (Slot | undefined)[]): Promise<(KeyedNode | undefined)[]> {
    return (await this.nodesOf(slots)).map((node) => (node && isKeyedNode(node) ? node : undefined));
  }

  /** The entries of two maps that are not the same in both; of nodes that both have, none is read. */
  async difference({ before, after }: Sides<MapNode | undefined>): Promise<Map<string, Sides<Slot | undefined>>> {
    const differing = await differingEntries([before, after], async (hashes) => {
      await this.fetch(hashes);
      return hashes.map((hash) => this.nodes.get(hash)!);
    });
    return new Map([...differing].map(([key, [was, is]]) => [key, { before: was, after: is }]));
  }

  /** What stands under each of the keys that a map has. */
  async find(map: MapNode | undefined, keys: Iterable<string>): Promise<Map<string, Slot>> {
    const found = new Map<string, Slot>();
    let open: { node: MapNode; keys: Iterable<string> }[] = map ? [{ node: map, keys }] : [];
    while (open.length > 0) {
      const below = new Map<string, string[]>();
      for (const { node, keys: wanted } of open)
        for (const key of wanted) {
          const at = lastNotAfter(node, key);
          if (node.level === undefined) {
            const entry = node.map[at];
            if (entry?.[0] === key) found.set(key, entry[1]);
          } else {
            const [, hash] = node.map[Math.max(0, at)]!;
            const others = below.get(hash);
            if (others) others.push(key);
            else below.set(hash, [key]);
          }
        }
      await this.fetch([...below.keys()]);
      open = [...below].map(([hash, wanted]) => ({ node: this.nodes.get(hash) as MapNode, keys: wanted }));
    }
    return found;
  }

  /** All leaves of maps, each once. */
  async leaves(maps: readonly (MapNode | undefined)[]): Promise<Leaf[]> {
    const found = new Set<Leaf>();
    let open: MapNode[] = maps.filter((map) => map !== undefined);
    while (open.length > 0) {
      const below = new Set<string>();
      for (const node of open) {
        if (node.level === undefined) found.add(node);
        else for (const [, hash] of node.map) below.add(hash);
      }
      await this.fetch([...below]);
      open = [...below].map((hash) => this.nodes.get(hash) as MapNode);
    }
    return [...found];
  }

  private async nodesOf(slots: readonly (Slot | undefined)[]): Promise<(Node | undefined)[]> {
    const places = slots.map((slot) => (slot && !isInline(slot) ? slot[1] : undefined));
    await this.fetch(places.filter((place) => typeof place === 'string'));
    return slots.map((slot, at) => {
      const place = places[at];
      if (place !== undefined) return typeof place === 'string' ? this.nodes.get(place)! : place;
      return slot && nodeOfShort(slot[0]);
    });
  }

  private async fetch(hashes: readonly string[]): Promise<void> {
    const missing = [...new Set(hashes)].filter((hash) => !this.nodes.has(hash));
    if (missing.length === 0) return;
    for (const [hash, text] of await this.read(missing)) this.nodes.set(hash, remembered(hash, text));
  }
}

/** The number of the last entry that does not stand after a key; -1 when all do. */
function lastNotAfter({ map }: MapNode, key: string): number {
  let [low, high] = [-1, map.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (map[middle]![0] <= key) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** A value that stands in its place as it is, as the node that it would be if it were longer. */
function nodeOfShort(value: unknown): Node | undefined {
  if (isDocument(value)) return { map: entriesOfShort(value) };
  const rows = asEntities(value);
  return rows && { order: [[...rows.keys()]], rows: [0, { map: entriesOfRows(rows) }] };
}

const entriesOfShort = (value: Document): Leaf['map'] =>
  Object.keys(value)
    .sort()
    .map((key) => [key, [value[key]]] as const);

const entriesOfRows = (rows: Rows): Leaf['map'] =>
  [...rows.keys()].sort().map((key) => [key, [rows.get(key)]] as const);
