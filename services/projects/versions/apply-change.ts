import type { EntityManager } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import type { OutputOf } from '#libs/contracts/contract';
import type { revertCommit } from '#libs/contracts/projects-redo';
import type { RefMove } from '#libs/contracts/projects-events';
import { AppError } from '#libs/errors/app-error';
import { describeChanges, type Language } from '#libs/timeline/diff/describe-changes';
import { diffDocuments } from '#libs/timeline/diff/diff-documents';
import { mergeResolved } from '#libs/timeline/merge/merge-resolved';
import type { Resolution } from '#libs/timeline/merge/settle-conflict';
import type { Document } from '#libs/timeline/document';
import { bringWorkspaceAlong } from './bring-workspace.js';
import { appendCommit } from './commits.js';
import { conflictViews } from './conflict-views.js';
import { snapshotOf } from './objects.js';
import type { BranchEntity } from './version.entities.js';

export type Application = OutputOf<typeof revertCommit>;

/** A change between two documents, to be made again on a branch. */
export interface Change {
  /** What the document was without the change, and what it is with it. */
  before: Document;
  after: Document;
  /** The commit that the change is known by, to tell where a conflict comes from. */
  from: string;
  name: string;
  message: string;
  move: RefMove;
  resolutions: readonly { conflict_id: string; take: Resolution['take']; value?: unknown }[];
  preview: boolean;
  language: Language;
}

/**
 * Makes a change on a locked branch by a real three-way merge with what the branch is now, as a commit on top of it, and
 * brings the workspace along. Conflicts that are not settled are `conflict`, with all of them in the details; a preview
 * gives them, and writes nothing. A change that is there already makes no commit.
 */
export async function applyChange(
  manager: EntityManager,
  caller: Caller,
  branch: BranchEntity,
  change: Change,
): Promise<Application> {
  const head = branch.head_commit_id;
  const versions = {
    base: change.before,
    ours: head === null ? {} : await snapshotOf(manager, head),
    theirs: change.after,
  };
  const result = mergeResolved(versions, resolutionMap(change.resolutions));
  const changes = diffDocuments(versions.ours, result.merged);
  const told = {
    is_empty: changes.length === 0,
    changes: changes as unknown as Record<string, unknown>[],
    words: describeChanges(changes, change),
    conflicts: await conflictViews(manager, {
      project_id: branch.project_id,
      result,
      versions,
      heads: { ours: head, theirs: change.from },
      names: { ours: branch.name, theirs: change.name },
      language: change.language,
    }),
  };
  if (change.preview) return { ...told, commit_id: null };
  if (result.open.length > 0)
    throw new AppError(
      'conflict',
      `${change.name} and ${branch.name} changed the same things (${result.open.length}). Say how to settle each of them.`,
      { conflicts: told.conflicts },
    );
  if (told.is_empty) return { ...told, commit_id: null };
  const { id } = await appendCommit(manager, branch, {
    author_id: caller.user_id,
    message: change.message,
    snapshot: result.merged,
    parents: head === null ? [] : [head],
    move: change.move,
  });
  await bringWorkspaceAlong(manager, caller, branch, { head: id, snapshot: result.merged });
  return { ...told, commit_id: id };
}

/** Resolutions as people send them, by the conflicts they are about. */
export const resolutionMap = (drafts: Change['resolutions']): Map<string, Resolution> =>
  new Map(drafts.map(({ conflict_id, take, value }) => [conflict_id, { take, value }]));
