import type { EntityManager } from 'typeorm';
import type { MergeRequest } from '#libs/contracts/projects';
import type { MergeRequestEntity } from './merge-request.entity.js';

export type MergeRequestRow = MergeRequestEntity & MergeRequest;

/** Merge requests with the names of their branches, in one statement; `where` may use `mr` and `$1` onwards. */
export async function mergeRequestViews(
  manager: EntityManager,
  where: string,
  values: unknown[],
): Promise<MergeRequestRow[]> {
  const rows = await manager.query<MergeRequestRow[]>(
    `select mr.*, s.name as source_branch_name, t.name as target_branch_name
     from merge_requests mr
     join branches s on s.id = mr.source_branch_id
     join branches t on t.id = mr.target_branch_id
     where ${where}`,
    values,
  );
  return rows.map((row) => ({ ...row, extra: null }));
}
