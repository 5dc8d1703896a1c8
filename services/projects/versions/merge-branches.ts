import type { EntityManager } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import { AppError } from '#libs/errors/app-error';
import { committable, withNoiseOf } from '#libs/timeline/document';
import { mergeDocuments } from '#libs/timeline/merge/merge-documents';
import { ancestors, mergeBases, type CommitGraph } from '../domain/commit-graph.js';
import { isSameKind } from '../domain/same-kind.js';
import { appendCommit } from './commits.js';
import { history } from './history.query.js';
import { snapshotOf, type Document } from './objects.js';
import type { BranchEntity } from './version.entities.js';
import { writeWorkspace } from './workspaces.js';

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
  const graph = await history(manager, target.project_id);
  if (ancestors(graph, target.head_commit_id).has(source.head_commit_id)) return null;
  const { merged, conflicts } = await mergeHeads(manager, graph, target.head_commit_id, source.head_commit_id);
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
    parents: target.head_commit_id === null ? [source.head_commit_id] : [target.head_commit_id, source.head_commit_id],
  });
  await bringWorkspaceAlong(manager, caller, target, merged);
  return commit.id;
}

async function mergeHeads(manager: EntityManager, graph: CommitGraph, ours: string | null, theirs: string) {
  const theirDocument = await snapshotOf(manager, theirs);
  if (ours === null) return { merged: theirDocument, conflicts: [] };
  const [base] = mergeBases(graph, ours, theirs);
  const baseDocument = base === undefined ? {} : await snapshotOf(manager, base);
  return mergeDocuments(baseDocument, await snapshotOf(manager, ours), theirDocument);
}

/** What people have open keeps its layout and its queue; a workspace of another kind than the commits is left alone. */
async function bringWorkspaceAlong(
  manager: EntityManager,
  caller: Caller,
  target: BranchEntity,
  merged: Document,
): Promise<void> {
  const [row] = await manager.query<{ document: Document }[]>('select document from workspaces where branch_id = $1', [
    target.id,
  ]);
  const workspace = row?.document ?? {};
  if (Object.keys(workspace).length > 0 && target.head_commit_id !== null) {
    const before = committable(await snapshotOf(manager, target.head_commit_id));
    if (!isSameKind(committable(workspace), before)) return;
  }
  await writeWorkspace(manager, target.id, withNoiseOf(merged, workspace), {
    saved_by: caller.user_id,
    uncommitted: false,
  });
}
