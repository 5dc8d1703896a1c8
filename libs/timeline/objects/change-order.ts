import { isRemoval, keyOf, nothingAt, type Change } from './change-value.js';
import { ChunkTree, type Branch } from './chunk-tree.js';
import type { ListNode, Node } from './node.js';
import { ORDER, orderEntry, type OrderEntry } from './node-kinds.js';
import { waysTo } from './ways-in-order.js';

/** The order of a list of things as it is kept, and which of the keys in question are not in it. */
interface KeptOrder {
  node: ListNode;
  hash: string | null;
  store: { nodes(hashes: readonly string[]): Promise<Node[]>; keep(text: string, like: string | null): string };
  fresh: ReadonlySet<string>;
}

/** The node at the top of an order after changes to the things of its list, and its size; nothing when none is left. */
export async function changeOrder(
  { node, hash, store, fresh }: KeptOrder,
  changes: readonly Change[],
): Promise<{ text: string; size: number } | undefined> {
  const tree = new ChunkTree(ORDER, store, node, hash);
  const named = changes.flatMap((change) => [ownKey(change), ...(isBehind(change) ? [keyOf(change.after)] : [])]);
  const ways = await waysTo(store.nodes, node, new Set(named.filter((key) => !fresh.has(key))));
  const found = await tree.leaves([...ways.values()], (_names, way, depth) => way[depth]!);
  const leaves = new Map([...ways.keys()].map((key, at) => [key, found[at]!]));
  for (const change of changes) {
    const key = ownKey(change);
    const home = leaves.get(key);
    if (home && change.value !== undefined && change.after === undefined) continue;
    if (!home && change.value === undefined) throw nothingAt(change);
    if (home) {
      home.entries!.splice(placeOf(home, key), 1);
      tree.change(home);
      leaves.delete(key);
    }
    if (isRemoval(change)) continue;
    const [leaf, at] = await placeAfter(tree, change, leaves);
    leaf.entries!.splice(at, 0, orderEntry(key));
    tree.change(leaf);
    leaves.set(key, leaf);
  }
  return tree.rebuilt();
}

/** The key of the thing of a list that a change is about. */
export const ownKey = ({ path }: Change): string => keyOf(path.at(-1)!);

/** Where a thing goes that stands behind another, at the front or at the end. */
async function placeAfter(
  tree: ChunkTree<OrderEntry>,
  change: Change,
  leaves: ReadonlyMap<string, Branch<OrderEntry>>,
): Promise<[leaf: Branch<OrderEntry>, at: number]> {
  if (isBehind(change)) {
    const key = keyOf(change.after);
    const leaf = leaves.get(key);
    if (!leaf) throw nothingAt({ ...change, path: [...change.path.slice(0, -1), change.after] });
    return [leaf, placeOf(leaf, key) + 1];
  }
  const isFront = change.after === null;
  const [leaf] = await tree.leaves([0], (names) => (isFront ? 0 : names.length - 1));
  return [leaf!, isFront ? 0 : leaf!.entries!.length];
}

const isBehind = (change: Change): change is Change & { after: string | number } =>
  change.after !== undefined && change.after !== null;

const placeOf = ({ entries }: Branch<OrderEntry>, key: string): number =>
  entries!.findIndex((entry) => entry.key === key);
