import type { EntityManager } from 'typeorm';
import type { BundledCommit } from '#libs/contracts/projects-bundles';
import { AppError } from '#libs/errors/app-error';
import { hashesIn, parseNode } from '#libs/timeline/objects/node';
import { commitId } from '../domain/commit-id.js';
import { readNodes } from '../objects/object-store.js';
import { graphReaching } from '../versions/commit-graphs.js';
import { PARENTS } from '../versions/history.query.js';

const AT_ONCE = 500;

/** What one side has and the other has not: commits, each after its parents, and the objects their documents are made of. */
export interface Selection {
  commits: BundledCommit[];
  /** Parents that are left out, because the other side has them. */
  prerequisites: string[];
  objects: string[];
}

/** What `wanted` leads to in a project and `have` does not; what the project does not have itself is passed over in both. */
export async function select(
  manager: EntityManager,
  projectId: string,
  { wanted, have }: { wanted: readonly string[]; have: readonly string[] },
): Promise<Selection> {
  const [ours, theirs] = [await ofProject(manager, projectId, wanted), await ofProject(manager, projectId, have)];
  const graph = await graphReaching(manager, projectId, [...ours, ...theirs]);
  const known = new Set(theirs.length === 0 ? [] : graph.newestFirst(theirs));
  const ids = ours.length === 0 ? [] : [...graph.newestFirst(ours)].filter((id) => !known.has(id)).reverse();
  const chosen = new Set(ids);
  const prerequisites = [...new Set(ids.flatMap((id) => graph.parentsOf(id)))].filter((id) => !chosen.has(id)).sort();
  const commits = await bundledCommits(manager, ids);
  const boundary = await objectsOf(manager, await treesOf(manager, prerequisites), new Set());
  const objects = await objectsOf(
    manager,
    commits.map(({ tree }) => tree),
    boundary,
  );
  return { commits, prerequisites, objects: [...objects] };
}

/** Every object that the trees are made of, but for those in `without`; what stands there leads to nothing new. */
export async function objectsOf(
  manager: EntityManager,
  trees: readonly string[],
  without: ReadonlySet<string>,
): Promise<Set<string>> {
  const found = new Set<string>();
  let open = [...new Set(trees)].filter((tree) => !without.has(tree));
  for (const hash of open) found.add(hash);
  while (open.length > 0) {
    const next: string[] = [];
    for (let at = 0; at < open.length; at += AT_ONCE)
      for (const text of (await readNodes(manager, open.slice(at, at + AT_ONCE))).values())
        for (const hash of hashesIn(parseNode(text)))
          if (!found.has(hash) && !without.has(hash)) {
            found.add(hash);
            next.push(hash);
          }
    open = next;
  }
  return found;
}

export async function treesOf(manager: EntityManager, commits: readonly string[]): Promise<string[]> {
  const rows = await manager.query<{ tree: string }[]>(
    `select encode(t.sha256, 'hex') as tree from commits c join objects t on t.seq = c.tree_seq where c.id = any($1)`,
    [commits],
  );
  return rows.map(({ tree }) => tree);
}

/** Those of the commits that the project has. */
export async function ofProject(manager: EntityManager, projectId: string, ids: readonly string[]): Promise<string[]> {
  const rows = await manager.query<{ commit_id: string }[]>(
    `select c.id as commit_id from commits c join project_commits pc on pc.commit_seq = c.seq
     where pc.project_id = $1 and c.id = any($2)`,
    [projectId, ids],
  );
  return rows.map(({ commit_id }) => commit_id);
}

interface CommitRow {
  id: string;
  tree: string;
  parents: string[];
  author: string | null;
  author_name: string | null;
  message: string;
  created_at: Date;
}

async function bundledCommits(manager: EntityManager, ids: readonly string[]): Promise<BundledCommit[]> {
  const commits: BundledCommit[] = [];
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    const rows = await manager.query<CommitRow[]>(
      `select c.id, encode(t.sha256, 'hex') as tree, coalesce(c.foreign_author, c.author_id) as author,
         coalesce(c.foreign_author_name, u.full_name) as author_name, c.message, c.created_at,
         ${PARENTS} as parents
       from unnest($1::text[]) with ordinality as wanted (id, place) join commits c using (id)
       join objects t on t.seq = c.tree_seq
       left join users u on u.id = c.author_id order by wanted.place`,
      [ids.slice(at, at + AT_ONCE)],
    );
    for (const row of rows) commits.push(whole({ ...row, created_at: row.created_at.toISOString() }));
  }
  return commits;
}

/** A commit that its hash no longer fits, as one whose author was erased, cannot be carried away as itself. */
function whole(commit: BundledCommit): BundledCommit {
  if (commitId(commit) === commit.id) return commit;
  throw new AppError(
    'conflict',
    `Commit ${commit.id} is not whole any more: somebody it tells of was erased. It cannot be bundled.`,
  );
}
