import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf, OutputOf } from '#libs/contracts/contract';
import type { commitChanges } from '#libs/contracts/projects-changes';
import type { Change } from '#libs/timeline/objects/change-value';
import { Access } from '../access/access.js';
import { mergeKept, readDocument, writeChanges, writeDocument, type KeptTree } from '../objects/documents.js';
import { bringWorkspaceAlong } from './bring-workspace.js';
import { graphReaching } from './commit-graphs.js';
import { lockToCommitOn, parentOf } from './commit-target.js';
import { appendKept } from './commits.js';
import { treeOfCommit } from './objects.js';
import { changedTheSame, rebased } from './rebased.js';
import type { BranchEntity } from './version.entities.js';

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
      const { project, branch: before } = target;
      const { head_commit_id: head } = before;
      const parent = await parentOf(manager, caller, target, draft);
      const isRebase = parent !== head;
      const changed = await writeChanges(
        manager,
        parent === null ? null : await treeOfCommit(manager, parent),
        draft.changes as Change[],
      );
      const tree = isRebase ? await this.mergedIn(manager, before, parent, changed) : changed;
      const { message } = draft;
      const parents = head === null ? [] : [head];
      const commit = await appendKept(manager, before, { author_id: caller.user_id, message, parents, ...tree });
      if (target.hasWorkspace) await bringWorkspaceAlong(manager, caller, before, commit.id);
      const { id, created_at } = commit;
      return { id, project_id: project.id, message, parent_hash: head, tree: tree.tree, rebased: isRebase, created_at };
    });
  }

  private async mergedIn(
    manager: EntityManager,
    branch: BranchEntity,
    parent: string | null,
    { tree }: KeptTree,
  ): Promise<KeptTree> {
    const head = branch.head_commit_id;
    if (head !== null && parent !== null) {
      const graph = await graphReaching(manager, branch.project_id, [head, parent]);
      const [base, ...others] = graph.mergeBases(head, parent);
      if (base !== undefined && others.length === 0) {
        const trees = {
          base: await treeOfCommit(manager, base),
          ours: await treeOfCommit(manager, head),
          theirs: tree,
        };
        const { conflicts, kept } = await mergeKept(manager, trees);
        if (kept) return kept;
        throw changedTheSame(branch, conflicts);
      }
    }
    const merged = await rebased(manager, branch, { parent, theirs: await readDocument(manager, tree) });
    const like = await treeOfCommit(manager, branch.head_commit_id!);
    return { tree: await writeDocument(manager, merged, { like }), sections: Object.keys(merged).length };
  }
}
