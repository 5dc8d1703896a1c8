import type { EntityManager } from 'typeorm';
import { AppError } from '#libs/errors/app-error';
import { baseOfBases } from '#libs/timeline/merge/base-of-bases';
import { mergeVersions, type Conflict } from '#libs/timeline/merge/merge-documents';
import { graphReaching } from './commit-graphs.js';
import { snapshotOf, type Document } from './objects.js';
import type { BranchEntity } from './version.entities.js';

/**
 * What was made from an earlier commit, merged into the head of a locked branch that has moved on since; a true conflict
 * is refused with the list and the head there is.
 */
export async function rebased(
  manager: EntityManager,
  branch: BranchEntity,
  { parent, theirs }: { parent: string | null; theirs: Document },
): Promise<Document> {
  const head = branch.head_commit_id;
  if (head === null || parent === null) return theirs;
  const graph = await graphReaching(manager, branch.project_id, [head, parent]);
  const document = (commit: string) => snapshotOf(manager, commit);
  const base = await baseOfBases(graph.mergeBases(head, parent), {
    document,
    mergeBases: graph.mergeBases.bind(graph),
  });
  const ours = { document: await document(head) };
  const { merged, conflicts } = mergeVersions({ base, ours, theirs: { document: theirs } });
  if (conflicts.length === 0) return merged;
  throw changedTheSame(branch, conflicts);
}

/** The refusal of work whose changes are not those that came onto the branch meanwhile: it names the head and what to settle. */
export const changedTheSame = (branch: BranchEntity, conflicts: Conflict[]): AppError =>
  new AppError(
    'conflict',
    `Branch ${branch.name} has moved on, and what came changed the same things (${conflicts.length}). Read its head and settle them.`,
    { head_commit_id: branch.head_commit_id, conflicts },
  );
