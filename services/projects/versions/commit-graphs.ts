import type { EntityManager } from 'typeorm';
import { PackedGraph, type GraphCommit } from '../domain/packed-graph.js';

/** How many commits are remembered for all projects together; some 70 bytes each. */
const MOST_COMMITS = 2_000_000;

/**
 * The graph of a project, with everything that the given commits can reach. Commits never change, so what is remembered
 * is never wrong, and only what is new is read: a few commits, or at first the whole project.
 */
export async function graphReaching(
  manager: EntityManager,
  projectId: string,
  commits: readonly (string | null)[],
): Promise<PackedGraph> {
  const graph = remembered(manager.connection, projectId);
  const wanted = [...new Set(commits.filter((id) => id !== null))];
  if (graph.size === 0 && wanted.length > 0) graph.add(await allOf(manager, projectId));
  let span = 16;
  const read = new Map<string, GraphCommit>();
  let missing = wanted.filter((id) => !graph.has(id));
  while (missing.length > 0) {
    const rows = await upwards(manager, missing, span);
    for (const row of rows) read.set(row.id, row);
    const parents = new Set(rows.flatMap(({ parents }) => parents));
    missing = [...parents].filter((id) => !read.has(id) && !graph.has(id));
    span *= 32;
  }
  graph.add([...read.values()].sort((a, b) => a.generation - b.generation));
  return graph;
}

const COLUMNS = `c.id, c.generation, c.author_id, c.asset_count,
  array(select p.parent_id from commit_parents p where p.commit_id = c.id order by p.ord) as parents`;

function allOf(manager: EntityManager, projectId: string): Promise<GraphCommit[]> {
  return manager.query<GraphCommit[]>(
    `select c.id, c.generation, c.author_id, c.asset_count, coalesce(p.parents, '{}') as parents
     from project_commits pc join commits c on c.id = pc.commit_id
     left join (
       select p.commit_id, array_agg(p.parent_id order by p.ord) as parents
       from project_commits pc join commit_parents p on p.commit_id = pc.commit_id
       where pc.project_id = $1 group by p.commit_id) p on p.commit_id = c.id
     where pc.project_id = $1 order by c.generation`,
    [projectId],
  );
}

/** The commits themselves, and what came before them within so many generations. */
function upwards(manager: EntityManager, commits: readonly string[], span: number): Promise<GraphCommit[]> {
  return manager.query<GraphCommit[]>(
    `with recursive up (id) as (
       select id from commits where id = any($1)
       union select p.parent_id from up join commit_parents p on p.commit_id = up.id
         join commits c on c.id = p.parent_id
         where c.generation > (select min(generation) from commits where id = any($1)) - $2)
     select ${COLUMNS} from up join commits c using (id)`,
    [commits, span],
  );
}

const memories = new WeakMap<object, Map<string, PackedGraph>>();

/** The graph used last of a project; those not used for longest are forgotten when there are too many commits. */
function remembered(database: object, projectId: string): PackedGraph {
  const graphs = memories.get(database) ?? new Map<string, PackedGraph>();
  memories.set(database, graphs);
  const graph = graphs.get(projectId) ?? new PackedGraph();
  graphs.delete(projectId);
  graphs.set(projectId, graph);
  let commits = 0;
  for (const each of graphs.values()) commits += each.size;
  for (const [oldest, { size }] of graphs) {
    if (commits <= MOST_COMMITS || oldest === projectId) break;
    graphs.delete(oldest);
    commits -= size;
  }
  return graph;
}
