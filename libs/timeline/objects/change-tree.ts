import {
  changeOrder,
  changeValue,
  isPut,
  isRemoval,
  keyOf,
  nothingAt,
  sameThing,
  wholeValue,
  type Change,
} from './change-value.js';
import { CUTS, Cutter, isCut, mark } from './chunks.js';
import {
  hashesNamedIn,
  isInline,
  isKeyedNode,
  isMapNode,
  parseNode,
  textOf,
  type FreshNode,
  type KeyedNode,
  type MapNode,
  type Node,
  type ReadNodes,
  type Slot,
} from './node.js';
import { remembered } from './parsed-nodes.js';
import { readSlots } from './read-documents.js';
import {
  child,
  keyedSlot,
  LONGEST_INLINE,
  mapText,
  TreeBuilder,
  UpperNodes,
  type BuiltSlot,
  type Child,
  type MapEntry,
} from './tree-builder.js';
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

/** A node of entries: as it is kept, or with its entries in hand; `like` is what it was kept as. */
interface Leaf {
  first: string;
  kept: Child | null;
  like: string | null;
  entries: MapEntry[] | null;
}

/** The leaves of a map, and the nodes above them up to the top, which has none above it. */
interface Leaves {
  leaves: Leaf[];
  upper: UpperNodes;
}

type Sized = { text: string; size: number };

class TreeEditor {
  private readonly builder = new TreeBuilder();

  constructor(private readonly source: ReadNodes) {}

  async root(tree: string, changes: readonly Change[]): Promise<WrittenTree> {
    const node = (await this.node(tree)) as MapNode;
    const { text, size } = await this.map(node, tree, stepsOf(changes));
    const changed = this.builder.keep(text, tree);
    return { tree: changed, size, nodes: this.newOf(changed) };
  }

  /** The new nodes of a tree; what was made on the way and then stood in place after all is not among them. */
  private newOf(tree: string): Map<string, FreshNode> {
    const found = new Map<string, FreshNode>();
    const open = [tree];
    for (let hash = open.pop(); hash !== undefined; hash = open.pop()) {
      const fresh = this.builder.fresh.get(hash);
      if (!fresh || found.has(hash)) continue;
      found.set(hash, fresh);
      open.push(...hashesNamedIn(fresh.text));
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
    const [value] = await readSlots(this.read, [JSON.parse(slot.text) as Slot]);
    return this.builder.slot(value);
  }

  private async keyed(node: KeyedNode, before: number, steps: readonly Step[]): Promise<BuiltSlot> {
    let size = before;
    const inRows: Step[] = [];
    let order: string[] | undefined;
    for (const { change, rest } of steps) {
      const [step, ...deeper] = rest as [string | number, ...(string | number)[]];
      if (deeper.length > 0 || isPut(change) || isRemoval(change))
        inRows.push({ change, rest: [keyOf(step), ...deeper] });
      if (deeper.length > 0) continue;
      order ??= (await this.values([node.order]))[0] as string[];
      if (!isPut(change) && !order.includes(keyOf(step))) throw nothingAt(change);
      order = changeOrder(order, change, step);
    }
    const [rowsSize, rowsPlace] = node.rows as Exclude<Slot, readonly [unknown]>;
    const like = typeof rowsPlace === 'string' ? rowsPlace : null;
    const rows = (typeof rowsPlace === 'string' ? await this.node(rowsPlace) : rowsPlace) as MapNode;
    let rowsSlot: BuiltSlot = { text: textOf(node.rows), size: rowsSize };
    if (inRows.length > 0) {
      const changed = await this.map(rows, like, inRows, (was, is) => {
        size += (is === undefined ? -1 : is) - (was === undefined ? -1 : was);
      });
      rowsSlot = this.builder.place(changed.text, changed.size, like);
    }
    if (order === undefined) return keyedSlot(builtSlot(node.order), rowsSlot, size);
    if (order.length === 0) return this.builder.slot([]);
    const orderLike = typeof node.order[1] === 'string' ? node.order[1] : null;
    return keyedSlot(this.builder.order(order, orderLike), rowsSlot, size);
  }

  /** The node of an object after changes to its fields; `tell` hears the size of each changed one, before and after. */
  private async map(
    node: MapNode,
    like: string | null,
    steps: readonly Step[],
    tell?: (was: number | undefined, is: number | undefined) => void,
  ): Promise<Sized> {
    const { leaves, upper } = await this.leavesOf(node, like);
    const byLeaf = new Map<number, Map<string, Step[]>>();
    for (const { change, rest } of steps) {
      const [key, ...deeper] = rest.map((step, at) => (at === 0 ? String(step) : step)) as [
        string,
        ...(string | number)[],
      ];
      const at = leafFor(leaves, key);
      const keys = byLeaf.get(at) ?? new Map<string, Step[]>();
      byLeaf.set(at, keys);
      keys.set(key, [...(keys.get(key) ?? []), { change, rest: deeper }]);
    }
    await this.open([...byLeaf.keys()].map((at) => leaves[at]!));
    const isKeyed = tell !== undefined;
    for (const [at, keys] of byLeaf) {
      const leaf = leaves[at]!;
      const entries = new Map(leaf.entries!.map((entry) => [entry.key, entry]));
      for (const [key, own] of keys) {
        const before = entries.get(key);
        const after = await this.entry(key, before, own, isKeyed);
        tell?.(valueSize(before), valueSize(after));
        if (after) entries.set(key, after);
        else entries.delete(key);
      }
      leaf.entries = [...entries.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
      leaf.kept = null;
    }
    return this.rebuilt(leaves, upper);
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

  private async leavesOf(node: MapNode, like: string | null): Promise<Leaves> {
    const upper = new UpperNodes();
    if (node.level === undefined) {
      const entries = node.map.map(entryOf);
      const first = entries[0]?.key ?? '';
      return { leaves: [{ first, kept: like === null ? null : child(first, like, 0), like, entries }], upper };
    }
    let children = childrenOf(node);
    for (let { level } = node; level > 1; level--) {
      const nodes = await this.nodes(children.map(({ hash }) => hash));
      const below = nodes.map((each) => childrenOf(each as UpperNode));
      below.forEach((own, at) => upper.add(level - 1, children[at]!, own));
      children = below.flat();
    }
    return { leaves: children.map((kept) => ({ first: kept.first, kept, like: kept.hash, entries: null })), upper };
  }

  private async open(leaves: readonly Leaf[]): Promise<void> {
    const shut = leaves.filter(({ entries }) => entries === null);
    const nodes = await this.nodes(shut.map(({ kept }) => kept!.hash));
    shut.forEach((leaf, at) => (leaf.entries = (nodes[at] as MapNode & { level?: undefined }).map.map(entryOf)));
  }

  /**
   * Cuts the entries of changed leaves anew. A leaf in which nothing changed stays as it is, unless the one before it was
   * cut anew and it does not begin where it begins by nature.
   */
  private async rebuilt(leaves: Leaf[], upper: UpperNodes): Promise<Sized> {
    const again = leaves.map(({ kept, entries }) => kept === null && entries !== null);
    leaves.forEach(({ entries }, at) => {
      const begins = entries?.[0] !== undefined && isCut(entries[0].mark, CUTS.map);
      if (again[at] && at > 0 && !begins) again[at - 1] = true;
    });
    const built: (MapEntry[] | Leaf)[] = [];
    const cutter = new Cutter<MapEntry>(CUTS.map, (entries) => built.push(entries));
    let isWhole = true;
    for (const [at, leaf] of leaves.entries()) {
      if (!again[at] && (isWhole || isCut(mark(leaf.first), CUTS.map))) {
        cutter.close();
        built.push(leaf);
        isWhole = true;
        continue;
      }
      await this.open([leaf]);
      for (const entry of leaf.entries!) cutter.add(entry);
      isWhole = false;
    }
    cutter.close();
    if (built.length === 0) return { text: '{"map":[]}', size: 2 };
    const [only] = built;
    if (built.length === 1) return this.single(only!);
    let nearest: string | null = null;
    const children = built.map((each): Child => {
      if (!Array.isArray(each) && each.kept) {
        nearest = each.kept.hash;
        return each.kept;
      }
      const entries = Array.isArray(each) ? each : each.entries!;
      const before = leaves[leafFor(leaves, entries[0]!.key)]!;
      if (before.first === entries[0]!.key) nearest = before.like ?? nearest;
      return this.builder.leaf(entries, nearest);
    });
    return this.builder.upperMap(children, upper);
  }

  private async single(only: MapEntry[] | Leaf): Promise<Sized> {
    if (!Array.isArray(only)) await this.open([only]);
    const entries = Array.isArray(only) ? only : only.entries!;
    return { text: mapText(entries), size: entries.reduce((sum, { size }) => sum + size, entries.length > 0 ? 1 : 2) };
  }

  private values = (slots: readonly Slot[]) => readSlots(this.read, slots, remembered);

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

type UpperNode = MapNode & { level: number };

const known = new WeakMap<UpperNode, readonly Child[]>();

/** What a node above the leaves names, made once for as long as the node is remembered. */
function childrenOf(node: UpperNode): readonly Child[] {
  const children = known.get(node) ?? node.map.map(([first, hash, size]) => child(first, hash, size));
  known.set(node, children);
  return children;
}

/** The leaf that has a key, or would have it. */
function leafFor(leaves: readonly Leaf[], key: string): number {
  let [low, high] = [0, leaves.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (leaves[middle]!.first <= key) low = middle;
    else high = middle - 1;
  }
  return low;
}

function entryOf([key, slot]: readonly [string, Slot]): MapEntry {
  const { text, size } = builtSlot(slot);
  const name = JSON.stringify(key);
  return { key, mark: mark(key), text: `[${name},${text}]`, size: name.length + size + 2, slot };
}

function builtSlot(slot: Slot): BuiltSlot {
  const text = textOf(slot);
  return { text, size: isInline(slot) ? text.length - 2 : slot[0] };
}

const slotOf = ({ slot, text }: MapEntry): Slot => slot ?? (parseNode(text) as unknown as [string, Slot])[1];

/** The size of an entry's value without its key. */
const valueSize = (entry: MapEntry | undefined): number | undefined =>
  entry && entry.size - JSON.stringify(entry.key).length - 2;
