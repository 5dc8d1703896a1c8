import { stayed } from '../merge/merge-order.js';
import type { ListNode, Node, Slot } from './node.js';
import { rememberWay, type Way } from './ways-in-order.js';

/**
 * What a merge has to see of one list as several versions order it, in each version's order: what does not stand between
 * the same things in all of them, what stands before that, and those of `shown` that it comes across. There is something
 * that all versions have, if they have anything in common.
 */
export interface AlignedOrders {
  keys: string[][];
  /**
   * How many things a key stands for that are one after the other in all versions; at least so many that no longest order
   * which two versions share does without them.
   */
  standsFor: ReadonlyMap<string, number>;
}

/** Reads orders as far as they differ: of nodes that all share, what is next to a difference is opened at most. */
export async function alignOrders(
  nodes: (hashes: readonly string[]) => Promise<Node[]>,
  orders: readonly Slot[],
  shown: ReadonlyMap<string, unknown>,
): Promise<AlignedOrders> {
  const reader = new OrderReader(nodes);
  const { parts, most } = await reader.parts(orders);
  const keys = orders.map((): string[] => []);
  const standsFor = new Map<string, number>();
  for (const [at, { shared, lists }] of parts.entries()) {
    if (!shared) {
      lists.forEach((list, version) => {
        for (const token of list) rememberPlaces(token);
        keys[version]!.push(...list.map(({ id }) => id));
      });
      continue;
    }
    const met = shared.filter(({ id, level }) => level < 0 && shown.has(id));
    const own = met.map(({ id }) => id);
    if (at < parts.length - 1 || parts.findIndex((part) => part.shared) === at) {
      const end = await reader.end(shared, most + met.length);
      const last = end.at(-1)!;
      const others = end.filter(({ id }) => !shown.has(id));
      const counts = shown.has(last.id) ? others.at(-1) : last;
      if (counts) standsFor.set(counts.id, others.length);
      if (counts && counts !== last) own.unshift(counts.id);
      if (own.at(-1) !== last.id) own.push(last.id);
      rememberPlaces(last);
    }
    for (const list of keys) list.push(...own);
  }
  return { keys, standsFor };
}

/** A key, or a node of an order. */
interface Token {
  /** The key, or the hash of the node. */
  id: string;
  /** -1 for keys. */
  level: number;
  /** The way to the node, or to the leaf that has the key, in each version that has it here. */
  places: readonly { top: ListNode; way: Way }[];
}

/** What is one after the other in all versions, or what stands there in each of them. */
type Part = { shared: Token[]; lists?: undefined } | { shared?: undefined; lists: Token[][] };

class OrderReader {
  private readonly known = new Map<string, ListNode>();

  constructor(private readonly nodes: (hashes: readonly string[]) => Promise<Node[]>) {}

  /** The parts of orders, and of how many keys a part between two others has more at least, unless nothing can move over it. */
  async parts(orders: readonly Slot[]): Promise<{ parts: Part[]; most: number }> {
    const slots = orders.map((slot) => slot[1] as Node | string);
    await this.fetch(slots.filter((place) => typeof place === 'string'));
    const tops = slots.map((place) => (typeof place === 'string' ? this.known.get(place)! : (place as ListNode)));
    let parts: Part[] = [{ lists: tops.map((top) => tokensIn(top, [{ top, way: [] }])) }];
    for (let level = Math.max(...tops.map((top) => top.level ?? 0)) - 1; level >= 0; level--) {
      const split = parts.flatMap((part) => (part.lists ? splitAtNodes(part.lists, level) : [part]));
      const isOpen = (token: Token): boolean => token.level === level;
      await this.fetch(split.flatMap(({ lists = [] }) => lists.flat().filter(isOpen)).map(({ id }) => id));
      const below = (list: Token[]) => list.flatMap((token) => (isOpen(token) ? this.below(token) : [token]));
      parts = split.map((part) => (part.lists ? { lists: part.lists.map(below) } : part));
    }
    const ended = joined(parts.flatMap((part) => (part.lists ? withoutEnds(part.lists) : [part])));
    const { parts: heavy, most } = await this.withoutLight(ended);
    return { parts: joined(heavy.flatMap((part) => (part.lists ? splitInside(part.lists) : [part]))), most };
  }

  /** The parts, where what could change places with all that is apart is apart itself. */
  private async withoutLight(parts: Part[]): Promise<{ parts: Part[]; most: number }> {
    const most = apartIn(parts);
    let now = parts;
    for (const [at, part] of parts.entries()) {
      if (!part.shared || at === 0 || at === parts.length - 1) continue;
      const keys = await this.end(part.shared, most);
      if (keys.length > most) continue;
      const lists = parts[0]!.lists ?? parts[1]!.lists!;
      now = now.map((one) => (one === part ? { lists: lists.map(() => keys) } : one));
    }
    return now === parts ? { parts, most } : this.withoutLight(joined(now));
  }

  /** The last keys of a shared part in their order: one more than `most`, or all. */
  async end(shared: readonly Token[], most: number): Promise<Token[]> {
    const open = [...shared];
    const keys: Token[] = [];
    for (let token = open.pop(); token && keys.length <= most; token = open.pop()) {
      if (token.level < 0) {
        keys.push(token);
        continue;
      }
      await this.fetch([token.id]);
      open.push(...this.below(token));
    }
    return keys.reverse();
  }

  private below = ({ id, places }: Token): Token[] => tokensIn(this.known.get(id)!, places);

  private async fetch(hashes: readonly string[]): Promise<void> {
    const missing = [...new Set(hashes)].filter((hash) => !this.known.has(hash));
    if (missing.length === 0) return;
    (await this.nodes(missing)).forEach((node, at) => this.known.set(missing[at]!, node as ListNode));
  }
}

const tokensIn = (node: ListNode, places: Token['places']): Token[] =>
  node.level === undefined
    ? node.list.map(([key]) => ({ id: key as string, level: -1, places }))
    : node.list.map(([hash], at) => ({
        id: hash,
        level: node.level - 1,
        places: places.map(({ top, way }) => ({ top, way: [...way, at] })),
      }));

const rememberPlaces = ({ id, places }: Token): void => {
  for (const { top, way } of places) rememberWay(top, id, way);
};

/** How many keys of one version stand apart at most. */
function apartIn(parts: readonly Part[]): number {
  const counts: number[] = [];
  for (const { lists = [] } of parts)
    lists.forEach((list, version) => (counts[version] = (counts[version] ?? 0) + list.length));
  return Math.max(0, ...counts);
}

/** Parts in which the nodes of a level that all lists have, in one order, are shared. */
function splitAtNodes(lists: Token[][], level: number): Part[] {
  const ids = lists.map((list) => list.flatMap((token) => (token.level === level ? [token.id] : [])));
  const [first, ...others] = ids as [string[], ...string[][]];
  const alike = others.reduce((common, other) => keptIn(common, other), first);
  return splitAt(lists, alike);
}

/** What of a list is in another one too, in its order. */
function keptIn(list: string[], other: string[]): string[] {
  if (list.length === other.length && list.every((id, at) => id === other[at])) return list;
  const kept = stayed(list, other);
  return list.filter((id) => kept.has(id));
}

/** Parts in which the keys are shared with which all lists begin and end. */
function withoutEnds(lists: Token[][]): Part[] {
  const [first, ...others] = lists as [Token[], ...Token[][]];
  const shortest = Math.min(...lists.map(({ length }) => length));
  const isAlike = (at: number) => others.every((list) => list.at(at)!.id === first.at(at)!.id);
  let head = 0;
  while (head < shortest && isAlike(head)) head++;
  let tail = 0;
  while (tail < shortest - head && isAlike(-1 - tail)) tail++;
  return [
    { shared: sharedBy(lists.map((list) => list.slice(0, head))) },
    { lists: lists.map((list) => list.slice(head, list.length - tail)) },
    { shared: sharedBy(lists.map((list) => list.slice(list.length - tail))) },
  ];
}

/** Lists that are alike as one. */
const sharedBy = ([first, ...others]: readonly Token[][]): Token[] =>
  first!.map((token, at) => ({
    ...token,
    places: [token, ...others.map((list) => list[at]!)].flatMap(({ places }) => places),
  }));

/** Parts in which all is shared that every list has, where no two lists have anything in different orders. */
function splitInside(lists: Token[][]): Part[] {
  const ids = lists.map((list) => list.map(({ id }) => id));
  const sets = ids.map((list) => new Set(list));
  const inBoth = (one: number, other: number): string[] => ids[one]!.filter((id) => sets[other]!.has(id));
  for (let one = 0; one < lists.length; one++)
    for (let other = one + 1; other < lists.length; other++)
      if (!isSame(inBoth(one, other), inBoth(other, one))) return [{ lists }];
  return splitAt(
    lists,
    ids[0]!.filter((id) => sets.every((set) => set.has(id))),
  );
}

const isSame = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((id, at) => id === other[at]);

/** Lists that all have these in this order, in parts at each of them. */
function splitAt(lists: Token[][], shared: readonly string[]): Part[] {
  const places = lists.map(() => 0);
  const upTo = (id?: string): Part => ({
    lists: lists.map((list, version) => {
      const from = places[version]!;
      let to = from;
      while (to < list.length && list[to]!.id !== id) to++;
      places[version] = to + 1;
      return list.slice(from, to);
    }),
  });
  const parts: Part[] = [];
  for (const id of shared) {
    parts.push(upTo(id));
    parts.push({ shared: sharedBy(lists.map((list, version) => [list[places[version]! - 1]!])) });
  }
  return [...parts, upTo()];
}

/** The parts, what is next to each other and alike joined, without those that are empty. */
function joined(parts: readonly Part[]): Part[] {
  const result: Part[] = [];
  for (const part of parts) {
    const last = result.at(-1);
    if (part.shared ? part.shared.length === 0 : part.lists.every(({ length }) => length === 0)) continue;
    if (part.shared && last?.shared) last.shared.push(...part.shared);
    else if (part.lists && last?.lists) part.lists.forEach((list, version) => last.lists[version]!.push(...list));
    else result.push(part.shared ? { shared: [...part.shared] } : { lists: part.lists.map((list) => [...list]) });
  }
  return result;
}
