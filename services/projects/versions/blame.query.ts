import type { EntityManager } from 'typeorm';
import type { Document } from '#libs/timeline/document';
import { sameValue } from '#libs/timeline/merge/same-value';
import { readDocuments } from '../objects/documents.js';
import type { PackedGraph } from '../domain/packed-graph.js';

/** Something that a document says: where a reader finds it is its own affair. */
export type Reader = (document: Document) => unknown;

/** As far back as blame looks; what is older than so many commits is not worth the wait. */
const MOST_COMMITS = 1000;
const AT_ONCE = 32;

/**
 * For each of several values, the commit that last changed it on the way to `head`: going back, a value stays with the
 * first parent that has it, as `git blame` does, and where none has, the commit made it. Values that are older than what
 * was looked at are left out, and `isComplete` is false then.
 */
export async function lastChanges(
  manager: EntityManager,
  graph: PackedGraph,
  head: string,
  readers: ReadonlyMap<string, Reader>,
): Promise<{ changes: Map<string, string>; isComplete: boolean }> {
  const changes = new Map<string, string>();
  const open = new Map<string, Set<string>>([[head, new Set(readers.keys())]]);
  const documents = new DocumentsAhead(manager, graph, head);
  let looked = 0;
  for (const id of graph.newestFirst([head])) {
    if (open.size === 0 || ++looked > MOST_COMMITS) break;
    const asked = open.get(id);
    if (!asked) continue;
    open.delete(id);
    const document = await documents.at(id);
    const parents = graph.parentsOf(id);
    for (const name of asked) {
      const read = readers.get(name)!;
      const value = read(document);
      let heir: string | undefined;
      for (const parent of parents) {
        if (heir === undefined && sameValue(read(await documents.at(parent)), value)) heir = parent;
      }
      if (heir === undefined) changes.set(name, id);
      else open.set(heir, (open.get(heir) ?? new Set()).add(name));
    }
  }
  return { changes, isComplete: open.size === 0 };
}

/** The documents of a history, read many at once in the order in which they will be asked for. */
class DocumentsAhead {
  private readonly read = new Map<string, Document>();
  private readonly order: Generator<string>;

  constructor(
    private readonly manager: EntityManager,
    graph: PackedGraph,
    head: string,
  ) {
    this.order = graph.newestFirst([head]);
  }

  async at(commit: string): Promise<Document> {
    for (;;) {
      const known = this.read.get(commit);
      if (known) return known;
      const next = [commit];
      for (let taken = 0; taken < AT_ONCE; taken++) {
        const { value, done } = this.order.next();
        if (done) break;
        if (!this.read.has(value) && value !== commit) next.push(value);
      }
      await this.load(next);
    }
  }

  private async load(commits: string[]): Promise<void> {
    const rows = await this.manager.query<{ id: string; tree: string }[]>(
      `select id, encode(tree, 'hex') as tree from commits where id = any($1)`,
      [commits],
    );
    const documents = await readDocuments(
      this.manager,
      rows.map(({ tree }) => tree),
    );
    rows.forEach(({ id }, at) => this.read.set(id, documents[at]!));
    while (this.read.size > 4 * AT_ONCE) this.read.delete(this.read.keys().next().value!);
  }
}
