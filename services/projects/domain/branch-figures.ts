import { ancestors, type CommitGraph, type GraphCommit } from './commit-graph.js';

export interface FiguresCommit extends GraphCommit {
  author_id: string | null;
  asset_count: number;
}

export interface BranchFigures {
  commit_count: number;
  project_percent: number;
  contributors: { name: string | null; count: number; score: number; percent: number }[];
}

/** What a commit counts: one, and half for each top-level key of its snapshot. */
const score = (commit: FiguresCommit) => 1 + 0.5 * commit.asset_count;
const percent = (part: number, whole: number) => (whole === 0 ? 0 : Math.round((1000 * part) / whole) / 10);

/** Who made a branch, and how much of the project it is: by the commits that its head can reach. */
export function branchFigures(
  graph: CommitGraph<FiguresCommit>,
  names: ReadonlyMap<string, string | null>,
  heads: readonly (string | null)[],
): BranchFigures[] {
  const total = [...graph.values()].reduce((sum, commit) => sum + score(commit), 0);
  const byHead = new Map<string | null, BranchFigures>();
  return heads.map((head) => {
    const known = byHead.get(head);
    if (known) return known;
    const figures = figuresOf(
      [...ancestors(graph, head)].map((id) => graph.get(id)!),
      names,
      total,
    );
    byHead.set(head, figures);
    return figures;
  });
}

function figuresOf(commits: FiguresCommit[], names: ReadonlyMap<string, string | null>, total: number): BranchFigures {
  const branch = commits.reduce((sum, commit) => sum + score(commit), 0);
  const byAuthor = new Map<string | null, { count: number; score: number }>();
  for (const commit of commits) {
    const sum = byAuthor.get(commit.author_id) ?? { count: 0, score: 0 };
    byAuthor.set(commit.author_id, { count: sum.count + 1, score: sum.score + score(commit) });
  }
  const contributors = [...byAuthor]
    .map(([author, sum]) => ({
      name: author === null ? null : (names.get(author) ?? null),
      ...sum,
      percent: percent(sum.score, branch),
    }))
    .sort((a, b) => b.score - a.score);
  return { commit_count: commits.length, project_percent: percent(branch, total), contributors };
}
