import type { EntityManager } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import { committable, noiseOf, withNoiseOf } from '#libs/timeline/document';
import { mergeDocuments } from '#libs/timeline/merge/merge-documents';
import { isSameKind } from '../domain/same-kind.js';
import { documentOf, keptWorkspace, writeWorkspace } from './kept-workspaces.js';
import { snapshotsOf, type Document } from './objects.js';
import type { BranchEntity } from './version.entities.js';
import { saveOn } from './workspaces.js';

/**
 * Brings the workspace of a locked branch along to the commit that its head has moved to; `before` is the branch as it
 * was. What people have open keeps its layout and its queue; what they saved and did not commit is merged in, and wins
 * where both changed the same; a workspace of another kind than the commits is left alone.
 */
export async function bringWorkspaceAlong(
  manager: EntityManager,
  caller: Caller,
  before: BranchEntity,
  head: string,
): Promise<void> {
  const follow = (noise: Document) =>
    writeWorkspace(manager, before.id, { commit_id: head, noise }, { saved_by: caller.user_id, uncommitted: false });
  const kept = await keptWorkspace(manager, before.id);
  const isOpenWork = kept?.uncommitted === true;
  if (kept?.commit_id != null && kept.commit_id === before.head_commit_id && !isOpenWork) return follow(kept.noise);
  const workspace = kept ? await documentOf(manager, kept) : {};
  const saved = committable(workspace);
  const heads = before.head_commit_id === null ? [head] : [head, before.head_commit_id];
  const [snapshot, was = {}] = (await snapshotsOf(manager, heads)) as [Document, Document?];
  const old = committable(was);
  const hasWork = Object.keys(saved).length > 0;
  if (hasWork && before.head_commit_id !== null && !isSameKind(saved, old)) return;
  if (!hasWork || !isOpenWork) return follow(noiseOf(workspace));
  const { merged } = mergeDocuments(old, saved, committable(snapshot));
  await saveOn(manager, caller, { ...before, head_commit_id: head }, withNoiseOf(merged, workspace));
}

/** The same where somebody keeps a workspace; where there is none, there is nothing to read. */
export async function bringKeptWorkspaceAlong(
  manager: EntityManager,
  caller: Caller,
  before: BranchEntity,
  head: string,
): Promise<void> {
  const kept = await manager.query<unknown[]>('select 1 from workspaces where branch_id = $1', [before.id]);
  if (kept.length > 0) await bringWorkspaceAlong(manager, caller, before, head);
}
