import type { EntityManager } from 'typeorm';
import { mergeRequestUpdated } from '#libs/contracts/projects-events';
import { announce } from '../audit/announce.js';
import { shareAncestry } from '../versions/history.query.js';
import { closeIfFree, mayOffer } from './lost-offers.js';
import type { MergeRequestEntity } from './merge-request.entity.js';

/**
 * Notes that the open requests from a branch offer another commit now, and lets their projects share it. The branch must
 * be locked: a request that is made meanwhile waits, and sees the new head. A request into another project whose maker may
 * not offer the branch any more gets nothing of it, and is closed.
 */
export async function noteOffer(
  manager: EntityManager,
  branch: { id: string; project_id: string },
  commit: string,
  actor_id: string | null,
): Promise<void> {
  const requests = await manager.query<MergeRequestEntity[]>(
    `select * from merge_requests where source_branch_id = $1 and status = 'open'`,
    [branch.id],
  );
  for (const request of requests) {
    if (!(await mayOffer(manager, request))) {
      await closeIfFree(manager, request);
      continue;
    }
    await noteHead(manager, request, commit, actor_id);
    await announce(manager, mergeRequestUpdated, {
      project_id: request.project_id,
      actor_id,
      merge_request_id: request.id,
      source_branch_id: request.source_branch_id,
      target_branch_id: request.target_branch_id,
      what: 'pushed',
    });
  }
}

/** Keeps a commit as what a request offers from now on; the request's project shares it with all that came before. */
export async function noteHead(
  manager: EntityManager,
  request: Pick<MergeRequestEntity, 'id' | 'project_id' | 'source_project_id'>,
  commit: string,
  actor_id: string | null,
): Promise<void> {
  if (request.source_project_id !== request.project_id) await shareAncestry(manager, [commit], request.project_id);
  await manager.query('insert into merge_request_heads (merge_request_id, commit_id, actor_id) values ($1, $2, $3)', [
    request.id,
    commit,
    actor_id,
  ]);
}
