import type { EntityManager } from 'typeorm';
import type { Document } from '#libs/timeline/document';
import { baseOfBases } from '#libs/timeline/merge/base-of-bases';
import { mergeResolved, type ResolvedMerge } from '#libs/timeline/merge/merge-resolved';
import type { Resolution } from '#libs/timeline/merge/settle-conflict';
import type { Versions } from '#libs/timeline/merge/versions';
import { graphReaching } from './commit-graphs.js';
import { snapshotOf } from './objects.js';

/** How two commits stand to each other, and what merging theirs into ours comes to. */
export interface CommitMerge extends ResolvedMerge {
  /** Whether ours has everything already, only has to be moved, or both have something of their own. */
  relation: 'up_to_date' | 'fast_forward' | 'diverged';
  bases: string[];
  versions: Versions<Document>;
}

export interface MergeWish {
  /** Null is a branch without a commit. */
  ours: string | null;
  theirs: string;
  /** What was decided about conflicts, by their ids. */
  resolutions?: ReadonlyMap<string, Resolution>;
}

/**
 * Merges two commits over what their histories have in common: where these meet in several commits, over the merge of
 * these. Nothing is written: a preview and a merge are this same function. What is left to decide is in `open`.
 */
export async function mergeCommits(
  manager: EntityManager,
  projectId: string,
  { ours, theirs, resolutions = new Map() }: MergeWish,
): Promise<CommitMerge> {
  const graph = await graphReaching(manager, projectId, [ours, theirs]);
  const document = (commit: string) => snapshotOf(manager, commit);
  const theirDocument = await document(theirs);
  if (ours === null) {
    const versions = { base: {}, ours: {}, theirs: theirDocument };
    return { relation: 'fast_forward', bases: [], versions, merged: theirDocument, open: [], settled: [] };
  }
  const bases = graph.mergeBases(ours, theirs);
  const base = await baseOfBases(bases, { document, mergeBases: graph.mergeBases.bind(graph) });
  const versions = { base: base.document, ours: await document(ours), theirs: theirDocument };
  const known = { bases, versions, open: [], settled: [] };
  if (bases.includes(theirs)) return { relation: 'up_to_date', ...known, merged: versions.ours };
  if (bases.includes(ours)) return { relation: 'fast_forward', ...known, merged: theirDocument };
  return { relation: 'diverged', bases, versions, ...mergeResolved(versions, resolutions, base.unknownPlaces) };
}
