import { canonicalJson, canonicalWithin } from '../canonical-json.js';
import { isDocument, type Document } from '../document.js';
import { asEntities } from '../merge/keyed-list.js';
import type { Child, SizedEntry } from './chunk-tree.js';
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

export interface MapEntry extends SizedEntry {
  readonly key: string;
  /** What it was read from, if it was read. */
  readonly slot?: Slot;
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
    for (const entry of entries) cutter.add(entry, entry);
    cutter.close();
    if (leaves.length <= 1) {
      const leaf = leaves[0] ?? [];
      return { text: mapText(leaf), size: leaf.reduce((sum, { size }) => sum + size, leaf.length > 0 ? 1 : 2) };
    }
    const children = leaves.map((leaf) => {
      const size = leaf.reduce((sum, entry) => sum + entry.size, 0);
      return child(leaf[0]!.key, this.keep(mapText(leaf), null), size);
    });
    return this.upperMap(children);
  }

  /** The levels above the leaves of a map, of which there are two or more. */
  private upperMap(leaves: Child[]): { text: string; size: number } {
    let children = leaves;
    for (let level = 1; ; level++) {
      const groups = grouped(children, level);
      if (groups.length === 1)
        return { text: mapText(groups[0]!, level), size: leaves.reduce((sum, { size }) => sum + size, 1) };
      children = groups.map((group) => {
        const size = group.reduce((sum, entry) => sum + entry.size, 0);
        return child(group[0]!.first, this.keep(mapText(group, level), null), size);
      });
    }
  }

  /** Puts a node in place when it is small, else keeps it and names it. */
  place(text: string, size: number, like: string | null): BuiltSlot {
    const node = text.length <= LONGEST_EMBEDDED ? text : `"${this.keep(text, like)}"`;
    return { text: `[${size},${node}]`, size };
  }

  list(items: unknown[]): BuiltSlot {
    const rows = asEntities(items);
    if (rows) return this.keyed(rows);
    const slots = items.map((item) => this.slot(item ?? null));
    const leaves: SizedEntry[][] = [];
    const cutter = new Cutter<SizedEntry>(CUTS.list, (leaf) => leaves.push(leaf));
    for (const entry of slots.map(listEntry)) cutter.add(entry, entry);
    cutter.close();
    const size = slots.reduce((sum, slot) => sum + slot.size + 1, slots.length > 0 ? 1 : 2);
    let groups = leaves;
    for (let level = 0; ; level++) {
      if (groups.length <= 1) return this.place(listText(groups[0] ?? [], level), size, null);
      const children = groups.map((group) => {
        const sum = group.reduce((before, entry) => before + entry.size, 0);
        return listChild(this.keep(listText(group, level), null), sum);
      });
      groups = grouped(children, level + 1);
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
    return keyedSlot(this.list([...rows.keys()]), this.place(things.text, things.size, null), size);
  }

  private *entries(document: Document): Generator<MapEntry> {
    for (const key of Object.keys(document).sort()) {
      const value = document[key];
      if (value !== undefined) yield this.entry(key, this.slot(value));
    }
  }
}

export const inlineSlot = (inline: string): BuiltSlot => ({ text: `[${inline}]`, size: inline.length, inline });

export const keyedSlot = (order: BuiltSlot, rows: BuiltSlot, size: number): BuiltSlot => ({
  text: `[${size},{"order":${order.text},"rows":${rows.text}}]`,
  size,
});

/** The text of a node of a map, or of a list, given that of its entries. */
export const mapTextOf = (entries: string, level = 0): string => `{${levelText(level)}"map":[${entries}]}`;
export const listTextOf = (entries: string, level = 0): string => `{${levelText(level)}"list":[${entries}]}`;

const mapText = (entries: readonly Entry[], level = 0): string => mapTextOf(joined(entries), level);
const listText = (entries: readonly Entry[], level = 0): string => listTextOf(joined(entries), level);

const levelText = (level: number): string => (level === 0 ? '' : `"level":${level},`);
const joined = (entries: readonly Entry[]): string => entries.map(({ text }) => text).join(',');

export const child = (first: string, hash: string, size: number): Child => ({
  first,
  hash,
  size,
  mark: mark(first),
  text: `[${JSON.stringify(first)},"${hash}",${size}]`,
});

export const listEntry = ({ text, size }: BuiltSlot): SizedEntry => ({ mark: mark(text), text, size: size + 1 });

export const listChild = (hash: string, size: number): Child => ({
  first: '',
  hash,
  size,
  mark: Number.parseInt(hash.slice(0, 8), 16),
  text: `["${hash}",${size}]`,
});

function grouped<E extends Entry>(children: E[], level: number): E[][] {
  const groups: E[][] = [];
  const cutter = new Cutter<E>(CUTS.upper, (group) => groups.push(group), 2);
  for (const child of children) cutter.add(child, { mark: markAt(level, child.mark), text: child.text });
  cutter.close();
  return groups;
}
