import { AppError } from '#libs/errors/app-error';
import { canonicalJson } from '../canonical-json.js';
import {
  isInline,
  isKeyedNode,
  isMapNode,
  isNode,
  parseNode,
  type ListNode,
  type MapNode,
  type Node,
  type Slot,
} from './node.js';

export interface CheckLimits {
  /** The longest a document may be, as canonical text. */
  longest: number;
  /** How many entries may be looked at in all: nodes may be shared so that little text stands for a lot. */
  steps: number;
}

const DEEPEST = 500;

/**
 * Asks of nodes that a stranger sent whether documents can be read from them: every node a tree names is there, of the
 * right kind, in canonical text and in order, and each says its true size, so that no small bundle stands for an endless
 * document. A node is looked at once, however many trees share it.
 */
export class TreeCheck {
  private readonly measured = new Map<string, Measured>();
  private steps = 0;

  /** `textOf` gives the canonical text of a node by its hash, which is known to be right, or undefined. */
  constructor(
    private readonly textOf: (hash: string) => string | undefined,
    private readonly limits: CheckLimits,
  ) {}

  /** The number of top-level keys of the document of a tree; `invalid` with the reason when there is no such document. */
  check(tree: string): number {
    const root = this.node(tree, 0);
    if (root.kind !== 'map') throw wrong(`tree ${tree} is no object`);
    if (sizeOf(root) > this.limits.longest) throw wrong(`the document of tree ${tree} is longer than allowed`);
    return root.count;
  }

  /** Whether a node is part of any tree that was checked. */
  isUsed(hash: string): boolean {
    return this.measured.has(hash);
  }

  private node(hash: string, depth: number): Measured {
    const known = this.measured.get(hash);
    if (known) return known;
    const text = this.textOf(hash);
    if (text === undefined) throw wrong(`object ${hash} is missing`);
    const node = readNode(text, hash);
    const measured = this.measure(node, depth);
    this.measured.set(hash, measured);
    return measured;
  }

  private measure(node: Node, depth: number): Measured {
    if (depth > DEEPEST) throw wrong('a document is nested too deeply');
    if (isKeyedNode(node)) return this.keyed(node.rows, node.order, depth);
    return isMapNode(node) ? this.map(node, depth) : this.list(node, depth);
  }

  private map(node: MapNode, depth: number): Measured {
    this.step(node.map.length);
    if (node.level === undefined) {
      const keys = node.map.map(([key]) => key);
      requireAscending(keys);
      const inner = node.map.reduce(
        (sum, [key, slot]) => sum + JSON.stringify(key).length + this.slot(slot, depth) + 2,
        0,
      );
      return { kind: 'map', level: 0, inner, count: keys.length, first: keys[0], last: keys.at(-1) };
    }
    let inner = 0;
    let count = 0;
    let last: string | undefined;
    for (const [first, hash, size] of node.map) {
      const child = this.node(hash, depth + 1);
      if (child.kind !== 'map' || child.level !== node.level - 1)
        throw wrong(`object ${hash} is not what its parent says`);
      if (child.inner !== size || child.first !== first) throw wrong(`object ${hash} is not as its parent says`);
      if (last !== undefined && first <= last) throw wrong(`object ${hash} is out of order`);
      inner += size;
      count += child.count;
      last = child.last;
    }
    return { kind: 'map', level: node.level, inner, count, first: node.map[0]?.[0], last };
  }

  private list(node: ListNode, depth: number): Measured {
    this.step(node.list.length);
    if (node.level === undefined) {
      const inner = node.list.reduce((sum, slot) => sum + this.slot(slot, depth) + 1, 0);
      return { kind: 'list', level: 0, inner, count: node.list.length };
    }
    let inner = 0;
    let count = 0;
    for (const [hash, size] of node.list) {
      const child = this.node(hash, depth + 1);
      if (child.kind !== 'list' || child.level !== node.level - 1 || child.inner !== size)
        throw wrong(`object ${hash} is not what its parent says`);
      inner += size;
      count += child.count;
    }
    return { kind: 'list', level: node.level, inner, count };
  }

  private keyed(rows: Slot, order: Slot, depth: number): Measured {
    const [things, places] = [this.placed(rows, 'map', depth), this.placed(order, 'list', depth)];
    const keys = new Set(this.keys(nodeIn(rows)));
    let inner = 0;
    for (const key of this.items(nodeIn(order))) {
      if (typeof key !== 'string' || !keys.delete(key))
        throw wrong('an order names what is not there, or names it twice');
      inner -= JSON.stringify(key).length;
    }
    if (keys.size > 0 || things.count !== places.count) throw wrong('an order leaves something out');
    return { kind: 'keyed', level: 0, inner: inner + things.inner - things.count, count: things.count };
  }

  private placed(slot: Slot, kind: 'map' | 'list', depth: number): Measured {
    if (isInline(slot)) throw wrong('a keyed list is not made of nodes');
    const [size, node] = slot;
    const measured = typeof node === 'string' ? this.node(node, depth + 1) : this.measure(node, depth + 1);
    if (measured.kind !== kind || sizeOf(measured) !== size) throw wrong('a keyed list is not what it says');
    return measured;
  }

  private slot(slot: Slot, depth: number): number {
    if (isInline(slot)) return canonicalJson(slot[0]).length;
    const [size, node] = slot;
    const measured = typeof node === 'string' ? this.node(node, depth + 1) : this.measure(node, depth + 1);
    if (sizeOf(measured) !== size) throw wrong('a part of a document is not of the size it says');
    if (size > this.limits.longest) throw wrong('a document is longer than allowed');
    return size;
  }

  private *keys(node: Node | string): Generator<string> {
    const map = this.parsed(node) as MapNode;
    this.step(map.map.length);
    if (map.level === undefined) for (const [key] of map.map) yield key;
    else for (const [, hash] of map.map) yield* this.keys(hash);
  }

  private *items(node: Node | string): Generator<unknown> {
    const list = this.parsed(node) as ListNode;
    this.step(list.list.length);
    if (list.level === undefined) for (const slot of list.list) yield isInline(slot) ? slot[0] : undefined;
    else for (const [hash] of list.list) yield* this.items(hash);
  }

  private parsed(node: Node | string): Node {
    return typeof node === 'string' ? parseNode(this.textOf(node)!) : node;
  }

  private step(entries: number): void {
    this.steps += entries + 1;
    if (this.steps > this.limits.steps) throw wrong('there is more to look at than is allowed');
  }
}

interface Measured {
  kind: 'map' | 'list' | 'keyed';
  level: number;
  /** The length of the value's canonical text without its brackets, each entry with a comma after it. */
  inner: number;
  count: number;
  first?: string | undefined;
  last?: string | undefined;
}

const sizeOf = ({ inner, count }: Measured): number => (count === 0 ? 2 : inner + 1);

const nodeIn = (slot: Slot): Node | string => (slot as Exclude<Slot, readonly [unknown]>)[1];

function readNode(text: string, hash: string): Node {
  let node: unknown;
  try {
    node = parseNode(text);
  } catch {
    throw wrong(`object ${hash} is not JSON`);
  }
  if (!isNode(node) || canonicalJson(node) !== text) throw wrong(`object ${hash} is not a node in its canonical form`);
  return node;
}

function requireAscending(keys: readonly string[]): void {
  for (let at = 1; at < keys.length; at++) if (!(keys[at - 1]! < keys[at]!)) throw wrong('keys are out of order');
}

const wrong = (why: string) => new AppError('invalid', `The bundle is refused: ${why}.`, { reason: 'bad_bundle' });
