import type { CommitGraph, GraphCommit } from './commit-graph.js';

/** Commits so that each stands before its parents, the longest history first; the clock has no say. */
export function newestFirst<Commit extends GraphCommit>(graph: CommitGraph<Commit>, ids: Iterable<string>): Commit[] {
  return [...ids]
    .map((id) => graph.get(id)!)
    .sort((a, b) => b.generation - a.generation || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}
