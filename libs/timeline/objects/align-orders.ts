import { stayed } from '../merge/merge-order.js';
import { append } from './append.js';
import type { Node, Slot } from './node.js';
import { OrderReader, type Token } from './order-parts.js';

/**
 * What a merge has to see of one list as several versions order it, in each version's order: what does not stand between
 * the same things in all of them, what stands before that, and those of `shown` that it comes across. There is something
 * that all versions have, if they have anything in common.
 */
export interface AlignedOrders {
  keys: string[][];
  /** How many things a key stands for that are one after the other in all versions, or at least so many as count. */
  standsFor: ReadonlyMap<string, number>;
}

/** Reads orders as far as they differ: of nodes that all share, what is next to a difference is opened at most. */
export async function alignOrders(
  nodes: (hashes: readonly string[]) => Promise<Node[]>,
  orders: readonly Slot[],
  shown: ReadonlyMap<string, unknown>,
): Promise<AlignedOrders> {
  const reader = new OrderReader(nodes);
  const { parts, over } = await reader.parts(orders);
  const rows = orders.map((): Stretch[] => []);
  const shared = parts.filter((part) => part.shared).length;
  for (const [at, part] of parts.entries()) {
    if (part.lists) stretchesIn(part.lists).forEach((own, version) => append(rows[version]!, own));
    else if (at < parts.length - 1 || shared === 1) {
      const stretch = { keys: await reader.ending(part.shared, over[at]!), isShared: true };
      for (const row of rows) row.push(stretch);
    }
  }
  const loose = movedIn(rows);
  const standsFor = new Map<string, number>();
  const seen = new Map<Stretch, string[]>();
  const keysOf = (stretch: Stretch): string[] => {
    const keys = seen.get(stretch) ?? (loose.has(stretch) ? stretch.keys : shortened(stretch, shown, standsFor));
    seen.set(stretch, keys);
    return keys;
  };
  return { keys: rows.map((row) => row.flatMap(keysOf)), standsFor };
}

/** Keys that are one after the other in all versions, or one that is not in all of them. */
interface Stretch {
  keys: string[];
  /** Whether they are so many that they never move. */
  isShared: boolean;
}

/** Lists of keys in the longest stretches that all of them have. */
function stretchesIn(lists: Token[][]): Stretch[][] {
  const [first, ...others] = lists as [string[], ...string[][]];
  const places = others.map((list) => new Map(list.map((key, at) => [key, at])));
  const byKey = new Map<string, Stretch>();
  let before: Stretch | undefined;
  for (const [at, key] of first.entries()) {
    let isInAll = true;
    let isNext = before !== undefined;
    for (let version = 0; version < others.length && isInAll; version++) {
      const place = places[version]!.get(key);
      isInAll = place !== undefined;
      isNext &&= isInAll && others[version]![place! - 1] === first[at - 1];
    }
    if (isInAll && isNext) before!.keys.push(key);
    else before = isInAll ? { keys: [key], isShared: false } : undefined;
    if (before) byKey.set(key, before);
  }
  return lists.map((list) => {
    const stretches: Stretch[] = [];
    for (const key of list as string[]) {
      const stretch = byKey.get(key) ?? { keys: [key], isShared: false };
      if (stretch !== stretches.at(-1)) stretches.push(stretch);
    }
    return stretches;
  });
}

/** The stretches that do not keep their place between the first version and each other one. */
function movedIn([first, ...others]: readonly Stretch[][]): Set<Stretch> {
  const names = new Map<string, Stretch>();
  const nameOf = (stretch: Stretch): string => {
    const name = stretch.keys.at(-1)!;
    names.set(name, stretch);
    return name;
  };
  const base = first!.map(nameOf);
  const moved = new Set<Stretch>();
  for (const other of others) {
    const still = stayed(base, other.map(nameOf), (name) => names.get(name)!.keys.length);
    for (const stretch of [...first!, ...other])
      if (!stretch.isShared && !still.has(stretch.keys.at(-1)!)) moved.add(stretch);
  }
  return moved;
}

/** Of a stretch its last key and those to be shown, and one that stands for the others. */
function shortened({ keys }: Stretch, shown: ReadonlyMap<string, unknown>, standsFor: Map<string, number>): string[] {
  const last = keys.at(-1)!;
  const others = keys.filter((key) => !shown.has(key));
  const counts = shown.has(last) ? others.at(-1) : last;
  if (counts !== undefined) standsFor.set(counts, others.length);
  return keys.filter((key) => key === counts || key === last || shown.has(key));
}
