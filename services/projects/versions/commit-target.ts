import type { EntityManager } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import { AppError } from '#libs/errors/app-error';
import type { Access, Admission } from '../access/access.js';
import { refusePush } from '../access/branch-rules.js';
import type { PushRule } from '../access/permissions.js';
import { insertBranch } from './refs.js';
import { requireVisibleCommit } from './resolve-ref.js';
import type { BranchEntity } from './version.entities.js';

/** What the caller is to a branch that they may commit on, the branch as it is, locked, and whether somebody keeps a workspace on it. */
export type CommitTarget = Admission & { branch: BranchEntity; hasWorkspace: boolean };

/**
 * The branch that a caller may commit on, locked until the transaction ends; the first commit of a project whose `main` is
 * missing makes it.
 */
export async function lockToCommitOn(
  manager: EntityManager,
  access: Access,
  caller: Caller,
  { project_id, branch_name }: { project_id: string; branch_name: string },
): Promise<CommitTarget> {
  const admission = await toCommitOn(manager, access, caller, { project_id, branch_name });
  const [locked] = await manager.query<(BranchEntity & { push: PushRule | null; has_workspace: boolean })[]>(
    `select b.*, r.push, exists (select from workspaces w where w.branch_id = b.id) as has_workspace from branches b left join branch_rules r on r.branch_id = b.id
     where b.id = $1 for no key update of b`,
    [admission.branch.id],
  );
  if (!locked) throw new AppError('not_found', 'Branch not found');
  const { push, has_workspace: hasWorkspace, ...branch } = locked;
  refusePush(push ?? 'anyone', { branch, relations: admission.relations });
  return { ...admission, branch, hasWorkspace };
}

async function toCommitOn(
  manager: EntityManager,
  access: Access,
  caller: Caller,
  { project_id, branch_name }: { project_id: string; branch_name: string },
): Promise<Admission & { branch: BranchEntity }> {
  const seen = await access.lookForBranch(manager, caller, project_id, branch_name, 'commit');
  if (seen.found === 'branch' && seen.admission.allows('commit')) return seen.admission;
  if (seen.found === 'project' && seen.admission.allows('commit')) {
    if (branch_name !== 'main') throw new AppError('not_found', `Branch ${branch_name} not found`);
    const { project } = await access.toProject(manager, caller, project_id, 'createBranch');
    await insertBranch(manager, {
      project_id: project.id,
      name: 'main',
      head_commit_id: null,
      creator_id: caller.user_id,
      parent_branch_id: null,
    });
  }
  return access.toBranch(manager, caller, project_id, branch_name, 'commit');
}

/**
 * The commit that somebody's work is made from: the head of the locked branch unless they name another. One that is no
 * longer the head is a `conflict`, with the head there is, unless they want to be rebased.
 */
export async function parentOf(
  manager: EntityManager,
  caller: Caller,
  target: CommitTarget,
  { parent_hash, rebase = false }: { parent_hash?: string | null | undefined; rebase?: boolean },
): Promise<string | null> {
  const { branch } = target;
  const wish = parent_hash?.trim() || null;
  if (wish === null) return branch.head_commit_id;
  if (wish.toLowerCase() === branch.head_commit_id) return branch.head_commit_id;
  const parent = await requireVisibleCommit(manager, caller, target, { hash: wish, words: 'Parent commit not found' });
  if (rebase) return parent;
  throw new AppError(
    'conflict',
    `Branch ${branch.name} has moved on; commit on top of its head, leave parent_hash out, or ask for a rebase.`,
    { head_commit_id: branch.head_commit_id },
  );
}
