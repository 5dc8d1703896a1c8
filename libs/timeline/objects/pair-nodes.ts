import {
  isInline,
  isKeyedNode,
  isMapNode,
  parseNode,
  type FreshNode,
  type Node,
  type ReadNodes,
  type Slot,
} from './node.js';

/**
 * Of the nodes of a new tree, those that an earlier tree does not have in the same place, each with the node that stood
 * there: what is left to keep, and what it is most like. Costs what differs, not what there is.
 */
export async function pairNodes(
  read: ReadNodes,
  earlier: string,
  { tree, nodes }: { tree: string; nodes: ReadonlyMap<string, FreshNode> },
): Promise<Map<string, FreshNode>> {
  const fresh = new Map<string, FreshNode>();
  let open: Pair[] = tree === earlier ? [] : [{ now: tree, before: earlier }];
  while (open.length > 0) {
    const texts = await read([...new Set(open.flatMap(({ before }) => before ?? []))]);
    const next: Pair[] = [];
    for (const { now, before } of open) {
      const written = nodes.get(now);
      if (!written || fresh.has(now)) continue;
      fresh.set(now, { text: written.text, like: before });
      pair(parseNode(written.text), before === null ? undefined : parseNode(texts.get(before)!), next);
    }
    open = next;
  }
  return fresh;
}

interface Pair {
  now: string;
  before: string | null;
}

function pair(now: Node, before: Node | undefined, into: Pair[]): void {
  if (isKeyedNode(now)) {
    const keyed = before && isKeyedNode(before) ? before : undefined;
    pairSlots(now.rows, keyed?.rows, into);
    return pairSlots(now.order, keyed?.order, into);
  }
  if (isMapNode(now)) {
    const map = before && isMapNode(before) ? before : undefined;
    if (now.level === undefined) {
      const slots = new Map(map && map.level === undefined ? map.map : []);
      for (const [key, slot] of now.map) pairSlots(slot, slots.get(key), into);
    } else {
      const children = new Map(map?.level === now.level ? map.map.map(([first, hash]) => [first, hash]) : []);
      for (const [first, hash] of now.map) pairHashes(hash, children.get(first), into);
    }
    return;
  }
  const list = before && !isKeyedNode(before) && !isMapNode(before) ? before : undefined;
  if (now.level === undefined) {
    const slots = list && list.level === undefined ? list.list : [];
    now.list.forEach((slot, at) => pairSlots(slot, slots[at], into));
  } else {
    const children = list?.level === now.level ? list.list.map(([hash]) => hash) : [];
    const shared = new Set(children);
    now.list.forEach(([hash], at) => {
      if (!shared.has(hash)) pairHashes(hash, children[at], into);
    });
  }
}

function pairSlots(now: Slot, before: Slot | undefined, into: Pair[]): void {
  if (isInline(now)) return;
  const was = before === undefined || isInline(before) ? undefined : before[1];
  if (typeof now[1] === 'string') pairHashes(now[1], typeof was === 'string' ? was : undefined, into);
  else pair(now[1], typeof was === 'string' ? undefined : was, into);
}

function pairHashes(now: string, before: string | undefined, into: Pair[]): void {
  if (now !== before) into.push({ now, before: before ?? null });
}
