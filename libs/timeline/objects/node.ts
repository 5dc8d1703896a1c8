import { hash } from 'node:crypto';
import { canonicalJson } from '../canonical-json.js';
import { isDocument } from '../document.js';
import { parseExact } from '../exact-json.js';

/**
 * What stands for a value in a node: `[value]` itself when it is small; else its size and its node, in place or by hash.
 * The size is the length of the value's canonical text.
 */
export type Slot = readonly [unknown] | readonly [size: number, node: Node | string];

/** The entries of an object in the order of their keys, or, from level 1 on, the nodes they are in by their first key. */
export type MapNode =
  | { map: (readonly [key: string, slot: Slot])[]; level?: undefined }
  | { map: (readonly [first: string, hash: string, size: number])[]; level: number };

/** The items of a list, or the nodes they are in. */
export type ListNode =
  { list: Slot[]; level?: undefined } | { list: (readonly [hash: string, size: number])[]; level: number };

/** A list of things with ids of their own: the things by the canonical text of their ids, and these texts in order. */
export interface KeyedNode {
  order: Slot;
  rows: Slot;
}

/** A piece of a document as it is kept, under the SHA-256 of its canonical text; many documents share it. */
export type Node = MapNode | ListNode | KeyedNode;

/** Reads nodes by their hashes, all at once; throws when one is missing. */
export type ReadNodes = (hashes: readonly string[]) => Promise<ReadonlyMap<string, string>>;

/** A node to be kept: its canonical text, and the node it came from if it is a later version of one. */
export interface FreshNode {
  text: string;
  like: string | null;
}

/**
 * The canonical text of a part of a node that was read: its keys are in order already, unless some look like numbers, which
 * objects put first.
 */
export function textOf(part: unknown): string {
  const text = JSON.stringify(part);
  return /"(?:0|[1-9]\d*)":/.test(text) ? canonicalJson(part) : text;
}

/** The hash of a node, in lower-case hex. */
export const hashOfNode = (text: string): string => hash('sha256', text, 'hex');

export const parseNode = (text: string): Node => parseExact(text) as Node;

export const isMapNode = (node: Node): node is MapNode => 'map' in node;
export const isListNode = (node: Node): node is ListNode => 'list' in node;
export const isKeyedNode = (node: Node): node is KeyedNode => 'rows' in node;
export const isInline = (slot: Slot): slot is readonly [unknown] => slot.length === 1;

/** The hashes of the nodes that a node names, those of nodes in place included. */
export function hashesIn(node: Node): string[] {
  const found: string[] = [];
  collect(node, found);
  return found;
}

/** The same from a node's text, without reading it; a value that looks like a hash is among them. */
export const hashesNamedIn = (text: string): string[] =>
  (text.match(/"[0-9a-f]{64}"/g) ?? []).map((quoted) => quoted.slice(1, -1));

/** The hashes that stand in a slot. */
export function hashesOfSlot(slot: Slot): string[] {
  const found: string[] = [];
  collectSlot(slot, found);
  return found;
}

function collect(node: Node, into: string[]): void {
  if (isKeyedNode(node)) {
    collectSlot(node.rows, into);
    collectSlot(node.order, into);
  } else if (isMapNode(node)) {
    if (node.level === undefined) for (const [, slot] of node.map) collectSlot(slot, into);
    else for (const [, child] of node.map) into.push(child);
  } else if (node.level === undefined) for (const slot of node.list) collectSlot(slot, into);
  else for (const [child] of node.list) into.push(child);
}

function collectSlot(slot: Slot, into: string[]): void {
  if (isInline(slot)) return;
  const [, node] = slot;
  if (typeof node === 'string') into.push(node);
  else collect(node, into);
}

/** Whether a text has the shape of a node whose every part can be read; what a stranger sends is asked this first. */
export function isNode(value: unknown): value is Node {
  if (!isDocument(value)) return false;
  const keys = Object.keys(value).sort().join();
  if (keys === 'order,rows') return isSlot(value.order) && isSlot(value.rows);
  const list: unknown = value.map ?? value.list;
  if (!Array.isArray(list)) return false;
  if (keys === 'map')
    return list.every((entry) => isTuple(entry, ['string']) && entry.length === 2 && isSlot(entry[1]));
  if (keys === 'list') return list.every(isSlot);
  if (!Number.isInteger(value.level) || (value.level as number) < 1) return false;
  if (keys === 'level,map')
    return list.every((entry) => isTuple(entry, ['string', 'string', 'number']) && isHash(entry[1]));
  return keys === 'level,list' && list.every((entry) => isTuple(entry, ['string', 'number']) && isHash(entry[0]));
}

function isSlot(value: unknown): value is Slot {
  if (!Array.isArray(value)) return false;
  if (value.length === 1) return true;
  const [size, node] = value as unknown[];
  return value.length === 2 && typeof size === 'number' && (isHash(node) || isNode(node));
}

const isTuple = (value: unknown, kinds: string[]): value is unknown[] =>
  Array.isArray(value) && value.length >= kinds.length && kinds.every((kind, at) => typeof value[at] === kind);

const isHash = (value: unknown): value is string => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
