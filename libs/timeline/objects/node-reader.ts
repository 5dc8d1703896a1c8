import { isDocument, type Document } from '../document.js';
import { asEntities, type Rows } from '../merge/keyed-list.js';
import { isInline, isKeyedNode, isMapNode, textOf, type KeyedNode, type MapNode, type Node } from './node.js';
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
    let [had, has] = [before, after].map((map) => (map ? [map] : [])) as [MapNode[], MapNode[]];
    for (;;) {
      const level = Math.max(0, ...[...had, ...has].map((node) => node.level ?? 0));
      if (level === 0) break;
      const [old, now] = [childrenOn(level, had), childrenOn(level, has)];
      await this.fetch([...old].filter((hash) => !now.has(hash)).concat([...now].filter((hash) => !old.has(hash))));
      had = this.descended(
        had,
        level,
        [...old].filter((hash) => !now.has(hash)),
      );
      has = this.descended(
        has,
        level,
        [...now].filter((hash) => !old.has(hash)),
      );
    }
    const [was, is] = [entriesOf(had), entriesOf(has)];
    const found = new Map<string, Sides<Slot | undefined>>();
    for (const [key, slot] of was) {
      const other = is.get(key);
      if (!other || !isSameSlot(slot, other)) found.set(key, { before: slot, after: other });
    }
    for (const [key, slot] of is) if (!was.has(key)) found.set(key, { before: undefined, after: slot });
    return found;
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

  private descended(nodes: readonly MapNode[], level: number, below: readonly string[]): MapNode[] {
    return [...nodes.filter((node) => node.level !== level), ...below.map((hash) => this.nodes.get(hash) as MapNode)];
  }

  private async fetch(hashes: readonly string[]): Promise<void> {
    const missing = [...new Set(hashes)].filter((hash) => !this.nodes.has(hash));
    if (missing.length === 0) return;
    for (const [hash, text] of await this.read(missing)) this.nodes.set(hash, remembered(hash, text));
  }
}

/** Whether two slots stand for the same value. */
export function isSameSlot(one: Slot | undefined, other: Slot | undefined): boolean {
  if (one === other) return true;
  if (!one || !other || one.length !== other.length) return false;
  if (!isInline(one) && one[0] !== other[0]) return false;
  return textOf(one) === textOf(other);
}

const childrenOn = (level: number, nodes: readonly MapNode[]): Set<string> =>
  new Set(nodes.flatMap((node) => (node.level === level ? node.map.map(([, hash]) => hash) : [])));

const entriesOf = (leaves: readonly MapNode[]): Map<string, Slot> =>
  new Map(leaves.flatMap((leaf) => (leaf.level === undefined ? leaf.map : [])));

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
