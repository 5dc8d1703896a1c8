import type { Document } from '../document.js';
import { isRawNumber } from '../exact-json.js';
import type { MapNode, Node, Slot } from './node.js';

/** What stands under a key in each version; `undefined` where nothing does. */
export type Slots = readonly (Slot | undefined)[];

/** The entries of maps that are not the same in all of them; of nodes that all have, none is read. */
export async function differingEntries(
  maps: readonly (MapNode | undefined)[],
  read: (hashes: readonly string[]) => Promise<Node[]>,
): Promise<Map<string, Slots>> {
  let open = maps.map((map) => (map ? [map] : []));
  for (let level = highest(open); level > 0; level--) {
    const wanted = open.map((): string[] => []);
    const upper = open.map((nodes) => nodes.filter((node) => node.level === level));
    const cursors = upper.map((nodes) => new Cursor(nodes as Upper[]));
    skipShared(cursors);
    sideBySide(cursors, (_first, entries) => {
      for (const [version, entry] of entries.entries()) if (entry) wanted[version]!.push(entry[1]);
      skipShared(cursors);
    });
    const hashes = [...new Set(wanted.flat())];
    const nodes = hashes.length > 0 ? await read(hashes) : [];
    const known = new Map(hashes.map((hash, at) => [hash, nodes[at] as MapNode]));
    open = open.map((own, version) => [
      ...own.filter((node) => node.level !== level),
      ...wanted[version]!.map((hash) => known.get(hash)!),
    ]);
  }
  const found = new Map<string, Slots>();
  const cursors = open.map((nodes) => new Cursor(nodes as Lower[]));
  sideBySide(cursors, (key, entries) => {
    const [one] = entries;
    if (!one || !entries.every((entry) => entry && isSamePart(one[1], entry[1])))
      found.set(
        key,
        entries.map((entry) => entry?.[1]),
      );
  });
  return found;
}

/** Whether two parts of nodes have the same canonical text. */
export function isSamePart(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (Array.isArray(one)) {
    if (!Array.isArray(other) || one.length !== other.length) return false;
    for (let at = 0; at < one.length; at++) if (!isSamePart(one[at], other[at])) return false;
    return true;
  }
  if (Array.isArray(other) || isRawNumber(one) !== isRawNumber(other)) return false;
  const keys = Object.keys(one);
  if (keys.length !== Object.keys(other).length) return false;
  for (const key of keys)
    if (!Object.hasOwn(other, key) || !isSamePart((one as Document)[key], (other as Document)[key])) return false;
  return true;
}

type Upper = MapNode & { level: number };
type Lower = MapNode & { level?: undefined };
type EntryOf<N extends MapNode> = N['map'][number];

const highest = (open: readonly (readonly MapNode[])[]): number =>
  Math.max(0, ...open.flatMap((nodes) => nodes.map(({ level = 0 }) => level)));

/** Goes through nodes in the order of their keys side by side: of each key, the entry of each version; one list for all. */
function sideBySide<N extends MapNode>(
  cursors: readonly Cursor<N>[],
  tell: (key: string, entries: readonly (EntryOf<N> | undefined)[]) => void,
): void {
  const entries = cursors.map((): EntryOf<N> | undefined => undefined);
  for (;;) {
    let key: string | undefined;
    for (const { entry } of cursors)
      if (entry && (key === undefined || (entry[0] !== key && entry[0] < key))) key = entry[0];
    if (key === undefined) return;
    for (let version = 0; version < cursors.length; version++) {
      const cursor = cursors[version]!;
      entries[version] = cursor.entry?.[0] === key ? cursor.entry : undefined;
      if (entries[version]) cursor.next();
    }
    tell(key, entries);
  }
}

/** Goes on to the next node that is not the same in all versions: what a node begins with is said by its hash, too. */
function skipShared(cursors: readonly Cursor<Upper>[]): void {
  const [one] = cursors;
  for (let hash = one?.entry?.[1]; hash !== undefined; hash = one?.entry?.[1]) {
    for (const cursor of cursors) if (cursor.entry?.[1] !== hash) return;
    for (const cursor of cursors) cursor.next();
  }
}

/** The entries of nodes one after the other. */
class Cursor<N extends MapNode> {
  entry: EntryOf<N> | undefined;
  private node = 0;
  private at = -1;

  constructor(private readonly nodes: readonly N[]) {
    this.next();
  }

  next(): void {
    this.at++;
    while (this.node < this.nodes.length && this.at >= this.nodes[this.node]!.map.length) {
      this.node++;
      this.at = 0;
    }
    this.entry = this.nodes[this.node]?.map[this.at] as EntryOf<N> | undefined;
  }
}
