import fc from 'fast-check';
import { ChunkTree, type Branch, type SizedEntry } from './chunk-tree.js';
import { parseNode, type Node, type Slot } from './node.js';
import { MAP, ORDER, orderEntry, type OrderEntry } from './node-kinds.js';
import { TreeBuilder, type MapEntry } from './tree-builder.js';

/** The nodes of lists that are cut as a whole, and how many of them were read since. */
class Kept {
  readonly builder = new TreeBuilder();
  reads = 0;

  readonly store = {
    nodes: (hashes: readonly string[]) => {
      this.reads += hashes.length;
      return Promise.resolve(hashes.map((hash) => parseNode(this.builder.fresh.get(hash)!.text)));
    },
    keep: (text: string, like: string | null) => this.builder.keep(text, like),
  };

  order(keys: readonly string[]): Node {
    const slot = JSON.parse(this.builder.list([...keys]).text) as Exclude<Slot, readonly [unknown]>;
    return this.node(slot[1]);
  }

  map(keys: readonly string[]): Node {
    return parseNode(this.builder.mapNode([...keys].sort().map((key) => this.entry(key))).text);
  }

  entry = (key: string): MapEntry => this.builder.entry(key, this.builder.slot(key.length));

  private node = (place: Node | string): Node =>
    typeof place === 'string' ? parseNode(this.builder.fresh.get(place)!.text) : place;
}

const written = (node: Node): string => JSON.stringify(node);
const names = (count: number): string[] => Array.from({ length: count }, (_, at) => `k${(at * 7919) % 999983}`);

/** The leaf that has the entry of a number, and its place there. */
async function entryAt<E extends { mark: number; text: string; size: number }>(tree: ChunkTree<E>, part: number) {
  const [leaf] = await tree.leaves([part], (children, one) => Math.floor(one * children.length));
  return { leaf: leaf!, at: Math.floor(part * leaf!.entries!.length) };
}

/** Where somebody changes something, from the front (0) to the end (1), how much goes there, and how much comes. */
const step = fc.record({
  part: fc.double({ min: 0, max: 0.999, noNaN: true }),
  gone: fc.oneof(fc.nat(3), fc.nat(900), fc.constant(0)),
  come: fc.oneof(fc.nat(3), fc.nat(1200), fc.constant(0)),
});
const steps = fc.array(step, { minLength: 1, maxLength: 5 });

type Kind = 'order' | 'map';

/** What is in a list after changes: what nobody opened is read. */
async function entriesOf<E extends SizedEntry>(kept: Kept, branch: Branch<E>, open: Open<E>): Promise<E[]> {
  if (branch.entries) return branch.entries;
  const read = async (hash: string) => open((await kept.store.nodes([hash]))[0]!);
  if (!branch.names) return entriesOf(kept, await read(branch.hash!), open);
  const found: E[] = [];
  for (const [at, { hash }] of branch.names.entries())
    found.push(...(await entriesOf(kept, branch.below.get(at) ?? (await read(hash)), open)));
  return found;
}

type Open<E> = (node: Node) => Branch<E>;

/** Changes a list in places, and gives its top as it is rebuilt and as it is written anew. */
async function bothWays(kind: Kind, length: number, changes: { part: number; gone: number; come: number }[]) {
  const kept = new Kept();
  const [tree, write] =
    kind === 'order'
      ? ([new ChunkTree<OrderEntry>(ORDER, kept.store, kept.order(names(length)), null), kept.order] as const)
      : ([new ChunkTree<MapEntry>(MAP, kept.store, kept.map(names(length)), null), kept.map] as const);
  const list = tree as ChunkTree<OrderEntry | MapEntry>;
  let nth = 0;
  for (const { part, gone, come } of changes) {
    const { leaf, at: place } = await entryAt(list, part);
    const at = Math.min(leaf.entries!.length, kind === 'map' ? Math.max(1, place) : place);
    const previous = leaf.entries![at - 1]?.key ?? leaf.parent?.names?.[leaf.at]?.first ?? '';
    const fresh = Array.from({ length: come }, () =>
      kind === 'order' ? orderEntry(`new${nth++}`) : kept.entry(`${previous}!${String(nth++).padStart(6, '0')}`),
    );
    leaf.entries!.splice(at, gone, ...fresh);
    if (kind === 'map') leaf.entries!.sort((a, b) => (a.key < b.key ? -1 : 1));
    list.change(leaf);
  }
  kept.reads = 0;
  const rebuilt = await list.rebuilt();
  const { reads } = kept;
  const open = (node: Node) => new ChunkTree(kind === 'order' ? ORDER : MAP, kept.store, node, null).top as Branch<any>; // eslint-disable-line
  const now = (await entriesOf(kept, list.top, open)).map(({ key }) => key);
  return { rebuilt: rebuilt?.text, anew: now.length === 0 ? undefined : written(write.call(kept, now)), reads };
}

test.each<Kind>(['order', 'map'])('a changed %s is cut as if it had been written anew, however long', async (kind) => {
  const lengths = fc.constantFrom(1, 90, 1000, 4000, 18_000);
  await fc.assert(
    fc.asyncProperty(lengths, steps, async (length, changes) => {
      const { rebuilt, anew } = await bothWays(kind, length, changes);
      expect(rebuilt).toBe(anew);
    }),
    { numRuns: 25 },
  );
});

test.each<Kind>(['order', 'map'])(
  'a small change of a long %s reads little more than what it changes',
  async (kind) => {
    for (const part of [0, 0.7]) {
      const { reads } = await bothWays(kind, 30_000, [{ part, gone: 1, come: 2 }]);
      expect(reads).toBeLessThan(6);
    }
  },
);
