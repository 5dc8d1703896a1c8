import { isDocument, type Document } from '../document.js';
import { entityKey } from '../merge/keyed-list.js';
import { sameValue } from '../merge/same-value.js';
import { between, stepTo } from './changes-between.js';
import type { Change } from './change-value.js';
import { isInline, isKeyedNode, isMapNode, type KeyedNode, type MapNode, type ReadNodes, type Slot } from './node.js';
import { remembered } from './parsed-nodes.js';
import { Assembly, loadNodes } from './read-documents.js';

/**
 * The changes that make a kept document another: `changesBetween` them. It looks at all nodes of the one, but builds no
 * values of them and no text of the other, so that it costs a small part of taking the other apart.
 */
export async function changesFrom(read: ReadNodes, tree: string, document: Document): Promise<Change[]> {
  const root: Slot = [0, tree];
  const comparison = new Comparison(new Assembly(await loadNodes(read, [root], remembered)));
  comparison.slot([], root, document);
  return comparison.changes;
}

type Path = Change['path'];

class Comparison {
  readonly changes: Change[] = [];

  constructor(private readonly kept: Assembly) {}

  slot(path: Path, slot: Slot, value: unknown): void {
    if (!isInline(slot)) {
      const node = this.kept.nodeOf(slot);
      if (isMapNode(node) && isDocument(value)) return this.fields(path, node, value);
      if (isKeyedNode(node) && Array.isArray(value) && this.things(path, node, value)) return;
    }
    between(path, this.kept.ofSlot(slot), value, this.changes);
  }

  private fields(path: Path, node: MapNode, value: Document): void {
    let met = 0;
    for (const { map } of this.kept.leaves(node))
      for (const [key, slot] of map) {
        const now = Object.hasOwn(value, key) ? value[key] : undefined;
        if (now === undefined) this.changes.push({ path: [...path, key] });
        else {
          met++;
          this.entry(path, key, slot, now);
        }
      }
    const keys = Object.keys(value);
    if (keys.length === met) return;
    const had = new Set([...this.kept.leaves(node)].flatMap(({ map }) => map.map(([key]) => key)));
    for (const key of keys)
      if (value[key] !== undefined && !had.has(key)) this.changes.push({ path: [...path, key], value: value[key] });
  }

  /** The things of a list, if they are the same as before, in the same order. */
  private things(path: Path, { order, rows }: KeyedNode, list: readonly unknown[]): boolean {
    const things = new Map<string, unknown>();
    for (const key of this.kept.items(this.kept.listOf(order))) {
      const thing = list[things.size];
      if (entityKey(thing) !== key) return false;
      things.set(key as string, thing);
    }
    if (things.size !== list.length) return false;
    for (const { map } of this.kept.leaves(this.kept.mapOf(rows)))
      for (const [key, slot] of map) this.entry(path, stepTo(key), slot, things.get(key));
    return true;
  }

  private entry(path: Path, step: string | number, slot: Slot, now: unknown): void {
    if (!isInline(slot) || !sameValue(slot[0], now)) this.slot([...path, step], slot, now);
  }
}
