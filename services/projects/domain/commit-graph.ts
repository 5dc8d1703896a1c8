/** A commit as history sees it. */
export interface GraphCommit {
  id: string;
  parents: readonly string[];
  generation: number;
}

export type CommitGraph<Commit extends GraphCommit = GraphCommit> = ReadonlyMap<string, Commit>;

/** Every commit that can be reached from `head`, itself included; parents outside the graph are passed over. */
export function ancestors(graph: CommitGraph, head: string | null): Set<string> {
  const seen = new Set<string>();
  const open = head === null ? [] : [head];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const commit = graph.get(id);
    if (!commit || seen.has(id)) continue;
    seen.add(id);
    open.push(...commit.parents);
  }
  return seen;
}

/** The part of a graph that any of the heads can reach. */
export function reachable<Commit extends GraphCommit>(
  graph: CommitGraph<Commit>,
  heads: readonly (string | null)[],
): Map<string, Commit> {
  const seen = new Set(heads.flatMap((head) => [...ancestors(graph, head)]));
  return new Map([...graph].filter(([id]) => seen.has(id)));
}

/**
 * The best common ancestors of two commits, as `git merge-base --all` gives them: common ancestors that are not
 * ancestors of another common ancestor; newest generation first, then by id.
 */
export function mergeBases(graph: CommitGraph, one: string, other: string): string[] {
  const ofOther = ancestors(graph, other);
  const common = [...ancestors(graph, one)].filter((id) => ofOther.has(id)).map((id) => graph.get(id)!);
  common.sort((a, b) => b.generation - a.generation || (a.id < b.id ? -1 : 1));
  const covered = new Set<string>();
  const bases: string[] = [];
  for (const { id, parents } of common) {
    if (!covered.has(id)) bases.push(id);
    for (const parent of parents) covered.add(parent);
  }
  return bases;
}
