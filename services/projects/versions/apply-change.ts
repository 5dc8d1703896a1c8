import type { EntityManager } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import type { OutputOf } from '#libs/contracts/contract';
import type { revertCommit } from '#libs/contracts/projects-redo';
import type { RefMove } from '#libs/contracts/projects-events';
import { AppError } from '#libs/errors/app-error';
import { describeChanges, type Language } from '#libs/timeline/diff/describe-changes';
import type { Resolution } from '#libs/timeline/merge/settle-conflict';
import { mergeTrees } from '#libs/timeline/objects/merge-trees';
import { bringWorkspaceAlong } from './bring-workspace.js';
import { writeDocument } from '../objects/documents.js';
import { keepMerge } from '../objects/keep-merge.js';
import { diffKept, EMPTY_TREE, readingWith } from '../objects/kept-difference.js';
import { appendKept } from './commits.js';
import { conflictViews } from './conflict-views.js';
import { treeOfCommit } from './objects.js';
import type { BranchEntity } from './version.entities.js';

export type Application = OutputOf<typeof revertCommit>;

/** A change between two documents, to be made again on a branch. */
export interface Change {
  /** The trees of the document without the change, and with it. */
  before: string;
  after: string;
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
  const ours = head === null ? EMPTY_TREE : await treeOfCommit(manager, head);
  const trees = { base: change.before, ours, theirs: change.after };
  const result = await mergeTrees(readingWith(manager), trees, resolutionMap(change.resolutions));
  const changes = await diffKept(manager, ours, result);
  const told = {
    is_empty: changes.length === 0,
    changes: changes as unknown as Record<string, unknown>[],
    words: describeChanges(changes, change),
    conflicts: await conflictViews(manager, {
      project_id: branch.project_id,
      result,
      versions: result.versions,
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
  if (head === null) await writeDocument(manager, {});
  const { id } = await appendKept(manager, branch, {
    author_id: caller.user_id,
    message: change.message,
    ...(await keepMerge(manager, result, ours)),
    parents: head === null ? [] : [head],
    move: change.move,
  });
  await bringWorkspaceAlong(manager, caller, branch, id);
  return { ...told, commit_id: id };
}

/** Resolutions as people send them, by the conflicts they are about. */
export const resolutionMap = (drafts: Change['resolutions']): Map<string, Resolution> =>
  new Map(drafts.map(({ conflict_id, take, value }) => [conflict_id, { take, value }]));
