import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf, OutputOf } from '#libs/contracts/contract';
import type { commitChanges } from '#libs/contracts/projects-changes';
import type { Change } from '#libs/timeline/objects/change-value';
import { Access } from '../access/access.js';
import { writeChanges } from '../objects/documents.js';
import { commitOn } from './commit-on.js';
import { lockToCommitOn, parentOf } from './commit-target.js';
import { treeOfCommit } from './objects.js';

/** Commits that are told as what changes: reading and writing no more than that, however long the film is. */
@Injectable()
export class ChangeCommits {
  constructor(
    private readonly database: DataSource,
    private readonly access: Access,
  ) {}

  /** Commits changes to the head of a branch, or to an earlier commit whose followers they are then merged with. */
  async commit(caller: Caller, draft: InputOf<typeof commitChanges>): Promise<OutputOf<typeof commitChanges>> {
    return this.database.transaction(async (manager) => {
      const target = await lockToCommitOn(manager, this.access, caller, draft);
      const parent = await parentOf(manager, caller, target, draft);
      const tree = parent === null ? null : await treeOfCommit(manager, parent);
      const kept = await writeChanges(manager, tree, draft.changes as Change[]);
      const { message } = draft;
      const commit = await commitOn(manager, caller, target, { parent, kept, message });
      const { head_commit_id: parent_hash } = target.branch;
      return { ...commit, project_id: target.project.id, message, parent_hash, rebased: parent !== parent_hash };
    });
  }
}
