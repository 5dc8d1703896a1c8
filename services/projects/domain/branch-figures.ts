import type { PackedGraph, Tally } from './packed-graph.js';

export interface BranchFigures {
  commit_count: number;
  project_percent: number;
  contributors: { name: string | null; count: number; score: number; percent: number }[];
}

/** What commits count: each one, and half for each top-level key of its snapshot. */
const score = ({ commits, assets }: { commits: number; assets: number }) => commits + 0.5 * assets;
const percent = (part: number, whole: number) => (whole === 0 ? 0 : Math.round((1000 * part) / whole) / 10);

/** Who made each branch, and how much of all of them it is: by the commits that its head can reach. */
export function branchFigures(
  graph: PackedGraph,
  names: ReadonlyMap<string, string | null>,
  heads: readonly (string | null)[],
): BranchFigures[] {
  const whole = score(graph.tally([...new Set(heads.filter((head) => head !== null))]));
  return heads.map((head) => figuresOf(graph.tally(head === null ? [] : [head]), names, whole));
}

/** Everybody who made a commit that the heads can reach. */
export const authorsOf = (graph: PackedGraph, heads: readonly string[]): Iterable<string | null> =>
  graph.tally(heads).authors.keys();

function figuresOf(tally: Tally, names: ReadonlyMap<string, string | null>, whole: number): BranchFigures {
  const branch = score(tally);
  const contributors = [...tally.authors]
    .map(([author, sum]) => ({
      name: author === null ? null : (names.get(author) ?? null),
      count: sum.commits,
      score: score(sum),
      percent: percent(score(sum), branch),
    }))
    .sort((a, b) => b.score - a.score);
  return { commit_count: tally.commits, project_percent: percent(branch, whole), contributors };
}
