import type { PackedGraph } from '../domain/packed-graph.js';

const MOST = 1500;

/**
 * What to tell the other side that we have: the heads, then commits further and further back, each step twice as long, so
 * that a common commit is found near the point where the histories part, however long they are.
 */
export function frontier(graph: PackedGraph, heads: readonly string[]): string[] {
  const chosen = new Set(heads.slice(0, MOST - 500));
  if (heads.length === 0) return [];
  const all = [...graph.newestFirst(heads)];
  for (let at = 0, step = 1; at < all.length && chosen.size < MOST; at += step) {
    chosen.add(all[at]!);
    if (at >= 20) step *= 2;
  }
  const root = all.at(-1);
  if (root !== undefined) chosen.add(root);
  return [...chosen];
}
