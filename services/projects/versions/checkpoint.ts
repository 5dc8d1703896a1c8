import type { EntityManager } from 'typeorm';
import { contentHash } from '#libs/timeline/canonical-json';
import { committable } from '#libs/timeline/document';
import { ruleOf } from '../access/branch-rules.js';
import { isSameKind } from '../domain/same-kind.js';
import { appendCommit } from './commits.js';
import { documentOf, hasOpenWork, keptWorkspace } from './kept-workspaces.js';
import { snapshotOf } from './objects.js';
import type { BranchEntity } from './version.entities.js';

/**
 * Commits what is saved on a locked branch and not yet committed, as the work of whoever saved it, so that publishing
 * and merging take it along; gives the branch as it is then. Does nothing when all is committed, when the branch's
 * commits are of another kind than its workspace, or when its rule keeps some from committing on it: nothing comes onto
 * a protected branch by the way.
 */
export async function checkpoint(manager: EntityManager, branch: BranchEntity, message: string): Promise<BranchEntity> {
  if (!(await hasOpenWork(manager, branch.id))) return branch;
  if ((await ruleOf(manager, branch.id)).push !== 'anyone') return branch;
  const workspace = (await keptWorkspace(manager, branch.id))!;
  const snapshot = committable(await documentOf(manager, workspace));
  if (Object.keys(snapshot).length === 0) return branch;
  const parent = branch.head_commit_id;
  const head = parent === null ? undefined : committable(await snapshotOf(manager, parent));
  if (!isSameKind(snapshot, head)) return branch;
  await manager.query('update workspaces set uncommitted = false where branch_id = $1', [branch.id]);
  if (head !== undefined && contentHash(head) === contentHash(snapshot)) return branch;
  const parents = parent === null ? [] : [parent];
  const content = { author_id: workspace.saved_by, message, snapshot, parents, move: 'checkpointed' as const };
  const { id } = await appendCommit(manager, branch, content);
  return { ...branch, head_commit_id: id };
}
