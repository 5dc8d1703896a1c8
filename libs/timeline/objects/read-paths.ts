import { keyOfStep, valueAt } from '../merge/at-path.js';
import type { Path } from '../merge/conflict.js';
import {
  isInline,
  isKeyedNode,
  isListNode,
  isMapNode,
  type KeyedNode,
  type MapNode,
  type Node,
  type ReadNodes,
  type Slot,
} from './node.js';
import { remembered } from './parsed-nodes.js';
import { readSlots } from './read-documents.js';

/**
 * What stands in a kept document at paths: keys of objects, and in lists of things with ids the id. Reads no more than the
 * nodes on the way, of all paths at once.
 */
export async function readPaths(read: ReadNodes, tree: string, paths: readonly Path[]): Promise<unknown[]> {
  const reader = new PathReader(read);
  return reader.at(paths.map((path) => ({ slot: [0, tree], path })));
}

interface Way {
  slot: Slot | undefined;
  path: Path;
}

class PathReader {
  private readonly nodes = new Map<string, Node>();

  constructor(private readonly read: ReadNodes) {}

  async at(ways: Way[]): Promise<unknown[]> {
    let open = ways;
    while (open.some(isLeading)) {
      await this.fetch(open.flatMap(({ slot, path }) => (path.length > 0 && slot ? hashOf(slot) : [])));
      open = await this.step(open);
    }
    const slots = open.flatMap(({ slot }) => (slot ? [slot] : []));
    const values = await readSlots(this.read, slots, remembered);
    let next = 0;
    return open.map(({ slot }) => (slot ? values[next++] : undefined));
  }

  private async step(ways: Way[]): Promise<Way[]> {
    const leaves = await this.leaves(ways);
    return ways.map(({ slot, path }, at) => {
      const [key, ...rest] = path;
      if (key === undefined || slot === undefined) return { slot, path };
      if (isInline(slot)) {
        const [value] = slot;
        const child = valueAt(value, [key]);
        return { slot: child === undefined ? undefined : [child], path: rest };
      }
      const leaf = leaves[at];
      if (!leaf) return { slot: undefined, path: rest };
      if (isKeyedNode(leaf)) return { slot: leaf.rows, path: [keyOfStep(key), ...rest] };
      return { slot: leaf.map.find(([name]) => name === key)?.[1] as Slot | undefined, path: rest };
    });
  }

  /** For each way the leaf in which the next key is, if it is anywhere. */
  private async leaves(ways: Way[]): Promise<(MapNode | KeyedNode | undefined)[]> {
    let nodes = ways.map(({ slot, path }): Node | undefined =>
      path.length === 0 || slot === undefined || isInline(slot)
        ? undefined
        : typeof slot[1] === 'string'
          ? this.nodes.get(slot[1])
          : slot[1],
    );
    for (;;) {
      const children = nodes.map((node, at) =>
        node && isMapNode(node) && node.level !== undefined ? childFor(node, String(ways[at]!.path[0])) : undefined,
      );
      const wanted = children.filter((hash) => hash !== undefined);
      if (wanted.length === 0) return nodes.map((node) => (node && !isListNode(node) ? node : undefined));
      await this.fetch(wanted);
      nodes = nodes.map((node, at) => (children[at] === undefined ? node : this.nodes.get(children[at])));
    }
  }

  private async fetch(hashes: readonly string[]): Promise<void> {
    const missing = [...new Set(hashes)].filter((hash) => !this.nodes.has(hash));
    if (missing.length === 0) return;
    for (const [hash, text] of await this.read(missing)) this.nodes.set(hash, remembered(hash, text));
  }
}

const isLeading = ({ slot, path }: Way): boolean => slot !== undefined && path.length > 0;

const hashOf = (slot: Slot): string[] => (isInline(slot) || typeof slot[1] !== 'string' ? [] : [slot[1]]);

function childFor({ map }: MapNode, key: string): string {
  const entries = map as (readonly [first: string, hash: string, size: number])[];
  return (entries.findLast(([first]) => first <= key) ?? entries[0]!)[1];
}
