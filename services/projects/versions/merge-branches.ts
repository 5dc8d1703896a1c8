import type { EntityManager } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import { AppError } from '#libs/errors/app-error';
import { committable, withNoiseOf } from '#libs/timeline/document';
import { mergeDocuments } from '#libs/timeline/merge-documents';
import { ancestors, mergeBases, type CommitGraph } from '../domain/commit-graph.js';
import { isSameKind } from '../domain/same-kind.js';
import { appendCommit, lockBranch } from './commits.js';
import { history } from './history.query.js';
import { snapshotOf, type Document } from './objects.js';
import type { BranchEntity } from './version.entities.js';
import { writeWorkspace } from './workspaces.js';

/**
 * Merges the head of one branch into another of the same project by a commit with both as parents, and brings the
 * target's workspace along. Gives the commit, or null when the target has everything already. A true conflict throws
 * `conflict` with the list, and nothing has changed.
 */
export async function mergeBranches(
  manager: EntityManager,
  caller: Caller,
  { source_branch_id, target_branch_id }: { source_branch_id: string; target_branch_id: string },
): Promise<string | null> {
  const { source, target } = await lockBoth(manager, source_branch_id, target_branch_id);
  if (source.head_commit_id === null) return null;
  const graph = await history(manager, target.project_id);
  if (ancestors(graph, target.head_commit_id).has(source.head_commit_id)) return null;
  const { merged, conflicts } = await mergeHeads(manager, graph, target.head_commit_id, source.head_commit_id);
  if (conflicts.length > 0)
    throw new AppError(
      'conflict',
      `${source.name} and ${target.name} changed the same things (${conflicts.length}). Settle them on ${source.name}, then merge.`,
      {
        conflicts,
      },
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

/** Both branches, always locked in the same order, so that two merges cannot wait for each other. */
async function lockBoth(manager: EntityManager, sourceId: string, targetId: string) {
  const locked = new Map<string, BranchEntity>();
  for (const id of [sourceId, targetId].sort()) locked.set(id, await lockBranch(manager, id));
  return { source: locked.get(sourceId)!, target: locked.get(targetId)! };
}

async function mergeHeads(manager: EntityManager, graph: CommitGraph, ours: string | null, theirs: string) {
  const theirDocument = committable(await snapshotOf(manager, theirs));
  if (ours === null) return { merged: theirDocument, conflicts: [] };
  const [base] = mergeBases(graph, ours, theirs);
  const baseDocument = base === undefined ? {} : committable(await snapshotOf(manager, base));
  return mergeDocuments(baseDocument, committable(await snapshotOf(manager, ours)), theirDocument);
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
  if (row && Object.keys(row.document).length > 0 && target.head_commit_id !== null) {
    if (!isSameKind(row.document, await snapshotOf(manager, target.head_commit_id))) return;
  }
  await writeWorkspace(manager, target.id, withNoiseOf(merged, row?.document ?? {}), {
    saved_by: caller.user_id,
    uncommitted: false,
  });
}
