import type { EntityManager } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import { AppError } from '#libs/errors/app-error';
import { mergeDocuments } from '#libs/timeline/merge/merge-documents';
import type { PackedGraph } from '../domain/packed-graph.js';
import { bringWorkspaceAlong } from './bring-workspace.js';
import { appendCommit } from './commits.js';
import { graphReaching } from './commit-graphs.js';
import { snapshotOf } from './objects.js';
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
  const graph = await graphReaching(manager, target.project_id, [ours, theirs]);
  if (ours !== null && graph.isIn(ours, theirs)) return null;
  const { merged, conflicts } = await mergeHeads(manager, graph, ours, theirs);
  if (conflicts.length > 0)
    throw new AppError(
      'conflict',
      `${source.name} and ${target.name} changed the same things (${conflicts.length}). Settle them on ${source.name}, then merge.`,
      { conflicts },
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

async function mergeHeads(manager: EntityManager, graph: PackedGraph, ours: string | null, theirs: string) {
  const theirDocument = await snapshotOf(manager, theirs);
  if (ours === null) return { merged: theirDocument, conflicts: [] };
  const [base] = graph.mergeBases(ours, theirs);
  const baseDocument = base === undefined ? {} : await snapshotOf(manager, base);
  return mergeDocuments(baseDocument, await snapshotOf(manager, ours), theirDocument);
}
