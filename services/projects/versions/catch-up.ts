import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf, OutputOf } from '#libs/contracts/contract';
import type { catchUp } from '#libs/contracts/projects-forks';
import { AppError } from '#libs/errors/app-error';
import { describeChanges } from '#libs/timeline/diff/describe-changes';
import { Access } from '../access/access.js';
import { requirePush } from '../access/branch-rules.js';
import { keepMerge } from '../objects/keep-merge.js';
import { diffKept } from '../objects/kept-difference.js';
import { resolutionMap } from './apply-change.js';
import { requireHead } from './branch-keeping.js';
import { bringKeptWorkspaceAlong } from './bring-workspace.js';
import { checkpoint } from './checkpoint.js';
import { appendKept, lockBranch } from './commits.js';
import { conflictViews } from './conflict-views.js';
import { shareAncestry } from './history.query.js';
import { mergeCommits, type CommitMerge } from './merge-commits.js';
import { moveHead } from './refs.js';
import { requireRef } from './resolve-ref.js';
import type { BranchEntity } from './version.entities.js';

type Wish = InputOf<typeof catchUp>;

/** Brings a fork up to what came to its original since. */
@Injectable()
export class CatchUp {
  constructor(
    private readonly database: DataSource,
    private readonly access: Access,
  ) {}

  /**
   * Merges what the caller sees of the original into a branch of the fork, by the merge that everything is merged by. What
   * is saved on the branch is committed first. A preview gives the same, and writes nothing.
   */
  async run(caller: Caller, wish: Wish): Promise<OutputOf<typeof catchUp>> {
    return this.database.transaction(async (manager) => {
      const { project_id, branch_name, preview, language } = wish;
      const admission = await this.access.toBranch(manager, caller, project_id, branch_name, 'commit');
      await requirePush(manager, admission);
      const original = await this.originalOf(manager, caller, admission.project.parent_project_id);
      const theirs = await requireRef(manager, caller, original, wish.from);
      const locked = await lockBranch(manager, admission.branch.id);
      requireHead(locked, wish.expected_head ?? undefined);
      const branch = preview ? locked : await checkpoint(manager, locked, `Work on ${locked.name}`);
      const ours = branch.head_commit_id;
      const resolutions = resolutionMap(wish.resolutions);
      const merge = await mergeCommits(manager, branch.project_id, { ours, theirs, resolutions });
      requireCommonHistory(merge, branch, original.project.name);
      const changes = await diffKept(manager, merge.before, merge);
      const told = {
        relation: merge.relation,
        original_project_id: original.project.id,
        original_commit: theirs,
        merge_bases: merge.bases,
        changes: changes as unknown as Record<string, unknown>[],
        words: describeChanges(changes, { language }),
        conflicts: await conflictViews(manager, {
          project_id: branch.project_id,
          result: merge,
          versions: merge.versions,
          heads: { ours, theirs },
          names: { ours: branch.name, theirs: nameOf(wish, original.project) },
          language,
        }),
      };
      if (preview || merge.relation === 'up_to_date') return { ...told, commit_id: null };
      if (merge.open.length > 0)
        throw new AppError(
          'conflict',
          `${branch.name} and ${wish.from} of the original changed the same things (${merge.open.length}). Say how to settle each of them.`,
          { conflicts: told.conflicts, original_commit: theirs, head_commit_id: ours },
        );
      await shareAncestry(manager, [theirs], branch.project_id);
      const message = wish.message ?? `Merge ${wish.from} of ${original.project.name} into ${branch.name}`;
      const commit_id = await this.put(manager, caller, branch, { merge, theirs, message });
      await bringKeptWorkspaceAlong(manager, caller, branch, commit_id);
      return { ...told, commit_id };
    });
  }

  /** The project that this one was forked from, if the caller may read it; else it is as if it were gone. */
  private async originalOf(manager: EntityManager, caller: Caller, id: string | null) {
    if (id === null)
      throw new AppError(
        'invalid',
        'This project is nobody’s fork, or its original is gone: there is nothing to catch up with.',
      );
    return this.access.toHistory(manager, caller, id);
  }

  private async put(
    manager: EntityManager,
    caller: Caller,
    branch: BranchEntity,
    { merge, theirs, message }: { merge: CommitMerge; theirs: string; message: string },
  ): Promise<string> {
    const actor_id = caller.user_id;
    if (merge.relation === 'fast_forward') {
      await moveHead(manager, branch, { to: theirs, move: 'fast_forwarded', actor_id });
      return theirs;
    }
    const { id } = await appendKept(manager, branch, {
      author_id: actor_id,
      message,
      ...(await keepMerge(manager, merge, merge.before)),
      parents: [branch.head_commit_id!, theirs],
      move: 'merged',
    });
    return id;
  }
}

/** A fork whose branch began anew has nothing to merge over: everything in it would be a conflict. */
function requireCommonHistory({ relation, bases }: CommitMerge, branch: BranchEntity, name: string): void {
  if (relation !== 'diverged' || bases.length > 0) return;
  throw new AppError('invalid', `${branch.name} shares no history with ${name}: there is nothing to merge over.`);
}

/** What a conflict calls the other side. */
const nameOf = ({ from, language }: Wish, { name }: { name: string }): string =>
  language === 'zh' ? `${name} 的 ${from}` : `${from} of ${name}`;
