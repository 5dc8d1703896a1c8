import type { EntityManager } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import { onBranch, onProject, type Admission } from '../access/access.js';
import type { PackedGraph } from '../domain/packed-graph.js';
import { graphReaching } from './commit-graphs.js';
import type { BranchEntity } from './version.entities.js';

export interface VisibleHistory {
  branches: BranchEntity[];
  /** The heads of these branches, each once. */
  heads: string[];
  /** Has all that the heads can reach, and maybe more, which is not to be shown. */
  graph: PackedGraph;
}

/**
 * The branches of a project that a caller may see, oldest first, and the graph of what led to them. Who only made branches
 * of a project, and is nothing else to it, sees these.
 */
export async function visibleHistory(
  manager: EntityManager,
  caller: Caller,
  admission: Admission,
): Promise<VisibleHistory> {
  const { id } = admission.project;
  const all = await manager.query<BranchEntity[]>('select * from branches where project_id = $1 order by seq', [id]);
  const branches = onProject(admission).allows('readHistory')
    ? all
    : all.filter((branch) => onBranch(admission, branch, caller).allows('readHistory'));
  const heads = [...new Set(branches.flatMap(({ head_commit_id }) => head_commit_id ?? []))];
  return { branches, heads, graph: await graphReaching(manager, id, heads) };
}
