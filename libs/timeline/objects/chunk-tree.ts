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
  text(level: number, entries: readonly Entry[]): string;
  child(first: E | Child, hash: string, size: number): Child;
}

/** A node of a list; `children` or, in a leaf, `entries` are there once it was opened. */
export interface Branch<E> {
  readonly level: number;
  readonly hash: string | null;
  readonly parent: Branch<E> | null;
  /** What stands between two nodes is one object to both; the first and last child share those of their parent. */
  readonly left: object;
  readonly right: object;
  /** How its parent names it; the top has nobody who does. */
  readonly named: Child | null;
  children: Branch<E>[] | null;
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

  constructor(
    private readonly kind: NodeKind<E>,
    private readonly store: Store,
    node: Node,
    hash: string | null,
  ) {
    this.top = { ...this.unopened(kind.levelOf(node), hash, null), left: {}, right: {} };
    this.fill(this.top, node);
  }

  /** For each of what is wanted the leaf that it is in; `pick` tells among children which way it is, by their depth. */
  async leaves<T>(
    wanted: readonly T[],
    pick: (children: readonly Branch<E>[], one: T, depth: number) => number,
  ): Promise<Branch<E>[]> {
    let found = wanted.map(() => this.top);
    for (let depth = 0; depth < this.top.level; depth++) {
      found = found.map(({ children }, at) => children![pick(children!, wanted[at]!, depth)]!);
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
    let items: Item<E>[] = looseEntries(this.top);
    for (let level = 0; ; level++) {
      const built = await this.cut(level, items);
      if (built.length === 0) return undefined;
      if (built.length === 1) return this.asTop(built[0]!);
      items = built.map((one) => this.asItem(level, one));
    }
  }

  private async cut(level: number, items: Item<E>[]): Promise<Built<E>[]> {
    const built: Built<E>[] = [];
    const cuts = level === 0 ? this.kind.cuts : CUTS.upper;
    const cutter = new Cutter<Loose<E>>(cuts, (group) => built.push({ level, group }), level === 0 ? 1 : 2);
    const ahead = items.reverse();
    const put = (branch: Branch<E>) => {
      for (const item of this.opened(branch, level).reverse()) ahead.push(item);
    };
    for (let item = ahead.pop(); item; item = ahead.pop()) {
      const last = built.at(-1);
      const before = cutter.isEmpty && last && !isMade(last) ? last : undefined;
      const isAsBefore = before !== undefined && before.right === item.left;
      if (isLoose(item)) {
        if (before && !isAsBefore && !isCut(item.mark, cuts)) {
          ahead.push(item);
          built.pop();
          await this.open([before]);
          put(before);
        } else cutter.add(item);
        continue;
      }
      let isKept = cutter.isEmpty && (last === undefined || isAsBefore);
      if (!isKept && item.level === level) isKept = await this.isBegun(item, cutter, before !== undefined);
      if (isKept) {
        cutter.close();
        built.push(item);
      } else {
        await this.open([item]);
        put(item);
      }
    }
    cutter.close();
    return built;
  }

  /** Whether a node begins where it began, whatever is before it now. */
  private async isBegun(branch: Branch<E>, cutter: Cutter<Loose<E>>, isAfterKept: boolean): Promise<boolean> {
    const { level, named } = branch;
    const cuts = level === 0 ? this.kind.cuts : CUTS.upper;
    if (this.kind.isMarkedByFirst && named && isCut(markOn(level, named), cuts)) return isAfterKept || cutter.hasEnough;
    await this.open([branch]);
    const [first] = this.opened(branch, level) as Loose<E>[];
    return isAfterKept ? isCut(first!.mark, cuts) : cutter.isCutBefore(first!);
  }

  /** What is in a node, as it is cut on a level. */
  private opened(branch: Branch<E>, level: number): Item<E>[] {
    if (branch.level > level) return [...branch.children!];
    if (branch.entries) return looseOf(branch, branch.entries);
    return branch.children!.map((child) => loose(child));
  }

  /** What was built on a level, as the level above takes it. */
  private asItem(level: number, one: Built<E>): Item<E> {
    if (!isMade(one)) return one.level === level ? loose(one) : one;
    const { group } = one;
    const origin = group.find(({ from }) => from)?.from;
    const size = group.reduce((sum, entry) => sum + entry.size, 0);
    const hash = this.store.keep(this.kind.text(level, group), origin?.hash ?? null);
    const of = this.kind.child(group[0]!.of, hash, size);
    return { ...of, mark: markOn(level + 1, of), of, from: origin?.parent ?? null, left: undefined };
  }

  private async asTop(one: Built<E>): Promise<{ text: string; size: number }> {
    if (isMade(one)) {
      const size = one.group.reduce((sum, entry) => sum + entry.size, 1);
      return { text: this.kind.text(one.level, one.group), size };
    }
    await this.open([one]);
    if (one.children?.length === 1) return this.asTop(one.children[0]!);
    const entries: readonly SizedEntry[] = one.entries ?? one.children!.map(({ named }) => named!);
    const size = entries.reduce((sum, entry) => sum + entry.size, 1);
    return { text: this.kind.text(one.level, entries), size };
  }

  private fill(branch: Branch<E>, node: Node): void {
    if (branch.level === 0) {
      branch.entries = [...this.kind.entries(node)];
      branch.began = branch.entries[0] ?? null;
      return;
    }
    const named = this.kind.children(node);
    let { left } = branch;
    branch.children = named.map((child, at) => {
      const right = at === named.length - 1 ? branch.right : {};
      const below = { ...this.unopened(branch.level - 1, child.hash, child), parent: branch, left, right };
      left = right;
      return below;
    });
  }

  private unopened = (level: number, hash: string | null, named: Child | null) => ({
    level,
    hash,
    named,
    parent: null,
    children: null,
    entries: null,
    began: null,
    isChanged: false,
  });
}

/** What is cut into nodes: an entry, or a node of the level below by its name. */
interface Loose<E> extends SizedEntry {
  readonly of: E | Child;
  /** The node that it was in. */
  readonly from: Branch<E> | null;
  /** What stood before the node of which this was the first. */
  readonly left: object | undefined;
}

/** A node that stays as it is as long as what is before it allows. */
type Item<E> = Loose<E> | Branch<E>;

interface Made<E> {
  level: number;
  group: Loose<E>[];
}

type Built<E> = Made<E> | Branch<E>;

const isLoose = <E>(item: Item<E>): item is Loose<E> => 'of' in item;
const isMade = <E>(one: Built<E>): one is Made<E> => 'group' in one;
const isOpen = <E>(branch: Branch<E>): boolean => branch.children !== null || branch.entries !== null;

/** The entries of changed leaves, and all else as it is. */
function looseEntries<E extends SizedEntry>(branch: Branch<E>): Item<E>[] {
  if (!branch.isChanged) return [branch];
  return branch.entries ? looseOf(branch, branch.entries) : branch.children!.flatMap(looseEntries);
}

const looseOf = <E extends SizedEntry>(leaf: Branch<E>, entries: readonly E[]): Loose<E>[] =>
  entries.map((of, at) => ({
    mark: of.mark,
    text: of.text,
    size: of.size,
    of,
    from: leaf,
    left: at === 0 && of === leaf.began ? leaf.left : undefined,
  }));

/** A node below, as its parent cuts it. */
function loose<E>(branch: Branch<E>): Loose<E> {
  const { named, parent, left } = branch;
  const { text, size } = named!;
  const isFirst = parent!.children![0] === branch;
  return {
    mark: markOn(branch.level + 1, named!),
    text,
    size,
    of: named!,
    from: parent,
    left: isFirst ? left : undefined,
  };
}

const markOn = (level: number, { mark }: Entry): number => (level === 0 ? mark : markAt(level, mark));
