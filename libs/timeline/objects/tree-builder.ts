import { canonicalJson, canonicalWithin } from '../canonical-json.js';
import { isDocument, type Document } from '../document.js';
import { asEntities } from '../merge/keyed-list.js';
import { CUTS, Cutter, mark, markAt, type Entry } from './chunks.js';
import { hashOfNode, type FreshNode, type Slot } from './node.js';

/** Values up to this length stand in the node that holds them, as they are. */
export const LONGEST_INLINE = 4096;
/** Nodes up to this length stand in the node that names them. */
const LONGEST_EMBEDDED = 16_384;

/** A slot as text, with the length of its value's canonical text; `inline` is that text itself when it is short. */
export interface BuiltSlot {
  readonly text: string;
  readonly size: number;
  readonly inline?: string;
}

export interface MapEntry extends Entry {
  readonly key: string;
  /** What the entry adds to the size of its object. */
  readonly size: number;
  /** What it was read from, if it was read. */
  readonly slot?: Slot;
}

/** A node of a level, as the level above names it. */
export interface Child extends Entry {
  readonly first: string;
  readonly hash: string;
  readonly size: number;
}

/** Makes nodes of values and collects those that were not there before. */
export class TreeBuilder {
  readonly fresh = new Map<string, FreshNode>();
  /** Nodes that exist and need not be kept again. */
  readonly known = new Set<string>();

  slot(value: unknown): BuiltSlot {
    const inline = canonicalWithin(value, LONGEST_INLINE);
    if (inline !== undefined) return inlineSlot(inline);
    if (isDocument(value)) return this.map(value);
    if (Array.isArray(value)) return this.list(value as unknown[]);
    const text = canonicalJson(value);
    return { text: `[${text}]`, size: text.length };
  }

  /** The node of a document, which is one of its own however small it is. */
  root(document: Document): { tree: string; size: number } {
    const { text, size } = this.mapNode(this.entries(document));
    return { tree: this.keep(text, null), size };
  }

  entry(key: string, { text, size }: BuiltSlot): MapEntry {
    const name = JSON.stringify(key);
    return { key, mark: mark(key), text: `[${name},${text}]`, size: name.length + size + 2 };
  }

  mapNode(entries: Iterable<MapEntry>): { text: string; size: number } {
    const leaves: MapEntry[][] = [];
    const cutter = new Cutter<MapEntry>(CUTS.map, (leaf) => leaves.push(leaf));
    for (const entry of entries) cutter.add(entry);
    cutter.close();
    if (leaves.length <= 1) {
      const leaf = leaves[0] ?? [];
      return { text: mapText(leaf), size: leaf.reduce((sum, { size }) => sum + size, leaf.length > 0 ? 1 : 2) };
    }
    return this.upperMap(leaves.map((leaf) => this.leaf(leaf, null)));
  }

  /** A node of entries of its own, as its parent names it. */
  leaf(entries: MapEntry[], like: string | null): Child {
    const hash = this.keep(mapText(entries), like);
    return child(
      entries[0]!.key,
      hash,
      entries.reduce((sum, { size }) => sum + size, 0),
    );
  }

  /** The levels above the leaves of a map, of which there are two or more; those among the earlier nodes stay as they are. */
  upperMap(leaves: Child[], earlier?: UpperNodes): { text: string; size: number } {
    let children = leaves;
    for (let level = 1; ; level++) {
      const groups = grouped(children, level);
      const textOf = (group: Child[]) => `{"level":${level},"map":[${group.map(({ text }) => text).join(',')}]}`;
      if (groups.length === 1)
        return { text: textOf(groups[0]!), size: leaves.reduce((sum, { size }) => sum + size, 1) };
      children = groups.map((group) => {
        const { first } = group[0]!;
        const before = earlier?.at(level, first);
        if (before?.has(group)) return before.node;
        const hash = this.keep(textOf(group), before?.node.hash ?? null);
        return child(
          first,
          hash,
          group.reduce((sum, { size }) => sum + size, 0),
        );
      });
    }
  }

  /** Puts a node in place when it is small, else keeps it and names it. */
  place(text: string, size: number, like: string | null): BuiltSlot {
    const node = text.length <= LONGEST_EMBEDDED ? text : `"${this.keep(text, like)}"`;
    return { text: `[${size},${node}]`, size };
  }

  list(items: unknown[], like: string | null = null): BuiltSlot {
    const rows = asEntities(items);
    if (rows) return this.keyed(rows);
    const slots = items.map((item) => this.slot(item ?? null));
    const leaves: (Entry & { size: number })[][] = [];
    const cutter = new Cutter<Entry & { size: number }>(CUTS.list, (leaf) => leaves.push(leaf));
    for (const { text, size } of slots) cutter.add({ mark: mark(text), text, size: size + 1 });
    cutter.close();
    const size = slots.reduce((sum, slot) => sum + slot.size + 1, slots.length > 0 ? 1 : 2);
    const texts = leaves.map((leaf) => `{"list":[${leaf.map(({ text }) => text).join(',')}]}`);
    if (texts.length <= 1) return this.place(texts[0] ?? '{"list":[]}', size, like);
    let children = leaves.map((leaf, at) =>
      listChild(
        this.keep(texts[at]!, null),
        leaf.reduce((sum, entry) => sum + entry.size, 0),
      ),
    );
    for (let level = 1; ; level++) {
      const groups = grouped(children, level);
      const nodes = groups.map((group) => `{"level":${level},"list":[${group.map(({ text }) => text).join(',')}]}`);
      if (nodes.length === 1) return this.place(nodes[0]!, size, like);
      children = groups.map((group, at) =>
        listChild(
          this.keep(nodes[at]!, null),
          group.reduce((sum, entry) => sum + entry.size, 0),
        ),
      );
    }
  }

  keep(text: string, like: string | null): string {
    const hash = hashOfNode(text);
    if (!this.known.has(hash) && !this.fresh.has(hash))
      this.fresh.set(hash, { text, like: like === hash ? null : like });
    return hash;
  }

  private map(document: Document): BuiltSlot {
    const { text, size } = this.mapNode(this.entries(document));
    return this.place(text, size, null);
  }

  private keyed(rows: ReadonlyMap<string, unknown>): BuiltSlot {
    let size = rows.size > 0 ? 1 : 2;
    const entries = [...rows.keys()].sort().map((key) => {
      const slot = this.slot(rows.get(key));
      size += slot.size + 1;
      return this.entry(key, slot);
    });
    const things = this.mapNode(entries);
    const order = this.order([...rows.keys()]);
    return keyedSlot(order, this.place(things.text, things.size, null), size);
  }

  /** The order of a keyed list, never in brackets as a value, so that it can be told from one. */
  order(keys: string[], like: string | null = null): BuiltSlot {
    return this.list(keys, like);
  }

  private *entries(document: Document): Generator<MapEntry> {
    for (const key of Object.keys(document).sort()) {
      const value = document[key];
      if (value !== undefined) yield this.entry(key, this.slot(value));
    }
  }
}

/** The nodes above the leaves that a map had, by their level and first key. */
export class UpperNodes {
  private readonly nodes = new Map<string, { node: Child; has(group: readonly Child[]): boolean }>();

  /** `node` stands for these children. */
  add(level: number, node: Child, children: readonly Child[]): void {
    const has = (group: readonly Child[]) =>
      group.length === children.length && group.every(({ hash }, at) => hash === children[at]!.hash);
    this.nodes.set(`${level} ${node.first}`, { node, has });
  }

  at(level: number, first: string) {
    return this.nodes.get(`${level} ${first}`);
  }
}

export const inlineSlot = (inline: string): BuiltSlot => ({ text: `[${inline}]`, size: inline.length, inline });

export const keyedSlot = (order: BuiltSlot, rows: BuiltSlot, size: number): BuiltSlot => ({
  text: `[${size},{"order":${order.text},"rows":${rows.text}}]`,
  size,
});

export const mapText = (entries: readonly Entry[]): string => `{"map":[${entries.map(({ text }) => text).join(',')}]}`;

export const child = (first: string, hash: string, size: number): Child => ({
  first,
  hash,
  size,
  mark: mark(first),
  text: `[${JSON.stringify(first)},"${hash}",${size}]`,
});

const listChild = (hash: string, size: number) => ({
  size,
  mark: Number.parseInt(hash.slice(0, 8), 16),
  text: `["${hash}",${size}]`,
});

function grouped<E extends Entry>(children: E[], level: number): E[][] {
  const groups: E[][] = [];
  const cutter = new Cutter<Entry & { of: E }>(CUTS.upper, (group) => groups.push(group.map(({ of }) => of)), 2);
  for (const of of children) cutter.add({ mark: markAt(level, of.mark), text: of.text, of });
  cutter.close();
  return groups;
}
