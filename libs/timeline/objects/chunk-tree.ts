import { append } from './append.js';
import { CUTS, Cutter, isCut, markAt, type Entry } from './chunks.js';
import type { Node } from './node.js';

/** An entry, and what it adds to the size of the value that it is in. */
export interface SizedEntry extends Entry {
  readonly size: number;
}

/** A node of a level, as the level above names it; `first` is the key that it begins with, where entries have keys. */
export interface Child extends SizedEntry {
  readonly first: string;
  readonly hash: string;
}

/** How a kind of list stands in nodes. */
export interface NodeKind<E extends SizedEntry> {
  /** How often an entry begins a leaf. */
  readonly cuts: number;
  /** Whether the mark of a node is that of the first entry in it. */
  readonly isMarkedByFirst: boolean;
  levelOf(node: Node): number;
  entries(node: Node): readonly E[];
  children(node: Node): readonly Child[];
  /** The text of a node, given that of its entries. */
  text(level: number, entries: string): string;
  child(first: E | Child, hash: string, size: number): Child;
}

/** A node of a list; `names` or, in a leaf, `entries` are there once it was opened. */
export interface Branch<E> {
  readonly level: number;
  readonly hash: string | null;
  readonly parent: Branch<E> | null;
  /** Which of the nodes of its parent it is. */
  readonly at: number;
  /** What stands between two nodes has one number to both; the first and last node share those of their parent. */
  readonly left: number;
  readonly right: number;
  /** The nodes in it, and those of them that somebody asked for. */
  names: readonly Child[] | null;
  readonly below: Map<number, Branch<E>>;
  /** What is to the right of its first node; behind the others are the numbers that follow. */
  between: number;
  entries: E[] | null;
  /** The entry that it began with when it was opened. */
  began: E | null;
  isChanged: boolean;
}

interface Store {
  nodes(hashes: readonly string[]): Promise<Node[]>;
  keep(text: string, like: string | null): string;
}

/**
 * A long list in nodes, opened as far as one asks, and cut anew around what was changed alone: the nodes are those that the
 * whole list would be cut into.
 */
export class ChunkTree<E extends SizedEntry> {
  readonly top: Branch<E>;
  private numbers = 2;

  constructor(
    private readonly kind: NodeKind<E>,
    private readonly store: Store,
    node: Node,
    hash: string | null,
  ) {
    this.top = branchOf<E>({ level: kind.levelOf(node), hash, parent: null, at: 0, left: 0, right: 1 });
    this.fill(this.top, node);
  }

  /** For each of what is wanted the leaf that it is in; `pick` tells among nodes which way it is, by their depth. */
  async leaves<T>(
    wanted: readonly T[],
    pick: (names: readonly Child[], one: T, depth: number) => number,
  ): Promise<Branch<E>[]> {
    let found = wanted.map(() => this.top);
    for (let depth = 0; depth < this.top.level; depth++) {
      found = found.map((branch, at) => nodeIn(branch, pick(branch.names!, wanted[at]!, depth)));
      await this.open(found);
    }
    return found;
  }

  /** Opens nodes, all at once. */
  private async open(branches: readonly Branch<E>[]): Promise<void> {
    const shut = [...new Set(branches)].filter((branch) => !isOpen(branch));
    if (shut.length === 0) return;
    const nodes = await this.store.nodes(shut.map(({ hash }) => hash!));
    shut.forEach((branch, at) => this.fill(branch, nodes[at]!));
  }

  /** Says that the entries of a leaf are others now. */
  change(leaf: Branch<E>): void {
    for (let branch: Branch<E> | null = leaf; branch && !branch.isChanged; branch = branch.parent)
      branch.isChanged = true;
  }

  /** The node at the top of the list as it is now, and the size of the list; nothing when it is empty. */
  async rebuilt(): Promise<{ text: string; size: number } | undefined> {
    if (!this.top.isChanged) return this.asTop(this.top);
    let items = itemsOf(this.top);
    for (let level = 0; ; level++) {
      const built = await this.cut(level, items);
      if (built.length === 0) return undefined;
      if (built.length === 1 && countOf(built[0]!) === 1) return this.alone(level, built[0]!);
      items = built.map((one) => this.asItem(level, one));
    }
  }

  private async cut(level: number, items: Item<E>[]): Promise<Built<E>[]> {
    const built: Built<E>[] = [];
    const cuts = level === 0 ? this.kind.cuts : CUTS.upper;
    const cutter = new Cutter<Loose<E>>(cuts, (group) => built.push(group), level === 0 ? 1 : 2);
    const ahead = items.reverse();
    const openIn = async ({ parent, from, to }: Run<E>, at: number) => {
      const branch = nodeIn(parent, at);
      await this.open([branch]);
      if (at + 1 < to) ahead.push({ parent, from: at + 1, to });
      append(ahead, contentsOf(branch, level));
      if (from < at) built.push({ parent, from, to: at });
    };
    for (let item = ahead.pop(); item; item = ahead.pop()) {
      const last = built.at(-1);
      const before = cutter.isEmpty && last && isRun(last) ? last : undefined;
      const isAsBefore = before !== undefined && rightOf(before) === leftOf(item);
      if (!isRun(item)) {
        if (before && !isAsBefore && !isCut(markIn(level, item.list[item.from]!), cuts)) {
          ahead.push(item);
          built.pop();
          await openIn(before, before.to - 1);
        } else feed(cutter, { level, cuts, loose: item });
        continue;
      }
      let isKept = cutter.isEmpty && (last === undefined || isAsBefore);
      if (!isKept && item.parent.level - 1 === level)
        isKept = await this.isBegun(nodeIn(item.parent, item.from), cutter, before !== undefined);
      if (isKept) {
        cutter.close();
        built.push(item);
      } else await openIn(item, item.from);
    }
    cutter.close();
    return built;
  }

  /** Whether a node begins where it began, whatever is before it now. */
  private async isBegun(branch: Branch<E>, cutter: Cutter<Loose<E>>, isAfterKept: boolean): Promise<boolean> {
    const { level, parent, at } = branch;
    const cuts = level === 0 ? this.kind.cuts : CUTS.upper;
    if (this.kind.isMarkedByFirst && isCut(markIn(level, parent!.names![at]!), cuts))
      return isAfterKept || cutter.hasEnough;
    await this.open([branch]);
    const first = (branch.entries ?? branch.names!)[0]!;
    const mark = markIn(level, first);
    return isAfterKept ? isCut(mark, cuts) : cutter.isCutBefore(mark, first.text.length);
  }

  /** What was built on a level, as the level above takes it. */
  private asItem(level: number, one: Built<E>): Item<E> {
    if (isRun(one)) return one.parent.level - 1 === level ? looseNames(one) : one;
    const origin = one.find(({ of }) => of)?.of;
    const hash = this.store.keep(this.kind.text(level, textOf(one)), origin?.hash ?? null);
    const { list, from } = one[0]!;
    const named = this.kind.child(list[from]!, hash, sizeOf(one));
    return { list: [named], from: 0, to: 1, of: origin?.parent ?? null, left: undefined };
  }

  /** The node at the top, where it is the only one of its level. */
  private async alone(level: number, one: Built<E>): Promise<{ text: string; size: number }> {
    if (!isRun(one)) return { text: this.kind.text(level, textOf(one)), size: sizeOf(one) + 1 };
    return this.asTop(nodeIn(one.parent, one.from));
  }

  private async asTop(branch: Branch<E>): Promise<{ text: string; size: number }> {
    await this.open([branch]);
    if (branch.names?.length === 1) return this.asTop(nodeIn(branch, 0));
    const list: readonly SizedEntry[] = branch.entries ?? branch.names!;
    return { text: this.kind.text(branch.level, textsOf(list)), size: list.reduce((sum, { size }) => sum + size, 1) };
  }

  private fill(branch: Branch<E>, node: Node): void {
    if (branch.level === 0) {
      branch.entries = [...this.kind.entries(node)];
      branch.began = branch.entries[0] ?? null;
    } else {
      branch.names = this.kind.children(node);
      branch.between = this.numbers;
      this.numbers += branch.names.length - 1;
    }
  }
}

/** Entries that are cut into nodes: things, or nodes of the level below by their names. */
interface Loose<E> {
  list: readonly (E | Child)[];
  from: number;
  to: number;
  /** The node that they were in. */
  of: Branch<E> | null;
  /** What stood before the node of which the first of them was the first. */
  left: number | undefined;
}

/** Nodes next to each other that stay as they are as long as what is before them allows. */
interface Run<E> {
  parent: Branch<E>;
  from: number;
  to: number;
}

type Item<E> = Loose<E> | Run<E>;
type Built<E> = Loose<E>[] | Run<E>;

const isRun = <E>(item: Item<E> | Built<E>): item is Run<E> => 'parent' in item;
const isOpen = <E>(branch: Branch<E>): boolean => branch.names !== null || branch.entries !== null;
const countOf = <E>(one: Built<E>): number => (isRun(one) ? one.to - one.from : 1);

const branchOf = <E>(about: Pick<Branch<E>, 'level' | 'hash' | 'parent' | 'at' | 'left' | 'right'>): Branch<E> => ({
  ...about,
  names: null,
  below: new Map(),
  between: 0,
  entries: null,
  began: null,
  isChanged: false,
});

/** One of the nodes in a node that is open. */
function nodeIn<E>(parent: Branch<E>, at: number): Branch<E> {
  const known = parent.below.get(at);
  if (known) return known;
  const [left, right] = [leftIn(parent, at), leftIn(parent, at + 1)];
  const branch = branchOf<E>({ level: parent.level - 1, hash: parent.names![at]!.hash, parent, at, left, right });
  parent.below.set(at, branch);
  return branch;
}

/** What stands before one of the nodes in a node, or behind the last. */
function leftIn<E>({ names, left, right, between }: Branch<E>, at: number): number {
  if (at === 0) return left;
  return at === names!.length ? right : between + at - 1;
}

const leftOf = <E>(item: Item<E>): number | undefined => (isRun(item) ? leftIn(item.parent, item.from) : item.left);
const rightOf = <E>({ parent, to }: Run<E>): number => leftIn(parent, to);

/** The entries of changed leaves, and all else as it is. */
function itemsOf<E extends SizedEntry>(branch: Branch<E>, into: Item<E>[] = []): Item<E>[] {
  if (branch.entries) {
    append(into, looseEntries(branch));
    return into;
  }
  let from = 0;
  const changed = [...branch.below.values()].filter(({ isChanged }) => isChanged).sort((a, b) => a.at - b.at);
  for (const child of changed) {
    if (from < child.at) into.push({ parent: branch, from, to: child.at });
    itemsOf(child, into);
    from = child.at + 1;
  }
  if (from < branch.names!.length) into.push({ parent: branch, from, to: branch.names!.length });
  return into;
}

/** What is in a node, as it is cut on a level. */
function contentsOf<E extends SizedEntry>(branch: Branch<E>, level: number): Item<E>[] {
  if (branch.entries) return looseEntries(branch);
  const all = { parent: branch, from: 0, to: branch.names!.length };
  return [branch.level > level ? all : looseNames(all)];
}

function looseEntries<E extends SizedEntry>(leaf: Branch<E>): Item<E>[] {
  const list = leaf.entries!;
  if (list.length === 0) return [];
  return [{ list, from: 0, to: list.length, of: leaf, left: list[0] === leaf.began ? leaf.left : undefined }];
}

/** Nodes as their parent names them. */
const looseNames = <E>({ parent, from, to }: Run<E>): Loose<E> => ({
  list: parent.names!,
  from,
  to,
  of: parent,
  left: from === 0 ? parent.left : undefined,
});

/** Cuts entries of which few begin a node by nature, those between two such as one where there is room for them. */
function feed<E extends SizedEntry>(
  cutter: Cutter<Loose<E>>,
  { level, cuts, loose }: { level: number; cuts: number; loose: Loose<E> },
): void {
  const { list } = loose;
  for (let from = loose.from; from < loose.to;) {
    let length = list[from]!.text.length + 1;
    let to = from + 1;
    while (to < loose.to && !isCut(markIn(level, list[to]!), cuts)) length += list[to++]!.text.length + 1;
    if (cutter.isCutBefore(markIn(level, list[from]!), list[from]!.text.length)) cutter.close();
    if (cutter.hasRoom(to - from, length)) cutter.put({ ...loose, from, to }, to - from, length);
    else
      for (let at = from; at < to; at++)
        cutter.add({ ...loose, from: at, to: at + 1 }, { mark: markIn(level, list[at]!), text: list[at]!.text });
    from = to;
  }
}

/** The text of entries as they stand in a node; that of nodes which stay as they are is cut out of what they stood in. */
function textOf<E extends SizedEntry>(group: readonly Loose<E>[]): string {
  return group
    .map(({ list, from, to, of }) => {
      if (to - from < FEW || list !== of?.names) return textsOf(list.slice(from, to));
      const { text, starts } = writtenNames(of.names);
      return text.slice(starts[from], starts[to]! - 1);
    })
    .join(',');
}

const FEW = 8;
const textsOf = (list: readonly Entry[]): string => list.map(({ text }) => text).join(',');

/** The names of nodes as they stand in their parent, and where each begins; made once, for as long as it is remembered. */
function writtenNames(names: readonly Child[]): { text: string; starts: readonly number[] } {
  const known = written.get(names);
  if (known) return known;
  const starts = [0];
  for (const { text } of names) starts.push(starts.at(-1)! + text.length + 1);
  const made = { text: textsOf(names), starts };
  written.set(names, made);
  return made;
}

const written = new WeakMap<readonly Child[], { text: string; starts: readonly number[] }>();

function sizeOf<E extends SizedEntry>(group: readonly Loose<E>[]): number {
  let sum = 0;
  for (const { list, from, to } of group) for (let at = from; at < to; at++) sum += list[at]!.size;
  return sum;
}

const markIn = (level: number, { mark }: Entry): number => (level === 0 ? mark : markAt(level, mark));
