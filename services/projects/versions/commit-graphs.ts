import type { EntityManager } from 'typeorm';
import { PackedGraph, type GraphCommit } from '../domain/packed-graph.js';
import { PARENTS } from './history.query.js';

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
  ${PARENTS} as parents`;

function allOf(manager: EntityManager, projectId: string): Promise<GraphCommit[]> {
  return manager.query<GraphCommit[]>(
    `select c.id, c.generation, c.author_id, c.asset_count,
       case when p.id is null then '{}' else array[p.id] || f.parents end as parents
     from project_commits pc join commits c on c.seq = pc.commit_seq
     left join commits p on p.seq = c.parent_seq
     left join (
       select f.commit_seq, array_agg(p.id order by f.ord) as parents
       from project_commits pc join further_parents f using (commit_seq) join commits p on p.seq = f.parent_seq
       where pc.project_id = $1 group by f.commit_seq) f on f.commit_seq = c.seq
     where pc.project_id = $1 order by c.generation`,
    [projectId],
  );
}

/** The commits themselves, and what came before them within so many generations. */
function upwards(manager: EntityManager, commits: readonly string[], span: number): Promise<GraphCommit[]> {
  return manager.query<GraphCommit[]>(
    `with recursive up (seq) as (
       select seq from commits where id = any($1)
       union select p.parent_seq from up join commit_parents p on p.commit_seq = up.seq
         join commits c on c.seq = p.parent_seq
         where c.generation > (select min(generation) from commits where id = any($1)) - $2)
     select ${COLUMNS} from up join commits c using (seq)`,
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
