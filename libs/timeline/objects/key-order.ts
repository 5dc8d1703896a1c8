import { isInline, type ListNode, type ReadNodes, type Slot } from './node.js';
import { remembered } from './parsed-nodes.js';

/** Those of some keys that the order of a keyed list has, in that order; what the list has beside them costs next to nothing. */
export async function keysInOrder(read: ReadNodes, order: Slot, keys: readonly string[]): Promise<string[]> {
  if (isInline(order)) return (order[0] as string[]).filter((key) => keys.includes(key));
  if (keys.length < 2) return [...keys];
  const [, place] = order;
  let nodes = [typeof place === 'string' ? (await nodesOf(read, [place]))[0]! : (place as ListNode)];
  while (nodes[0]!.level !== undefined)
    nodes = await nodesOf(
      read,
      nodes.flatMap((node) => (node as ListNode & { level: number }).list.map(([hash]) => hash)),
    );
  return nodes.flatMap((node) => {
    const places = placesIn(node);
    const here = keys.filter((key) => places.has(key));
    return here.length < 2 ? here : here.sort((a, b) => places.get(a)! - places.get(b)!);
  });
}

async function nodesOf(read: ReadNodes, hashes: readonly string[]): Promise<ListNode[]> {
  const texts = await read(hashes);
  return hashes.map((hash) => remembered(hash, texts.get(hash)!) as ListNode);
}

const known = new WeakMap<ListNode, ReadonlyMap<string, number>>();

/** Where each key stands in a node, looked up once for as long as the node is remembered. */
function placesIn(node: ListNode): ReadonlyMap<string, number> {
  const places = known.get(node) ?? new Map((node.list as Slot[]).map((slot, at) => [slot[0] as string, at]));
  known.set(node, places);
  return places;
}
