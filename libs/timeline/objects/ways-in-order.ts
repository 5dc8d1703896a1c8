import type { ListNode, Node } from './node.js';

/** The way to a leaf: which child to take from level to level. */
export type Way = readonly number[];

const known = new WeakMap<ListNode, Map<string, Way>>();

/** Remembers in which leaf of an order a key stands, for as long as the node at its top is remembered. */
export function rememberWay(top: ListNode, key: string, way: Way): void {
  const ways = known.get(top) ?? new Map<string, Way>();
  known.set(top, ways);
  ways.set(key, way);
}

/** In which leaves of an order keys stand, those that stand in none left out; looks through all of it unless it is known. */
export async function waysTo(
  nodes: (hashes: readonly string[]) => Promise<Node[]>,
  top: ListNode,
  keys: ReadonlySet<string>,
): Promise<Map<string, Way>> {
  const found = new Map<string, Way>();
  for (const key of keys) {
    const way = known.get(top)?.get(key);
    if (way) found.set(key, way);
  }
  let open: { node: ListNode; way: Way }[] = found.size < keys.size ? [{ node: top, way: [] }] : [];
  while (open.length > 0) {
    const below: { hash: string; way: Way }[] = [];
    for (const { node, way } of open) {
      if (node.level !== undefined) node.list.forEach(([hash], at) => below.push({ hash, way: [...way, at] }));
      else
        for (const slot of node.list) {
          const key = slot[0] as string;
          if (!keys.has(key)) continue;
          found.set(key, way);
          rememberWay(top, key, way);
        }
    }
    const read = below.length > 0 ? await nodes(below.map(({ hash }) => hash)) : [];
    open = below.map(({ way }, at) => ({ node: read[at] as ListNode, way }));
  }
  return found;
}
