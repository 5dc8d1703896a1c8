import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import { AppError } from '#libs/errors/app-error';
import { Access, onBranch, type Admission } from '../access/access.js';
import type { Action } from '../access/permissions.js';
import { audit } from '../audit/audit.js';
import { isUuid } from '../domain/uuid.js';
import { mergeRequestViews, type MergeRequestRow } from './merge-request-views.query.js';

export interface Found {
  request: MergeRequestRow;
  admission: Admission;
}

/**
 * Finds merge requests for those who may see them: the people of the project, on a public one everybody, and who made
 * it as long as they may read the branch it goes into.
 */
@Injectable()
export class RequestFinder {
  constructor(private readonly access: Access) {}

  /** The request, if the caller may see it; else it is answered as one that is not there. */
  async find(manager: EntityManager, caller: Caller, id: string, action: Action): Promise<Found> {
    const [request] = isUuid(id) ? await mergeRequestViews(manager, 'mr.id = $1', [id]) : [];
    const admission = request && (await this.access.admit(manager, caller, request.project_id, action));
    if (!request || !admission || !(admission.allows('readMergeRequests') || isOwnInSight(request, admission, caller)))
      throw new AppError('not_found', 'Merge request not found');
    return { request, admission };
  }

  /** The request as it is now, locked until the transaction ends. Commits may still be offered by it meanwhile. */
  async lock(manager: EntityManager, caller: Caller, id: string, action: Action): Promise<Found> {
    const { admission } = await this.find(manager, caller, id, action);
    await manager.query('select 1 from merge_requests where id = $1 for no key update', [id]);
    const [request] = await mergeRequestViews(manager, 'mr.id = $1', [id]);
    return { request: request!, admission };
  }

  /** The same, if it is still open: checked before any permission, as clients expect. */
  async lockOpen(manager: EntityManager, caller: Caller, id: string, action: Action): Promise<Found> {
    const found = await this.lock(manager, caller, id, action);
    if (found.request.status !== 'open') throw new AppError('invalid', 'Merge request is not open');
    return found;
  }

  async view(manager: EntityManager, id: string): Promise<MergeRequestRow> {
    return (await mergeRequestViews(manager, 'mr.id = $1', [id]))[0]!;
  }
}

/** Whether the caller made the request. */
export const isOwn = ({ creator_id }: MergeRequestRow, { user_id }: Caller): boolean =>
  creator_id !== null && creator_id === user_id;

function isOwnInSight(request: MergeRequestRow, admission: Admission, caller: Caller): boolean {
  const target = { creator_id: request.target_creator_id };
  return isOwn(request, caller) && onBranch(admission, target, caller).allows('readHistory');
}

/** How events name a merge request, and who did what they tell of. */
export const onMergeRequest = (request: MergeRequestRow, { user_id }: Caller) => ({
  project_id: request.project_id,
  actor_id: user_id,
  merge_request_id: request.id,
  source_branch_id: request.source_branch_id,
  target_branch_id: request.target_branch_id,
});

/** Writes what was done to a request into the log of its project. */
export const auditOfRequest = (
  manager: EntityManager,
  { user_id }: Caller,
  { id, project_id, source_branch_name, target_branch_name }: MergeRequestRow,
  action: string,
  more: Record<string, unknown> = {},
): Promise<void> =>
  audit(manager, {
    project_id,
    actor_id: user_id,
    action,
    subject: { merge_request_id: id, source_branch_name, target_branch_name, ...more },
  });
