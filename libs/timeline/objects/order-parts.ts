import { stayed } from '../merge/merge-order.js';
import type { ListNode, Node, Slot } from './node.js';
import { rememberLeaf, type Way } from './ways-in-order.js';

/** A key, or a node of an order that is not opened. */
export type Token = string | Unopened;

interface Unopened {
  hash: string;
  level: number;
  /** The way to it in each version that has it here. */
  places: readonly { top: ListNode; way: Way }[];
}

export const isKey = (token: Token): token is string => typeof token === 'string';
const hashOf = (token: Token): string | null => (isKey(token) ? null : token.hash);

/** What is one after the other in all versions, or what stands there in each of them. */
export type Part = { shared: Token[]; lists?: undefined } | { shared?: undefined; lists: Token[][] };

/** Reads orders side by side: what they share is opened only where one asks for its end. */
export class OrderReader {
  private readonly known = new Map<string, ListNode>();

  constructor(private readonly nodes: (hashes: readonly string[]) => Promise<Node[]>) {}

  /**
   * The parts of orders, what is shared and what stands apart by turns. What is shared between two others has so many keys
   * that no longest order which the first version shares with another does without it: more than move `over` it.
   */
  async parts(orders: readonly Slot[]): Promise<{ parts: Part[]; over: number[] }> {
    const slots = orders.map((slot) => slot[1] as Node | string);
    await this.fetch(slots.filter((place) => typeof place === 'string'));
    const tops = slots.map((place) => (typeof place === 'string' ? this.known.get(place)! : (place as ListNode)));
    let parts: Part[] = [{ lists: tops.map((top) => [...within(top, [{ top, way: [] }])]) }];
    for (let level = Math.max(...tops.map((top) => top.level ?? 0)) - 1; level >= 0; level--) {
      const split = parts.flatMap((part) => (part.lists ? splitAtNodes(part.lists, level) : [part]));
      const isOpen = (token: Token): token is Unopened => !isKey(token) && token.level === level;
      await this.fetch(split.flatMap(({ lists = [] }) => lists.flat().filter(isOpen)).map(({ hash }) => hash));
      const below = (list: Token[]) => list.flatMap((token) => (isOpen(token) ? this.below(token) : [token]));
      parts = split.map((part) => (part.lists ? { lists: part.lists.map(below) } : part));
    }
    const ended = joined(parts.flatMap((part) => (part.lists ? withoutEnds(part.lists) : [part])));
    await this.openEnds(ended);
    const over = movedOver(ended);
    const heavy = await this.withoutLight(ended, over);
    return heavy ? { parts: heavy, over: movedOver(heavy) } : { parts: ended, over };
  }

  /** The end of a shared part, of more keys than move over it, and what of it was read before that. */
  async ending(shared: readonly Token[], over: number): Promise<string[]> {
    const end = await this.end(shared, over);
    const ids = new Set(end);
    return [...shared.filter(isKey).filter((key) => !ids.has(key)), ...end];
  }

  /** Reads the ends of all shared parts at once. */
  private async openEnds(parts: readonly Part[]): Promise<void> {
    let ends = parts.flatMap(({ shared }) => shared?.at(-1) ?? []);
    for (;;) {
      const shut = ends.filter((token): token is Unopened => !isKey(token));
      if (shut.length === 0) return;
      await this.fetch(shut.map(({ hash }) => hash));
      ends = shut.map((token) => this.below(token).at(-1)!);
    }
  }

  /** The parts, where what has no more keys than move over it may itself be what moves; nothing when there is none such. */
  private async withoutLight(parts: readonly Part[], over: readonly number[]): Promise<Part[] | undefined> {
    const heavy: Part[] = [];
    for (const [at, part] of parts.entries()) {
      const isBetween = part.shared && over[at]! > 0 && at > 0 && at < parts.length - 1;
      const keys = isBetween ? await this.end(part.shared, over[at]!) : [];
      const isLight = isBetween && keys.length <= over[at]!;
      heavy.push(isLight ? { lists: parts[at - 1]!.lists!.map(() => keys) } : part);
    }
    return heavy.some((part, at) => part !== parts[at]) ? joined(heavy) : undefined;
  }

  /** The last keys of a shared part in their order: one more than `most`, or all. */
  private async end(shared: readonly Token[], most: number): Promise<string[]> {
    const open = [...shared];
    const keys: string[] = [];
    for (let token = open.pop(); token !== undefined && keys.length <= most; token = open.pop()) {
      if (isKey(token)) {
        keys.push(token);
        continue;
      }
      await this.fetch([token.hash]);
      open.push(...this.below(token));
    }
    return keys.reverse();
  }

  private below = ({ hash, places }: Unopened): readonly Token[] => within(this.known.get(hash)!, places);

  private async fetch(hashes: readonly string[]): Promise<void> {
    const missing = [...new Set(hashes)].filter((hash) => !this.known.has(hash));
    if (missing.length === 0) return;
    (await this.nodes(missing)).forEach((node, at) => this.known.set(missing[at]!, node as ListNode));
  }
}

/** What is in a node of an order. */
function within(node: ListNode, places: Unopened['places']): readonly Token[] {
  if (node.level !== undefined)
    return node.list.map(([hash], at) => ({
      hash,
      level: node.level - 1,
      places: places.map(({ top, way }) => ({ top, way: [...way, at] })),
    }));
  for (const { top, way } of places) rememberLeaf(top, way, node);
  const keys = known.get(node) ?? node.list.map(([key]) => key as string);
  known.set(node, keys);
  return keys;
}

/** The keys of leaves that were looked at, for as long as the leaves are remembered. */
const known = new WeakMap<ListNode, string[]>();

/** Of each part, how many keys are before it in the first version and behind it in another, or the other way round, at most. */
function movedOver(parts: readonly Part[]): number[] {
  const most = parts.map(() => 0);
  const homes = new Map<Token, number>();
  for (const [at, { lists }] of parts.entries()) for (const token of lists?.[0] ?? []) homes.set(token, at);
  const versions = Math.max(...parts.map(({ lists }) => lists?.length ?? 0));
  for (let version = 1; version < versions; version++) {
    const changes = parts.map(() => 0);
    for (const [at, { lists }] of parts.entries())
      for (const token of lists?.[version] ?? []) {
        const home = homes.get(token);
        if (home === undefined || home === at) continue;
        changes[Math.min(home, at)]!++;
        changes[Math.max(home, at)]!--;
      }
    let over = 0;
    for (const [at, change] of changes.entries()) {
      over += change;
      most[at] = Math.max(most[at]!, over);
    }
  }
  return most;
}

/** Parts in which the nodes of a level that all lists have, in one order, are shared. */
function splitAtNodes(lists: Token[][], level: number): Part[] {
  const ids = lists.map((list) => list.flatMap((token) => (isKey(token) || token.level !== level ? [] : [token.hash])));
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
  const isAlike = (at: number) => others.every((list) => list.at(at) === first.at(at));
  let head = 0;
  while (head < shortest && isAlike(head)) head++;
  let tail = 0;
  while (tail < shortest - head && isAlike(-1 - tail)) tail++;
  return [
    { shared: first.slice(0, head) },
    { lists: lists.map((list) => list.slice(head, list.length - tail)) },
    { shared: first.slice(first.length - tail) },
  ];
}

/** Lists that all have these nodes in this order, in parts at each of them. */
function splitAt(lists: Token[][], shared: readonly string[]): Part[] {
  const places = lists.map(() => 0);
  const upTo = (hash?: string): Part => ({
    lists: lists.map((list, version) => {
      const from = places[version]!;
      let to = from;
      while (to < list.length && hashOf(list[to]!) !== hash) to++;
      places[version] = to + 1;
      return list.slice(from, to);
    }),
  });
  const parts: Part[] = [];
  for (const hash of shared) {
    parts.push(upTo(hash));
    const nodes = lists.map((list, version) => list[places[version]! - 1] as Unopened);
    parts.push({ shared: [{ ...nodes[0]!, places: nodes.flatMap((node) => node.places) }] });
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
