import type { EntityManager } from 'typeorm';
import type { Document } from '#libs/timeline/document';
import { sameValue } from '#libs/timeline/merge/same-value';
import { readDifference } from '#libs/timeline/objects/read-difference';
import type { PackedGraph } from '../domain/packed-graph.js';
import { readNodes } from '../objects/object-store.js';

/** Something that a document says: where a reader finds it is its own affair. */
export type Reader = (document: Document) => unknown;

/** What is still to be found, by the commits where the search stands. */
export type Open = ReadonlyMap<string, ReadonlySet<string>>;

export interface Looking {
  open: Open;
  /** How many commits are looked at, and until when (as performance.now() tells it). */
  most: number;
  until: number;
}

const AT_ONCE = 128;

/**
 * For each of several values, the commit that last changed it: going back, a value stays with the first parent that has it,
 * as `git blame` does, and where none has, the commit made it. Of each commit no more is read than differs from its parent,
 * and nothing where the tree is the same. `open` is what was not found within the bounds, to go on with.
 */
export async function lastChanges(
  manager: EntityManager,
  graph: PackedGraph,
  readers: ReadonlyMap<string, Reader>,
  { open: from, most, until }: Looking,
): Promise<{ changes: Map<string, string>; open: Open }> {
  const changes = new Map<string, string>();
  const open = new Map([...from].map(([commit, names]) => [commit, new Set(names)]));
  const trees = new TreesAhead(manager, graph, [...open.keys()]);
  let looked = 0;
  for (const id of graph.newestFirst([...open.keys()])) {
    if (open.size === 0) break;
    const asked = open.get(id);
    if (!asked) continue;
    if (looked++ >= most || performance.now() > until) break;
    open.delete(id);
    let left = asked;
    for (const parent of graph.parentsOf(id)) {
      if (left.size === 0) break;
      const differing = await differingIn(manager, [await trees.of(id), await trees.of(parent)], left, readers);
      const same = [...left].filter((name) => !differing.has(name));
      if (same.length > 0) open.set(parent, new Set([...(open.get(parent) ?? []), ...same]));
      left = differing;
    }
    for (const name of left) changes.set(name, id);
  }
  return { changes, open };
}

/** Those of the values that are not the same in two versions. */
async function differingIn(
  manager: EntityManager,
  [tree, before]: readonly [string, string],
  names: ReadonlySet<string>,
  readers: ReadonlyMap<string, Reader>,
): Promise<Set<string>> {
  if (tree === before) return new Set();
  const [now, then] = await readDifference((nodes) => readNodes(manager, nodes), [tree, before]);
  return new Set([...names].filter((name) => !sameValue(readers.get(name)!(now!), readers.get(name)!(then!))));
}

/** The trees of a history and their first nodes, read many at once in the order in which they will be asked for. */
class TreesAhead {
  private readonly trees = new Map<string, string>();
  private readonly order: Generator<string>;

  constructor(
    private readonly manager: EntityManager,
    graph: PackedGraph,
    from: readonly string[],
  ) {
    this.order = graph.newestFirst(from);
  }

  async of(commit: string): Promise<string> {
    for (;;) {
      const known = this.trees.get(commit);
      if (known !== undefined) return known;
      const next: string[] = [];
      while (next.length < AT_ONCE) {
        const { value, done } = this.order.next();
        if (done) break;
        next.push(value);
      }
      if (next.length === 0) next.push(commit);
      const rows = await this.manager.query<{ id: string; tree: string }[]>(
        `select c.id, encode(t.sha256, 'hex') as tree from commits c join objects t on t.seq = c.tree_seq where c.id = any($1)`,
        [next],
      );
      for (const { id, tree } of rows) this.trees.set(id, tree);
      await readNodes(
        this.manager,
        rows.map(({ tree }) => tree),
      );
    }
  }
}
