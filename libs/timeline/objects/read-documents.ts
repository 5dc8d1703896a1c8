import type { Document } from '../document.js';
import {
  hashesIn,
  hashesOfSlot,
  isInline,
  isKeyedNode,
  isMapNode,
  parseNode,
  type ListNode,
  type MapNode,
  type Node,
  type ReadNodes,
  type Slot,
} from './node.js';
import { remembered } from './parsed-nodes.js';

/**
 * Puts documents together again, each deep-equal to the one it was made of, its keys in order. What several of them share
 * is one and the same object in all of them, so that comparing them is quick; it must not be changed.
 */
export async function readDocuments(read: ReadNodes, trees: readonly string[]): Promise<Document[]> {
  const values = await readSlots(
    read,
    trees.map((tree): Slot => [0, tree]),
  );
  return values as Document[];
}

/** The same for the values of slots; `parse` may remember what it parsed before, where nobody changes what is given. */
export async function readSlots(
  read: ReadNodes,
  slots: readonly Slot[],
  parse: (hash: string, text: string) => Node = (_hash, text) => parseNode(text),
): Promise<unknown[]> {
  const assembly = new Assembly(await loadNodes(read, slots, parse));
  return slots.map((slot) => assembly.ofSlot(slot));
}

/** All nodes that slots are made of, by their hashes. */
export async function loadNodes(
  read: ReadNodes,
  slots: readonly Slot[],
  parse: (hash: string, text: string) => Node,
): Promise<Map<string, Node>> {
  const nodes = new Map<string, Node>();
  let wanted = [...new Set(slots.flatMap(hashesOfSlot))];
  while (wanted.length > 0) {
    const texts = await read(wanted);
    const found = new Set<string>();
    for (const hash of wanted) {
      const node = parse(hash, texts.get(hash)!);
      nodes.set(hash, node);
      for (const child of hashesIn(node)) if (!nodes.has(child)) found.add(child);
    }
    wanted = [...found].filter((hash) => !nodes.has(hash));
  }
  return nodes;
}

/** How many fields the document of a tree has at the top; reads the nodes of these alone. */
export async function countFields(read: ReadNodes, tree: string): Promise<number> {
  let nodes = [remembered(tree, (await read([tree])).get(tree)!) as MapNode];
  for (;;) {
    const children = nodes.flatMap((node) => (node.level === undefined ? [] : node.map.map(([, hash]) => hash)));
    if (children.length === 0) return nodes.reduce((sum, { map }) => sum + map.length, 0);
    const texts = await read(children);
    nodes = children.map((hash) => remembered(hash, texts.get(hash)!) as MapNode);
  }
}

/** Builds values of nodes that are all there. */
export class Assembly {
  private readonly values = new Map<string, unknown>();

  constructor(private readonly nodes: ReadonlyMap<string, Node>) {}

  private value(hash: string): unknown {
    const known = this.values.get(hash);
    if (known !== undefined) return known;
    const value = this.ofNode(this.nodes.get(hash)!);
    this.values.set(hash, value);
    return value;
  }

  ofSlot(slot: Slot): unknown {
    if (isInline(slot)) return slot[0];
    return typeof slot[1] === 'string' ? this.value(slot[1]) : this.ofNode(slot[1]);
  }

  private ofNode(node: Node): unknown {
    if (isKeyedNode(node)) {
      const rows = new Map(this.entries(this.mapOf(node.rows)));
      return [...this.items(this.listOf(node.order))].map((key) => rows.get(key as string));
    }
    return isMapNode(node) ? Object.fromEntries(this.entries(node)) : [...this.items(node)];
  }

  private *entries(node: MapNode): Generator<[string, unknown]> {
    for (const { map } of this.leaves(node)) for (const [key, slot] of map) yield [key, this.ofSlot(slot)];
  }

  /** The nodes in which the entries of a map are, in their order. */
  *leaves(node: MapNode): Generator<MapNode & { level?: undefined }> {
    if (node.level === undefined) yield node;
    else for (const [, hash] of node.map) yield* this.leaves(this.nodes.get(hash) as MapNode);
  }

  *items(node: ListNode): Generator<unknown> {
    if (node.level === undefined) for (const slot of node.list) yield this.ofSlot(slot);
    else for (const [hash] of node.list) yield* this.items(this.nodes.get(hash) as ListNode);
  }

  mapOf = (slot: Slot): MapNode => this.nodeOf(slot) as MapNode;
  listOf = (slot: Slot): ListNode => this.nodeOf(slot) as ListNode;

  /** The node of a slot that is not short. */
  nodeOf(slot: Slot): Node {
    const [, node] = slot as Exclude<Slot, readonly [unknown]>;
    return typeof node === 'string' ? this.nodes.get(node)! : node;
  }
}
