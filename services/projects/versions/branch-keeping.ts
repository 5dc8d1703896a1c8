import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf, OutputOf } from '#libs/contracts/contract';
import type { Branch } from '#libs/contracts/projects';
import { branchDeleted, branchProtected, branchRenamed } from '#libs/contracts/projects-events';
import type * as contract from '#libs/contracts/projects-history';
import { AppError } from '#libs/errors/app-error';
import { announce } from '../audit/announce.js';
import { Access } from '../access/access.js';
import { requirePush, ruleOf } from '../access/branch-rules.js';
import type { Action } from '../access/permissions.js';
import { mergeRequestViews, type MergeRequestRow } from '../merge-requests/merge-request-views.query.js';
import { closeRequest } from '../merge-requests/close-request.js';
import { bringWorkspaceAlong } from './bring-workspace.js';
import { checkpoint } from './checkpoint.js';
import { lockBranch } from './commits.js';
import { graphReaching } from './commit-graphs.js';
import { moveHead, noteMove, onBranch } from './refs.js';
import { requireRef } from './resolve-ref.js';
import type { BranchEntity } from './version.entities.js';

/** The name everybody begins with, and that old clients write to when they name none. */
const MAIN = 'main';

/** Branches are renamed, moved, deleted and protected, by those who may; every move is in the reflog. */
@Injectable()
export class BranchKeeping {
  constructor(
    private readonly database: DataSource,
    private readonly access: Access,
  ) {}

  async rename(caller: Caller, wish: InputOf<typeof contract.renameBranch>): Promise<Branch> {
    const name = wish.name.trim();
    return this.keeping(caller, wish, 'renameBranch', async (manager, admission) => {
      const { branch } = admission;
      if (branch.name === MAIN)
        throw new AppError('invalid', `${MAIN} is what every project begins with: it keeps its name.`);
      await requirePush(manager, admission);
      await requireDeletion(manager, branch);
      if (name === '') throw new AppError('invalid', 'A branch needs a name.');
      const rows = await manager.query<unknown[]>(
        'select 1 from branches where project_id = $1 and name = $2 and id <> $3',
        [branch.project_id, name, branch.id],
      );
      if (rows.length > 0) throw new AppError('conflict', `There is a branch ${name} already. Choose another name.`);
      await manager.query('update branches set name = $2 where id = $1', [branch.id, name]);
      const renamed = { ...branch, name };
      const about = { ...onBranch(renamed), actor_id: caller.user_id };
      await announce(manager, branchRenamed, { ...about, before_name: branch.name });
      return renamed;
    });
  }

  /**
   * Deletes a branch; what is saved on it is committed first, and the reflog keeps the hash to begin it again from. Open
   * requests from it or into it are closed.
   */
  async delete(caller: Caller, wish: InputOf<typeof contract.deleteBranch>): Promise<{ ok: boolean }> {
    return this.database.transaction(async (manager) => {
      const { project_id, branch_name } = wish;
      const admission = await this.access.toBranch(manager, caller, project_id, branch_name, 'deleteBranch');
      const requests = await openRequests(manager, admission.branch.id);
      const locked = await lockBranch(manager, admission.branch.id);
      await this.requireDeletable(manager, locked, wish.expected_head);
      const branch = await checkpoint(manager, locked, `Work on ${locked.name}`);
      for (const request of requests) await closeRequest(manager, caller, request);
      await manager.query('delete from branches where id = $1', [branch.id]);
      const about = { ...onBranch(branch), actor_id: caller.user_id };
      await noteMove(manager, { ...about, before: branch.head_commit_id, after: null, move: 'deleted' });
      await announce(manager, branchDeleted, { ...about, head_commit_id: branch.head_commit_id });
      return { ok: true };
    });
  }

  private async requireDeletable(manager: EntityManager, branch: BranchEntity, expected: string | undefined) {
    if (branch.name === MAIN)
      throw new AppError('invalid', `${MAIN} is what every project begins with: it is not deleted.`);
    await requireDeletion(manager, branch);
    requireHead(branch, expected);
  }

  /** Moves a branch by compare-and-set: forward, or anywhere by force; what is saved and not committed is kept. */
  async move(caller: Caller, wish: InputOf<typeof contract.moveBranch>): Promise<Branch> {
    return this.keeping(caller, wish, 'moveBranch', async (manager, admission) => {
      const { branch } = admission;
      await requirePush(manager, admission);
      requireHead(branch, wish.expected_head);
      const to = await requireRef(manager, caller, admission, wish.to);
      if (to === branch.head_commit_id) return branch;
      await this.requireForward(manager, branch, to, wish.force);
      await moveHead(manager, branch, { to, move: 'moved', actor_id: caller.user_id });
      await bringWorkspaceAlong(manager, caller, branch, to);
      return { ...branch, head_commit_id: to };
    });
  }

  async rule(caller: Caller, wish: InputOf<typeof contract.getBranchRule>): Promise<BranchRule> {
    const manager = this.database.manager;
    const { branch } = await this.access.toBranch(manager, caller, wish.project_id, wish.branch_name, 'readHistory');
    return ruleOf(manager, branch.id);
  }

  /** A branch that wants approvals takes nothing but merge requests: `push` is `nobody` then, whatever was wished. */
  async protect(caller: Caller, wish: InputOf<typeof contract.protectBranch>): Promise<BranchRule> {
    return this.keeping(caller, wish, 'protectBranch', async (manager, { branch }) => {
      await manager.query(
        `insert into branch_rules (branch_id, push, required_approvals, resolved_threads, allow_deletion, allow_force, set_by)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (branch_id) do update set push = excluded.push, required_approvals = excluded.required_approvals,
           resolved_threads = excluded.resolved_threads, allow_deletion = excluded.allow_deletion,
           allow_force = excluded.allow_force, set_by = excluded.set_by, set_at = now()`,
        [
          branch.id,
          wish.required_approvals > 0 ? 'nobody' : wish.push,
          wish.required_approvals,
          wish.resolved_threads,
          wish.allow_deletion,
          wish.allow_force,
          caller.user_id,
        ],
      );
      await this.tellOfRule(manager, caller, branch, true);
      return ruleOf(manager, branch.id);
    });
  }

  async unprotect(caller: Caller, wish: InputOf<typeof contract.unprotectBranch>): Promise<BranchRule> {
    return this.keeping(caller, wish, 'protectBranch', async (manager, { branch }) => {
      await manager.query('delete from branch_rules where branch_id = $1', [branch.id]);
      await this.tellOfRule(manager, caller, branch, false);
      return ruleOf(manager, branch.id);
    });
  }

  /** Admits the caller to the branch and locks it; nobody moves it until the work is done. */
  private keeping<T>(
    caller: Caller,
    { project_id, branch_name }: { project_id: string; branch_name: string },
    action: Action,
    work: (manager: EntityManager, admission: Awaited<ReturnType<Access['toBranch']>>) => Promise<T>,
  ): Promise<T> {
    return this.database.transaction(async (manager) => {
      const admission = await this.access.toBranch(manager, caller, project_id, branch_name, action);
      return work(manager, { ...admission, branch: await lockBranch(manager, admission.branch.id) });
    });
  }

  private async requireForward(manager: EntityManager, branch: BranchEntity, to: string, force: boolean) {
    const from = branch.head_commit_id;
    if (from === null || (await graphReaching(manager, branch.project_id, [from, to])).isIn(to, from)) return;
    if (!force)
      throw new AppError(
        'conflict',
        `${to} does not come after the head of ${branch.name}: moving there needs force.`,
        {
          head_commit_id: from,
        },
      );
    const { allow_force } = await ruleOf(manager, branch.id);
    if (!allow_force)
      throw new AppError('unauthorized', `Branch ${branch.name} is protected from being moved by force.`, {
        reason: 'protected_branch',
      });
  }

  private tellOfRule(manager: EntityManager, caller: Caller, branch: BranchEntity, is_protected: boolean) {
    return announce(manager, branchProtected, { ...onBranch(branch), actor_id: caller.user_id, is_protected });
  }
}

/** What is protected from being deleted is not taken from under its name either. */
async function requireDeletion(manager: EntityManager, branch: BranchEntity): Promise<void> {
  const { allow_deletion } = await ruleOf(manager, branch.id);
  if (allow_deletion) return;
  throw new AppError(
    'unauthorized',
    `Branch ${branch.name} is protected from deletion and from another name. Change its rule first.`,
    { reason: 'protected_branch' },
  );
}

type BranchRule = OutputOf<typeof contract.getBranchRule>;

/** Compare, before anything is set: the head that was seen must be the head there is. */
export function requireHead(
  branch: Pick<BranchEntity, 'name' | 'head_commit_id'>,
  expected: string | null | undefined,
): void {
  if (expected === undefined || expected === branch.head_commit_id) return;
  throw new AppError('conflict', `Branch ${branch.name} has moved on. Read its head and try again.`, {
    head_commit_id: branch.head_commit_id,
  });
}

/** The open requests from or into a branch, locked: before the branch is, as everywhere. */
async function openRequests(manager: EntityManager, branchId: string): Promise<MergeRequestRow[]> {
  const rows = await manager.query<{ id: string }[]>(
    `select id from merge_requests where status = 'open' and (source_branch_id = $1 or target_branch_id = $1)
     order by id for no key update`,
    [branchId],
  );
  return mergeRequestViews(manager, 'mr.id = any($1)', [rows.map(({ id }) => id)]);
}
