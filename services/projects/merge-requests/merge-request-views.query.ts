import type { EntityManager } from 'typeorm';
import type { MergeRequest } from '#libs/contracts/projects';
import type { MergeRequestEntity } from './merge-request.entity.js';

export type MergeRequestRow = MergeRequestEntity &
  MergeRequest & { target_head: string | null; target_creator_id: string | null };

/**
 * Merge requests with the names of their branches and the commit they offer, in one statement; `where` may use `mr` and
 * `$1` onwards. While it is open a request within one project offers its branch's head; afterwards, and across projects,
 * what was offered last: never more than what was shared.
 */
export async function mergeRequestViews(
  manager: EntityManager,
  where: string,
  values: unknown[],
): Promise<MergeRequestRow[]> {
  const rows = await manager.query<MergeRequestRow[]>(
    `select mr.*, coalesce(s.name, mr.source_branch_name) as source_branch_name,
       coalesce(t.name, mr.target_branch_name) as target_branch_name, t.head_commit_id as target_head, t.creator_id as target_creator_id,
       case when mr.status = 'open' and s.project_id = mr.project_id then s.head_commit_id else (
         select h.commit_id from merge_request_heads h where h.merge_request_id = mr.id order by h.seq desc limit 1
       ) end as head_commit_id
     from merge_requests mr
     left join branches s on s.id = mr.source_branch_id
     left join branches t on t.id = mr.target_branch_id
     where ${where}`,
    values,
  );
  return rows.map((row) => ({ ...row, extra: null }));
}
