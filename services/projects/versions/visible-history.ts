import type { EntityManager } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import { onBranch, type Admission } from '../access/access.js';
import { reachable } from '../domain/commit-graph.js';
import { history, type HistoryCommit } from './history.query.js';
import type { BranchEntity } from './version.entities.js';

export interface VisibleHistory {
  branches: BranchEntity[];
  commits: Map<string, HistoryCommit>;
}

/**
 * The branches of a project that a caller may see, oldest first, and the commits that lead to them. Who only made
 * branches of a project, and is nothing else to it, sees these and what led to them.
 */
export async function visibleHistory(
  manager: EntityManager,
  caller: Caller,
  admission: Admission,
): Promise<VisibleHistory> {
  const { id } = admission.project;
  const all = await manager.query<BranchEntity[]>('select * from branches where project_id = $1 order by seq', [id]);
  const commits = await history(manager, id);
  if (admission.allows('readHistory')) return { branches: all, commits };
  const branches = all.filter((branch) => onBranch(admission, branch, caller).allows('readHistory'));
  const heads = branches.map(({ head_commit_id }) => head_commit_id);
  return { branches, commits: reachable(commits, heads) };
}
