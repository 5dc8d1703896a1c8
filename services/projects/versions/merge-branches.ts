import type { EntityManager } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import { AppError } from '#libs/errors/app-error';
import { bringWorkspaceAlong } from './bring-workspace.js';
import { appendCommit } from './commits.js';
import { mergeCommits } from './merge-commits.js';
import type { BranchEntity } from './version.entities.js';

/**
 * Merges the head of one branch into another of the same project by a commit with both as parents, and brings the
 * target's workspace along; both branches must be locked. Gives the commit, or null when the target has everything
 * already. A true conflict throws `conflict` with the list, and nothing has changed.
 */
export async function mergeBranches(
  manager: EntityManager,
  caller: Caller,
  { source, target }: { source: BranchEntity; target: BranchEntity },
): Promise<string | null> {
  if (source.head_commit_id === null) return null;
  const [ours, theirs] = [target.head_commit_id, source.head_commit_id];
  const { relation, merged, open } = await mergeCommits(manager, target.project_id, { ours, theirs });
  if (relation === 'up_to_date') return null;
  if (open.length > 0)
    throw new AppError(
      'conflict',
      `${source.name} and ${target.name} changed the same things (${open.length}). Settle them on ${source.name}, then merge.`,
      { conflicts: open },
    );
  const commit = await appendCommit(manager, target, {
    author_id: caller.user_id,
    message: `Merge ${source.name} into ${target.name}`,
    snapshot: merged,
    move: 'merged',
    parents: target.head_commit_id === null ? [source.head_commit_id] : [target.head_commit_id, source.head_commit_id],
  });
  await bringWorkspaceAlong(manager, caller, target, { head: commit.id, snapshot: merged });
  return commit.id;
}
