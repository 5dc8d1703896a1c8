import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf } from '#libs/contracts/contract';
import type { cherryPick, revertCommit } from '#libs/contracts/projects-redo';
import { AppError } from '#libs/errors/app-error';
import { Access } from '../access/access.js';
import { requirePush } from '../access/branch-rules.js';
import { EMPTY_TREE } from '../objects/kept-difference.js';
import { applyChange, type Application, type Change } from './apply-change.js';
import { requireHead } from './branch-keeping.js';
import { checkpoint } from './checkpoint.js';
import { lockBranch } from './commits.js';
import { commitsById, type HistoryCommit } from './history.query.js';
import { treeOfCommit } from './objects.js';
import { requireRef } from './resolve-ref.js';
import type { BranchEntity } from './version.entities.js';

type Wish = InputOf<typeof revertCommit> & { from_project_id?: string | null | undefined };

/** What a commit did, undone or done again on a branch: a commit like any other. */
@Injectable()
export class Redo {
  constructor(
    private readonly database: DataSource,
    private readonly access: Access,
  ) {}

  revert(caller: Caller, wish: InputOf<typeof revertCommit>): Promise<Application> {
    return this.onBranch(caller, wish, (manager, commit, branch) => this.undoing(manager, commit, branch, wish));
  }

  cherryPick(caller: Caller, wish: InputOf<typeof cherryPick>): Promise<Application> {
    return this.onBranch(caller, wish, (manager, commit) => this.doing(manager, commit, wish));
  }

  /** Saved work on the branch is committed first, so that it is part of what the change is merged with. */
  private onBranch(
    caller: Caller,
    wish: Wish,
    changeOf: (manager: EntityManager, commit: HistoryCommit, branch: BranchEntity) => Promise<Told>,
  ): Promise<Application> {
    return this.database.transaction(async (manager) => {
      const { project_id, branch_name, preview } = wish;
      const admission = await this.access.toBranch(manager, caller, project_id, branch_name, 'commit');
      await requirePush(manager, admission);
      const commit = await this.commitOf(manager, caller, wish);
      const locked = await lockBranch(manager, admission.branch.id);
      requireHead(locked, wish.expected_head ?? undefined);
      const branch = preview ? locked : await checkpoint(manager, locked, `Work on ${locked.name}`);
      const { resolutions, language } = wish;
      const told = await changeOf(manager, commit, branch);
      return applyChange(manager, caller, branch, { ...told, from: commit.id, resolutions, preview, language });
    });
  }

  /** A commit of this project, or of another one that the caller can read. */
  private async commitOf(manager: EntityManager, caller: Caller, wish: Wish): Promise<HistoryCommit> {
    const from = await this.access.toHistory(manager, caller, wish.from_project_id ?? wish.project_id);
    const id = await requireRef(manager, caller, from, wish.commit);
    return (await commitsById(manager, [id]))[0]!;
  }

  private async undoing(
    manager: EntityManager,
    commit: HistoryCommit,
    branch: BranchEntity,
    wish: Wish,
  ): Promise<Told> {
    const before = await this.beforeIt(manager, commit, wish);
    const subject = subjectLine(commit);
    return {
      before: await treeOfCommit(manager, commit.id),
      after: before,
      name: wish.language === 'zh' ? `对“${subject}”的撤销` : `the undoing of “${subject}”`,
      message: wish.message ?? `Revert “${subject}”\n\nThis undoes commit ${commit.id} on ${branch.name}.`,
      move: 'reverted',
    };
  }

  private async doing(manager: EntityManager, commit: HistoryCommit, wish: Wish): Promise<Told> {
    return {
      before: await this.beforeIt(manager, commit, wish),
      after: await treeOfCommit(manager, commit.id),
      name: `“${subjectLine(commit)}”`,
      message: wish.message ?? `${commit.message}\n\n(picked from commit ${commit.id})`,
      move: 'cherry_picked',
    };
  }

  /** The tree of the parent that a commit's change is counted from. */
  private async beforeIt(manager: EntityManager, { id, parents }: HistoryCommit, { mainline }: Wish): Promise<string> {
    if (parents.length > 1 && mainline == null)
      throw new AppError(
        'invalid',
        `${id} is a merge of ${parents.length}. Say by mainline which parent to count from.`,
      );
    const parent = parents[(mainline ?? 1) - 1];
    if (mainline != null && parent === undefined)
      throw new AppError('invalid', `${id} has no parent number ${mainline}.`);
    return parent === undefined ? EMPTY_TREE : treeOfCommit(manager, parent);
  }
}

type Told = Pick<Change, 'before' | 'after' | 'name' | 'message' | 'move'>;

const subjectLine = ({ message }: HistoryCommit): string => message.split('\n', 1)[0]!;
