import type { EntityManager } from 'typeorm';
import type { Document } from '#libs/timeline/document';
import { baseOfBases } from '#libs/timeline/merge/base-of-bases';
import { mergeResolved } from '#libs/timeline/merge/merge-resolved';
import { joinedCuts } from '#libs/timeline/merge/shots/joined-cuts';
import type { Resolution } from '#libs/timeline/merge/settle-conflict';
import type { Versions } from '#libs/timeline/merge/versions';
import { baseTreeOf } from '#libs/timeline/objects/base-tree';
import { mergeTrees, type TreeMerge } from '#libs/timeline/objects/merge-trees';
import { writeDocument } from '#libs/timeline/objects/write-document';
import { readingWith } from '../objects/kept-difference.js';
import { graphReaching } from './commit-graphs.js';
import { snapshotOf, treeOfCommit } from './objects.js';

/** How two commits stand to each other, and what merging theirs into ours comes to. */
export interface CommitMerge extends TreeMerge {
  /** Whether ours has everything already, only has to be moved, or both have something of their own. */
  relation: 'up_to_date' | 'fast_forward' | 'diverged';
  bases: string[];
  /** The tree of ours. */
  before: string | null;
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
 * these. Nothing is written: a preview and a merge are this same function. What is left to decide is in `open`. Over one
 * common commit it costs what the sides changed, however long the film is.
 */
export async function mergeCommits(
  manager: EntityManager,
  projectId: string,
  { ours, theirs, resolutions = new Map() }: MergeWish,
): Promise<CommitMerge> {
  const graph = await graphReaching(manager, projectId, [ours, theirs]);
  const known = { size: 0, nodes: new Map(), open: [], settled: [], joined: [], versions: NOTHING };
  const after = await treeOfCommit(manager, theirs);
  if (ours === null) return { relation: 'fast_forward', bases: [], before: null, tree: after, ...known };
  const bases = graph.mergeBases(ours, theirs);
  const before = await treeOfCommit(manager, ours);
  if (bases.includes(theirs)) return { relation: 'up_to_date', bases, before, tree: before, ...known };
  if (bases.includes(ours)) return { relation: 'fast_forward', bases, before, tree: after, ...known };
  const [first, ...others] = bases;
  if (first !== undefined && others.length === 0) {
    const trees = { base: await treeOfCommit(manager, first), ours: before, theirs: after };
    const merged = await mergeTrees(readingWith(manager), trees, resolutions);
    return { relation: 'diverged', bases, before, ...merged };
  }
  const mergeBases = graph.mergeBases.bind(graph);
  const tree = (commit: string) => treeOfCommit(manager, commit);
  const common = await baseTreeOf(readingWith(manager), bases, { tree, mergeBases });
  if (common) {
    const trees = { base: common.tree, ours: before, theirs: after };
    const merged = await mergeTrees(readingWith(manager, common.nodes), trees, resolutions);
    return { relation: 'diverged', bases, before, ...merged };
  }
  const document = (commit: string) => snapshotOf(manager, commit);
  const base = await baseOfBases(bases, { document, mergeBases });
  const versions = { base: base.document, ours: await document(ours), theirs: await document(theirs) };
  const { merged, ...found } = mergeResolved(versions, resolutions, base);
  const joined = joinedCuts(merged, versions);
  return { relation: 'diverged', bases, before, versions, joined, ...found, ...writeDocument(merged) };
}

const NOTHING: Versions<Document> = { base: {}, ours: {}, theirs: {} };
