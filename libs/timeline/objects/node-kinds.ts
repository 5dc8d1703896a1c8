import type { Child, NodeKind, SizedEntry } from './chunk-tree.js';
import { CUTS, mark } from './chunks.js';
import { isInline, textOf, type ListNode, type MapNode, type Node, type Slot } from './node.js';
import {
  child,
  inlineSlot,
  listChild,
  listEntry,
  listTextOf,
  mapTextOf,
  type BuiltSlot,
  type MapEntry,
} from './tree-builder.js';

/** The fields of an object, or the things of a list by their keys. */
export const MAP: NodeKind<MapEntry> = {
  cuts: CUTS.map,
  isMarkedByFirst: true,
  levelOf: (node) => (node as MapNode).level ?? 0,
  entries: (node) => entriesOf(node, () => (node as MapNode & { level?: undefined }).map.map(mapEntry)),
  children: (node) =>
    childrenOf(node, () =>
      (node as MapNode & { level: number }).map.map(([first, hash, size]) => child(first, hash, size)),
    ),
  text: (level, entries) => mapTextOf(entries, level),
  child: (first, hash, size) => child('key' in first ? first.key : first.first, hash, size),
};

/** The key of a thing, where it stands in the order of its list. */
export interface OrderEntry extends SizedEntry {
  readonly key: string;
}

/** The order of a list of things: their keys. */
export const ORDER: NodeKind<OrderEntry> = {
  cuts: CUTS.list,
  isMarkedByFirst: false,
  levelOf: (node) => (node as ListNode).level ?? 0,
  entries: (node) =>
    entriesOf(node, () => (node as ListNode & { level?: undefined }).list.map(([key]) => orderEntry(key as string))),
  children: (node) =>
    childrenOf(node, () => (node as ListNode & { level: number }).list.map(([hash, size]) => listChild(hash, size))),
  text: (level, entries) => listTextOf(entries, level),
  child: (_first, hash, size) => listChild(hash, size),
};

/** A slot as it is written. */
export function builtSlot(slot: Slot): BuiltSlot {
  const text = textOf(slot);
  return { text, size: isInline(slot) ? text.length - 2 : slot[0] };
}

export const orderEntry = (key: string): OrderEntry => ({ key, ...listEntry(inlineSlot(JSON.stringify(key))) });

function mapEntry([key, slot]: readonly [string, Slot]): MapEntry {
  const { text, size } = builtSlot(slot);
  const name = JSON.stringify(key);
  return { key, mark: mark(key), text: `[${name},${text}]`, size: name.length + size + 2, slot };
}

const known = { entries: new WeakMap<Node, unknown>(), children: new WeakMap<Node, unknown>() };

/** What a node names, or has, made once for as long as the node is remembered. */
function remember<T>(from: WeakMap<Node, unknown>, node: Node, make: () => T): T {
  const made = (from.get(node) as T | undefined) ?? make();
  from.set(node, made);
  return made;
}

const childrenOf = (node: Node, make: () => readonly Child[]) => remember(known.children, node, make);
const entriesOf = <E>(node: Node, make: () => readonly E[]) => remember(known.entries, node, make);
