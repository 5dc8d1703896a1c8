import type { EntityManager } from 'typeorm';
import type { Document } from '#libs/timeline/document';
import { baseOfBases } from '#libs/timeline/merge/base-of-bases';
import { mergeVersions, type Conflict, type Version } from '#libs/timeline/merge/merge-documents';
import { graphReaching } from './commit-graphs.js';
import { snapshotOf } from './objects.js';

/** What a merge of two commits gives. Where their histories meet in `theirs`, ours has everything already. */
export interface CommitMerge {
  bases: string[];
  base: Version;
  ours: Document;
  theirs: Document;
  merged: Document;
  conflicts: Conflict[];
}

/**
 * Merges two commits over what their histories have in common: where these meet in several commits, over the merge of
 * these. Nothing is written: a preview and a merge are this same function. `ours` null is a branch without a commit.
 */
export async function mergeCommits(
  manager: EntityManager,
  projectId: string,
  { ours, theirs }: { ours: string | null; theirs: string },
): Promise<CommitMerge> {
  const graph = await graphReaching(manager, projectId, [ours, theirs]);
  const document = (commit: string) => snapshotOf(manager, commit);
  if (ours === null) {
    const all = await document(theirs);
    return { bases: [], base: { document: {} }, ours: {}, theirs: all, merged: all, conflicts: [] };
  }
  const bases = graph.mergeBases(ours, theirs);
  const mergeBases = graph.mergeBases.bind(graph);
  const base = await baseOfBases(bases, { document, mergeBases });
  const sides = { ours: await document(ours), theirs: await document(theirs) };
  return {
    bases,
    base,
    ...sides,
    ...mergeVersions({ base, ours: { document: sides.ours }, theirs: { document: sides.theirs } }),
  };
}
