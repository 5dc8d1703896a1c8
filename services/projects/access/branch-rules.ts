import type { EntityManager } from 'typeorm';
import { AppError } from '#libs/errors/app-error';
import type { BranchEntity } from '../versions/version.entities.js';
import type { Admission } from './access.js';
import { isPushAllowed, type PushRule } from './permissions.js';

/** What a branch is protected by. */
export interface BranchRule {
  /** Who may put commits on it directly. */
  push: PushRule;
  required_approvals: number;
  /** Whether every thread of a merge request must be resolved before it is merged. */
  resolved_threads: boolean;
  allow_deletion: boolean;
  /** Whether its head may be moved to a commit that does not come after it. */
  allow_force: boolean;
}

const OPEN: BranchRule = {
  push: 'anyone',
  required_approvals: 0,
  resolved_threads: false,
  allow_deletion: true,
  allow_force: true,
};

/** The rule of a branch; the open one when it is not protected. */
export async function ruleOf(
  manager: EntityManager,
  branchId: string,
): Promise<BranchRule & { is_protected: boolean }> {
  const [rule] = await manager.query<BranchRule[]>(
    `select push, required_approvals, resolved_threads, allow_deletion, allow_force
     from branch_rules where branch_id = $1`,
    [branchId],
  );
  return rule ? { ...rule, is_protected: true } : { ...OPEN, is_protected: false };
}

/** Refuses those whom the rule of a branch keeps from committing on it directly; that they may commit is asked before. */
export async function requirePush(
  manager: EntityManager,
  { branch, relations }: Pick<Admission, 'relations'> & { branch: BranchEntity },
): Promise<void> {
  refusePush((await ruleOf(manager, branch.id)).push, { branch, relations });
}

/** The same by a rule that is known. */
export function refusePush(
  push: PushRule,
  { branch, relations }: Pick<Admission, 'relations'> & { branch: BranchEntity },
): void {
  if (isPushAllowed(push, relations)) return;
  throw new AppError(
    'unauthorized',
    `Branch ${branch.name} is protected: ${MAY[push]} may commit on it directly. Commit on a branch of your own and offer it as a merge request.`,
    { reason: 'protected_branch', push },
  );
}

const MAY: Record<PushRule, string> = {
  anyone: 'everybody who works on the project',
  maintainers: 'only its maintainers',
  owner: "only the project's owner",
  nobody: 'nobody',
};
