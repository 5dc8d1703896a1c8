import type { EntityManager } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import { mergeKept, readDocument, writeDocument, type KeptTree } from '../objects/documents.js';
import { bringWorkspaceAlong } from './bring-workspace.js';
import { graphReaching } from './commit-graphs.js';
import type { CommitTarget } from './commit-target.js';
import { appendKept } from './commits.js';
import { treeOfCommit } from './objects.js';
import { changedTheSame, rebased } from './rebased.js';
import type { BranchEntity } from './version.entities.js';

/**
 * Commits a kept document that was made from `parent` on a branch that is locked, merged with what came onto it since; the
 * workspace comes along.
 */
export async function commitOn(
  manager: EntityManager,
  caller: Caller,
  { branch, hasWorkspace }: CommitTarget,
  { parent, kept, message }: { parent: string | null; kept: KeptTree; message: string },
): Promise<{ id: string; created_at: string; tree: string }> {
  const { head_commit_id: head } = branch;
  const tree = parent === head ? kept : await mergedIn(manager, branch, parent, kept);
  const parents = head === null ? [] : [head];
  const commit = await appendKept(manager, branch, { author_id: caller.user_id, message, parents, ...tree });
  if (hasWorkspace) await bringWorkspaceAlong(manager, caller, branch, commit.id);
  return { ...commit, tree: tree.tree };
}

async function mergedIn(
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
