import { parseExact } from '../exact-json.js';
import { append } from './append.js';
import { changeOrder, ownKey } from './change-order.js';
import { changeValue, isPut, isRemoval, keyOf, nothingAt, sameThing, wholeValue, type Change } from './change-value.js';
import { ChunkTree, type Child } from './chunk-tree.js';
import {
  hashesNamedIn,
  isInline,
  isKeyedNode,
  isMapNode,
  parseNode,
  textOf,
  type FreshNode,
  type KeyedNode,
  type ListNode,
  type MapNode,
  type Node,
  type ReadNodes,
  type Slot,
} from './node.js';
import { builtSlot, MAP } from './node-kinds.js';
import { remembered } from './parsed-nodes.js';
import { readSlots } from './read-documents.js';
import { keyedSlot, LONGEST_INLINE, TreeBuilder, type BuiltSlot, type MapEntry } from './tree-builder.js';
import type { WrittenTree } from './write-document.js';

/**
 * Makes changes to a document that is kept as a tree, and gives the tree that the changed document has. Only the nodes on
 * the way to what changes are read, and only those that become others are given. The changes are those of
 * `changeDocument`, and so is the result, to the byte.
 */
export async function changeTree(read: ReadNodes, tree: string, changes: readonly Change[]): Promise<WrittenTree> {
  const editor = new TreeEditor(read);
  return editor.root(tree, changes);
}

/** A change and how much of its path is behind us. */
interface Step {
  change: Change;
  rest: Change['path'];
}

type Sized = { text: string; size: number };

class TreeEditor {
  private readonly builder = new TreeBuilder();
  /** Whether nodes may have been made that nothing names in the end. */
  private hasLeftovers = false;
  private readonly store = {
    nodes: (hashes: readonly string[]) => this.nodes(hashes),
    keep: (text: string, like: string | null) => this.builder.keep(text, like),
  };

  constructor(private readonly source: ReadNodes) {}

  async root(tree: string, changes: readonly Change[]): Promise<WrittenTree> {
    const node = (await this.node(tree)) as MapNode;
    const { text, size } = await this.map(node, tree, stepsOf(changes));
    const changed = this.builder.keep(text, tree);
    return { tree: changed, size, nodes: this.hasLeftovers ? this.newOf(changed) : this.builder.fresh };
  }

  /** The new nodes of a tree; what was made on the way and then stood in place after all is not among them. */
  private newOf(tree: string): Map<string, FreshNode> {
    const found = new Map<string, FreshNode>();
    const open = [tree];
    for (let hash = open.pop(); hash !== undefined; hash = open.pop()) {
      const fresh = this.builder.fresh.get(hash);
      if (!fresh || found.has(hash)) continue;
      found.set(hash, fresh);
      append(open, hashesNamedIn(fresh.text));
    }
    return found;
  }

  private async slot(slot: Slot, steps: readonly Step[]): Promise<BuiltSlot> {
    if (isInline(slot)) {
      const value = steps.reduce((changed: unknown, { change, rest }) => changeValue(changed, rest, change), slot[0]);
      return this.builder.slot(value);
    }
    const whole = steps.findLastIndex(({ rest }) => rest.length === 0);
    if (whole >= 0) return this.slot([wholeValue(steps[whole]!.change)], steps.slice(whole + 1));
    const [size, place] = slot;
    const like = typeof place === 'string' ? place : null;
    const node = typeof place === 'string' ? await this.node(place) : place;
    if (isKeyedNode(node)) return this.inlineIfShort(await this.keyed(node, size, steps));
    if (!isMapNode(node)) throw nothingAt(steps[0]!.change);
    const changed = await this.map(node, like, steps);
    const isShort = changed.size <= LONGEST_INLINE;
    return this.inlineIfShort(
      isShort
        ? { text: `[${changed.size},${changed.text}]`, size: changed.size }
        : this.builder.place(changed.text, changed.size, like),
    );
  }

  /** What has become short stands in its parent as it is, as if it had always been so. */
  private async inlineIfShort(slot: BuiltSlot): Promise<BuiltSlot> {
    if (slot.size > LONGEST_INLINE) return slot;
    this.hasLeftovers = true;
    const [value] = await readSlots(this.read, [parseExact(slot.text) as Slot]);
    return this.builder.slot(value);
  }

  private async keyed(node: KeyedNode, before: number, steps: readonly Step[]): Promise<BuiltSlot> {
    let size = before;
    const inRows: Step[] = [];
    const inOrder: Change[] = [];
    for (const { change, rest } of steps) {
      const [step, ...deeper] = rest as [string | number, ...(string | number)[]];
      if (deeper.length > 0 || isPut(change) || isRemoval(change))
        inRows.push({ change, rest: [keyOf(step), ...deeper] });
      if (deeper.length === 0) inOrder.push(change);
    }
    const [rowsSize, rowsPlace] = node.rows as Exclude<Slot, readonly [unknown]>;
    let rowsSlot: BuiltSlot = { text: textOf(node.rows), size: rowsSize };
    const fresh = new Set<string>();
    if (inRows.length > 0) {
      const like = typeof rowsPlace === 'string' ? rowsPlace : null;
      const rows = (typeof rowsPlace === 'string' ? await this.node(rowsPlace) : rowsPlace) as MapNode;
      const changed = await this.map(rows, like, inRows, (key, was, is) => {
        if (was === undefined) fresh.add(key);
        size += (is === undefined ? -1 : is) - (was === undefined ? -1 : was);
      });
      rowsSlot = this.builder.place(changed.text, changed.size, like);
    }
    const order = await this.order(node.order, inOrder, fresh);
    if (order === 'none') this.hasLeftovers = true;
    return order === 'none' ? this.builder.slot([]) : keyedSlot(order, rowsSlot, size);
  }

  /** The order of a list after changes to its things, of which some were not there before. */
  private async order(slot: Slot, changes: readonly Change[], fresh: ReadonlySet<string>): Promise<BuiltSlot | 'none'> {
    const [, place] = slot as Exclude<Slot, readonly [unknown]>;
    const like = typeof place === 'string' ? place : null;
    const isOther = (change: Change) => change.after !== undefined || isRemoval(change) || fresh.has(ownKey(change));
    if (!changes.some(isOther)) return builtSlot(slot);
    const node = (typeof place === 'string' ? await this.node(place) : place) as ListNode;
    const changed = await changeOrder({ node, hash: like, store: this.store, fresh }, changes);
    return changed ? this.builder.place(changed.text, changed.size, like) : 'none';
  }

  /** The node of an object after changes to its fields; `tell` hears the size of each changed one, before and after. */
  private async map(
    node: MapNode,
    like: string | null,
    steps: readonly Step[],
    tell?: (key: string, was: number | undefined, is: number | undefined) => void,
  ): Promise<Sized> {
    const byKey = new Map<string, Step[]>();
    for (const { change, rest } of steps) {
      const [first, ...deeper] = rest as [string | number, ...(string | number)[]];
      const own = byKey.get(String(first));
      if (own) own.push({ change, rest: deeper });
      else byKey.set(String(first), [{ change, rest: deeper }]);
    }
    const tree = new ChunkTree(MAP, this.store, node, like);
    const leaves = await tree.leaves([...byKey.keys()], childFor);
    let nth = 0;
    for (const [key, own] of byKey) {
      const leaf = leaves[nth++]!;
      const entries = leaf.entries!;
      const at = placeFor(entries, key);
      const before = entries[at]?.key === key ? entries[at] : undefined;
      const after = await this.entry(key, before, own, tell !== undefined);
      tell?.(key, valueSize(before), valueSize(after));
      entries.splice(at, before ? 1 : 0, ...(after ? [after] : []));
      tree.change(leaf);
    }
    return (await tree.rebuilt()) ?? { text: '{"map":[]}', size: 2 };
  }

  private async entry(
    key: string,
    before: MapEntry | undefined,
    steps: readonly Step[],
    isKeyed: boolean,
  ): Promise<MapEntry | undefined> {
    let open = steps;
    let slot: Slot | undefined = before && slotOf(before);
    const lastWhole = steps.findLastIndex(({ rest }) => rest.length === 0);
    if (lastWhole >= 0) {
      this.walkThrough(slot !== undefined, steps.slice(0, lastWhole + 1));
      const { change } = steps[lastWhole]!;
      open = steps.slice(lastWhole + 1);
      slot = isPut(change) ? [isKeyed ? sameThing(key, change.value, change) : change.value] : undefined;
      if (!slot && open.length === 0) return undefined;
    }
    if (!slot) throw nothingAt(open[0]!.change);
    if (isKeyed)
      for (const { change, rest } of open)
        if (rest.length === 1 && rest[0] === 'id') sameThing(key, { id: change.value }, change);
    return this.builder.entry(key, await this.slot(slot, open));
  }

  /** Refuses a removal of what is not there, as the document itself would. */
  private walkThrough(wasThere: boolean, steps: readonly Step[]): void {
    let isThere = wasThere;
    for (const { change, rest } of steps) {
      if (!isThere && (rest.length > 0 || !isPut(change))) throw nothingAt(change);
      if (rest.length === 0) isThere = isPut(change);
    }
  }

  private async node(hash: string): Promise<Node> {
    return (await this.nodes([hash]))[0]!;
  }

  private async nodes(hashes: readonly string[]): Promise<Node[]> {
    const texts = await this.read(hashes);
    return hashes.map((hash) => remembered(hash, texts.get(hash)!));
  }

  /** What is read exists, and need not be kept again; what is new is not yet to be found elsewhere. */
  private readonly read: ReadNodes = async (hashes) => {
    const found = new Map<string, string>();
    for (const hash of hashes) {
      const fresh = this.builder.fresh.get(hash);
      if (fresh) found.set(hash, fresh.text);
    }
    const others = hashes.filter((hash) => !found.has(hash));
    if (others.length > 0) {
      for (const [hash, text] of await this.source(others)) found.set(hash, text);
      for (const hash of others) this.builder.known.add(hash);
    }
    return found;
  };
}

const stepsOf = (changes: readonly Change[]): Step[] =>
  changes.map((change) => {
    if (change.path.length === 0) throw nothingAt(change);
    return { change, rest: change.path };
  });

/** The child that has a key, or would have it. */
function childFor(names: readonly Child[], key: string): number {
  let [low, high] = [0, names.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (names[middle]!.first <= key) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Where a key is among entries, or would be. */
function placeFor(entries: readonly MapEntry[], key: string): number {
  let [low, high] = [0, entries.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (entries[middle]!.key < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

const slotOf = ({ slot, text }: MapEntry): Slot => slot ?? (parseNode(text) as unknown as [string, Slot])[1];

/** The size of an entry's value without its key. */
const valueSize = (entry: MapEntry | undefined): number | undefined =>
  entry && entry.size - JSON.stringify(entry.key).length - 2;
