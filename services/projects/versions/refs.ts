import type { EntityManager } from 'typeorm';
import { branchCreated, branchMoved, type RefMove } from '#libs/contracts/projects-events';
import { AppError } from '#libs/errors/app-error';
import { eventsToWrite, WAKING_THE_RELAY, writingEvents } from '#libs/outbox/outbox';
import { announce, passOn, telling, type Telling } from '../audit/announce.js';
import { noteOffer } from '../merge-requests/offered-heads.js';
import type { BranchEntity } from './version.entities.js';

export interface NewBranch {
  name: string;
  project_id: string;
  head_commit_id: string | null;
  creator_id: string | null;
  description?: string | null;
  tags?: string[] | null;
  parent_branch_id: string | null;
}

/** Writes a branch with the first line of its reflog, or gives undefined when the project has one of that name. */
export async function insertBranch(manager: EntityManager, draft: NewBranch): Promise<BranchEntity | undefined> {
  const [branch] = await manager.query<BranchEntity[]>(
    `insert into branches (project_id, name, head_commit_id, creator_id, description, tags, parent_branch_id)
     values ($1, $2, $3, $4, $5, $6, $7) on conflict (project_id, name) do nothing returning *`,
    [
      draft.project_id,
      draft.name,
      draft.head_commit_id,
      draft.creator_id,
      draft.description ?? null,
      draft.tags ?? null,
      draft.parent_branch_id,
    ],
  );
  if (!branch) return undefined;
  const about = { ...onBranch(branch), actor_id: draft.creator_id };
  await noteMove(manager, { ...about, before: null, after: branch.head_commit_id, move: 'created' });
  await announce(manager, branchCreated, { ...about, head_commit_id: branch.head_commit_id });
  return branch;
}

/** What is made in the statement that moves a head to it: parts of its `with`, and their parameters from `MAKING_FROM` on. */
export interface Making {
  sql: string;
  parameters: readonly unknown[];
}

export const MAKING_FROM = 11;

/**
 * Moves a branch from the head that the caller saw to another, notes it in its reflog, and tells of it and of `also`;
 * `conflict` with the head there is, when it is no longer the one that was seen. All of it is one statement, and `making`
 * goes along: whoever waits for a commit feels each one more.
 */
export async function moveHead(
  manager: EntityManager,
  branch: BranchEntity,
  { to, move, actor_id }: { to: string; move: RefMove; actor_id: string | null },
  { also = [], making }: { also?: readonly Telling[]; making?: Making } = {},
): Promise<void> {
  const change = { ...onBranch(branch), before: branch.head_commit_id, after: to, move, actor_id };
  const told = [telling(branchMoved, change), ...also];
  const [done] = await manager.query<{ moved: boolean; is_offered: boolean; is_heard: boolean }[]>(
    `with ${making ? `${making.sql},` : ''}
     moved as (update branches set head_commit_id = $2 where id = $1 and head_commit_id is not distinct from $3
       returning project_id, id, name),
     noted as (insert into ref_moves (project_id, branch_id, branch_name, move, before, after, actor_id)
       select project_id, id, name, $4, decode($3, 'hex'), decode($2, 'hex'), $5::uuid from moved),
     ${writingEvents(7, 'exists (select from moved)')}
     select exists (select from moved) as moved,
       exists (select from merge_requests where source_branch_id = $1 and status = 'open') as is_offered,
       exists (select from webhooks where project_id = $6 and is_active) as is_heard, ${WAKING_THE_RELAY}`,
    [
      ...[branch.id, to, branch.head_commit_id, move, actor_id, branch.project_id],
      ...eventsToWrite(told),
      ...(making?.parameters ?? []),
    ],
  );
  if (!done!.moved) throw await movedOn(manager, branch);
  if (done!.is_offered) await noteOffer(manager, branch, to, actor_id);
  await passOn(manager, branch.project_id, told, done!.is_heard);
}

/** The refusal of a move from a head that is no longer one: it names the head there is. */
export async function movedOn(manager: EntityManager, branch: BranchEntity): Promise<AppError> {
  const [now] = await manager.query<{ head_commit_id: string | null }[]>(
    'select head_commit_id from branches where id = $1',
    [branch.id],
  );
  const head_commit_id = now?.head_commit_id ?? null;
  return new AppError('conflict', `Branch ${branch.name} has moved on. Read its head and try again.`, {
    head_commit_id,
  });
}

interface Move {
  project_id: string;
  branch_id: string;
  branch_name: string;
  actor_id: string | null;
  before: string | null;
  after: string | null;
  move: RefMove;
}

/** One line of a reflog. */
export async function noteMove(manager: EntityManager, move: Move): Promise<void> {
  await manager.query(
    `insert into ref_moves (project_id, branch_id, branch_name, move, before, after, actor_id)
     values ($1, $2, $3, $4, decode($5, 'hex'), decode($6, 'hex'), $7)`,
    [move.project_id, move.branch_id, move.branch_name, move.move, move.before, move.after, move.actor_id],
  );
}

/** How events and the reflog name a branch. */
export const onBranch = ({ project_id, id, name }: BranchEntity) => ({
  project_id,
  branch_id: id,
  branch_name: name,
});
