import type { EntityManager } from 'typeorm';
import { ANONYMOUS, type Caller } from '#libs/contracts/caller';
import { admissionTo, onBranch } from '../access/access.js';
import { closeRequest } from './close-request.js';
import { mergeRequestViews, type MergeRequestRow } from './merge-request-views.query.js';

interface Offer {
  creator_id: string | null;
  source_project_id: string | null;
  source_branch_id: string | null;
}

/**
 * Whether a request may go on giving what comes onto its branch to another project: as long as whoever made it could make
 * it now. Within one project there is nothing to give away.
 */
export async function mayOffer(manager: EntityManager, request: Offer & { project_id: string }): Promise<boolean> {
  const { creator_id, source_project_id, source_branch_id } = request;
  if (source_project_id === request.project_id) return true;
  if (creator_id === null || source_project_id === null || source_branch_id === null) return false;
  const maker: Caller = { user_id: creator_id, role: 'user', session_id: null };
  const admission = await admissionTo(manager, maker, source_project_id, 'readHistory');
  const [branch] = await manager.query<{ creator_id: string | null }[]>(
    'select creator_id from branches where id = $1',
    [source_branch_id],
  );
  return (
    admission !== undefined && branch !== undefined && onBranch(admission, branch, maker).allows('createMergeRequest')
  );
}

/** The open requests by which people offer branches of these projects to other ones, locked. */
export async function lockOffersOf(
  manager: EntityManager,
  projects: readonly string[],
  people: readonly string[],
): Promise<string[]> {
  const rows = await manager.query<{ id: string }[]>(
    `select id from merge_requests where status = 'open' and source_project_id = any($1) and creator_id = any($2)
       and project_id <> source_project_id order by id for no key update`,
    [projects, people],
  );
  return rows.map(({ id }) => id);
}

/** Closes those of some locked requests that their makers could not make any more. */
export async function closeUnofferable(manager: EntityManager, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  for (const request of await mergeRequestViews(manager, 'mr.id = any($1)', [ids]))
    if (!(await mayOffer(manager, request))) await closeRequest(manager, ANONYMOUS, request);
}

/**
 * The same for a request that is found out while its branch is locked, which must not wait for it: whoever holds it waits
 * for the branch. Then it stays open with what it offered before, until the next push.
 */
export async function closeIfFree(manager: EntityManager, request: Pick<MergeRequestRow, 'id'>): Promise<void> {
  const free = await manager.query<{ id: string }[]>(
    `select id from merge_requests where id = $1 and status = 'open' for no key update skip locked`,
    [request.id],
  );
  await closeUnofferable(
    manager,
    free.map(({ id }) => id),
  );
}
