import type { ListNode, Node, Slot } from './node.js';

/** The way to a leaf: which child to take from level to level. */
export type Way = readonly number[];

interface Seen {
  leaf: ListNode;
  way: Way;
}

const known = new WeakMap<ListNode, Map<string, Seen>>();

/** Remembers the way to a leaf of an order that somebody opened, for as long as the node at its top is remembered. */
export function rememberLeaf(top: ListNode, way: Way, leaf: ListNode): void {
  const leaves = known.get(top) ?? new Map<string, Seen>();
  known.set(top, leaves);
  leaves.set(way.join(), { leaf, way });
}

/** In which leaves of an order keys stand, those that stand in none left out; leaves that somebody opened are looked at first. */
export async function waysTo(
  nodes: (hashes: readonly string[]) => Promise<Node[]>,
  top: ListNode,
  keys: ReadonlySet<string>,
): Promise<Map<string, Way>> {
  const found = new Map<string, Way>();
  const missing = new Set(keys);
  const look = (leaf: ListNode, way: Way): void => {
    const [some, others] = missing.size < leaf.list.length ? [missing, keySetOf(leaf)] : [keysOf(leaf), missing];
    for (const key of some)
      if (others.has(key)) {
        found.set(key, way);
        missing.delete(key);
      }
  };
  for (const { leaf, way } of known.get(top)?.values() ?? []) look(leaf, way);
  let open: { node: ListNode; way: Way }[] = [{ node: top, way: [] }];
  while (open.length > 0 && missing.size > 0) {
    const below: { hash: string; way: Way }[] = [];
    for (const { node, way } of open) {
      if (node.level !== undefined) node.list.forEach(([hash], at) => below.push({ hash, way: [...way, at] }));
      else {
        look(node, way);
        rememberLeaf(top, way, node);
      }
    }
    const read = below.length > 0 ? await nodes(below.map(({ hash }) => hash)) : [];
    open = below.map(({ way }, at) => ({ node: read[at] as ListNode, way }));
  }
  return found;
}

/** The keys in a leaf of an order; gathered once, for as long as the leaf is remembered. */
export function keysOf(leaf: ListNode): readonly string[] {
  const keys = leafKeys.get(leaf) ?? (leaf.list as Slot[]).map(([key]) => key as string);
  leafKeys.set(leaf, keys);
  return keys;
}

/** The same as a set. */
function keySetOf(leaf: ListNode): ReadonlySet<string> {
  const keys = leafSets.get(leaf) ?? new Set(keysOf(leaf));
  leafSets.set(leaf, keys);
  return keys;
}

const leafKeys = new WeakMap<ListNode, readonly string[]>();
const leafSets = new WeakMap<ListNode, ReadonlySet<string>>();
