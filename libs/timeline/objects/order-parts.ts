import { stayed } from '../merge/merge-order.js';
import { append } from './append.js';
import type { ListNode, Node, Slot } from './node.js';
import { keysOf, rememberLeaf, type Way } from './ways-in-order.js';

/** A key, or a node of an order that is not opened. */
export type Token = string | Unopened;

interface Unopened {
  hash: string;
  level: number;
  /** What it is in, and as which of the nodes there; nothing for the top of an order. */
  parent: Unopened | null;
  at: number;
  top: ListNode;
  /** The same node in the other versions, where all have it here. */
  twins: readonly Unopened[];
  /** What is in it, once that was asked. */
  below: readonly Token[] | undefined;
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
    const whole = (top: ListNode) =>
      within(top, { hash: '', level: 0, parent: null, at: 0, top, twins: NONE, below: undefined });
    let parts: Part[] = [{ lists: tops.map((top) => [...whole(top)]) }];
    for (let level = Math.max(...tops.map((top) => top.level ?? 0)) - 1; level >= 0; level--) {
      const split = parts.flatMap((part) => (part.lists ? splitAtNodes(part.lists, level) : [part]));
      const isOpen = (token: Token): token is Unopened => !isKey(token) && token.level === level;
      const open = split.flatMap(({ lists = [] }) => lists.flatMap((list) => list.filter(isOpen)));
      await this.fetch(open.map(({ hash }) => hash));
      const below = (list: Token[]) => list.flatMap((token) => (isOpen(token) ? this.below(token) : token));
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
    const open = [{ tokens: shared, left: shared.length }];
    const keys: string[] = [];
    for (let last = open.at(-1); last && keys.length <= most; last = open.at(-1)) {
      const token = last.tokens[--last.left];
      if (token === undefined) open.pop();
      else if (isKey(token)) keys.push(token);
      else {
        await this.fetch([token.hash]);
        const tokens = this.below(token);
        open.push({ tokens, left: tokens.length });
      }
    }
    return keys.reverse();
  }

  /** What is in a node, made once for each place in which it stands. */
  private below(token: Unopened): readonly Token[] {
    return (token.below ??= within(this.known.get(token.hash)!, token));
  }

  private async fetch(hashes: readonly string[]): Promise<void> {
    const missing = [...new Set(hashes)].filter((hash) => !this.known.has(hash));
    if (missing.length === 0) return;
    (await this.nodes(missing)).forEach((node, at) => this.known.set(missing[at]!, node as ListNode));
  }
}

/** What is in a node of an order. */
function within(node: ListNode, parent: Unopened): readonly Token[] {
  if (node.level !== undefined) {
    const [level, { top }] = [node.level - 1, parent];
    return node.list.map(([hash], at): Unopened => ({ hash, level, parent, at, top, twins: NONE, below: undefined }));
  }
  for (const { top, way } of placesOf(parent)) rememberLeaf(top, way, node);
  return keysOf(node);
}

const NONE: readonly Unopened[] = [];

/** The way to a node in each version that has it here. */
function placesOf({ parent, at, top, twins }: Unopened): { top: ListNode; way: Way }[] {
  const own = parent
    ? placesOf(parent).map((above) => ({ top: above.top, way: [...above.way, at] }))
    : [{ top, way: [] }];
  return [...own, ...twins.flatMap(placesOf)];
}

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
  const parts: Part[] = [];
  const apartUpTo = (hash: string | null): void => {
    const ends = lists.map((list, version) => {
      let to = places[version]!;
      while (to < list.length && (hash === null || hashOf(list[to]!) !== hash)) to++;
      return to;
    });
    if (ends.some((to, version) => to > places[version]!))
      parts.push({ lists: lists.map((list, version) => list.slice(places[version], ends[version])) });
    ends.forEach((to, version) => (places[version] = to + 1));
  };
  for (const hash of shared) {
    apartUpTo(hash);
    const [node, ...twins] = lists.map((list, version) => list[places[version]! - 1] as Unopened);
    const token = { ...node!, twins, below: undefined };
    const last = parts.at(-1);
    if (last?.shared) last.shared.push(token);
    else parts.push({ shared: [token] });
  }
  apartUpTo(null);
  return parts;
}

/** The parts, what is next to each other and alike joined, without those that are empty. */
function joined(parts: readonly Part[]): Part[] {
  const result: Part[] = [];
  for (const part of parts) {
    const last = result.at(-1);
    if (part.shared ? part.shared.length === 0 : part.lists.every(({ length }) => length === 0)) continue;
    if (part.shared && last?.shared) append(last.shared, part.shared);
    else if (part.lists && last?.lists) part.lists.forEach((list, version) => append(last.lists[version]!, list));
    else result.push(part.shared ? { shared: [...part.shared] } : { lists: part.lists.map((list) => [...list]) });
  }
  return result;
}
