import type { EntityManager } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import { mergeRequestClosed } from '#libs/contracts/projects-events';
import { announce } from '../audit/announce.js';
import type { MergeRequestRow } from './merge-request-views.query.js';
import { onMergeRequest } from './request-finder.js';

/** Closes a locked request without merging, and tells of it. */
export async function closeRequest(manager: EntityManager, caller: Caller, request: MergeRequestRow): Promise<void> {
  await manager.query(
    `update merge_requests set status = 'closed', closed_by = $2, closed_at = now(), updated_at = now() where id = $1`,
    [request.id, caller.user_id],
  );
  await announce(manager, mergeRequestClosed, onMergeRequest(request, caller));
}
