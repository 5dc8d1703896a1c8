import { createHash } from 'node:crypto';
import { PackedGraph, type GraphCommit } from '../../services/projects/domain/packed-graph.js';
import { randomFrom } from '#libs/testing/commuting-edits';
import { line, timed } from './figures.js';
import { GitRepository } from './git-repository.js';

const COMMITS = 100_000;
const BRANCHES = 40;

/** Merge bases of the heads of forty branches in a hundred thousand commits, beside `git merge-base --all` with its commit-graph. */
export async function benchMergeBases(): Promise<void> {
  const random = randomFrom(7);
  const pick = (count: number) => Math.floor(random() * count);
  const idOf = (at: number) => createHash('sha256').update(String(at)).digest('hex');
  const commits: GraphCommit[] = [];
  const heads = Array.from({ length: BRANCHES }, () => 0);
  const stream: string[] = [];
  for (let at = 0; at < COMMITS; at++) {
    const branch = pick(BRANCHES);
    const parents = at === 0 ? [] : [heads[branch]!];
    if (at > 0 && random() < 0.1) {
      const other = heads[pick(BRANCHES)]!;
      if (other !== parents[0]) parents.push(other);
    }
    const generation = 1 + Math.max(0, ...parents.map((parent) => commits[parent]!.generation));
    commits.push({ id: idOf(at), parents: parents.map(idOf), generation, author_id: null, asset_count: 0 });
    heads[branch] = at;
    const [first, ...rest] = parents.map((parent) => `:${parent + 1}`);
    stream.push(
      `commit refs/heads/b${branch}\nmark :${at + 1}\ncommitter A <a@b> ${1_600_000_000 + at} +0000\ndata 1\nx`,
      ...(first === undefined ? [] : [`from ${first}`]),
      ...rest.map((parent) => `merge ${parent}`),
      '',
    );
  }
  const begun = performance.now();
  const graph = new PackedGraph();
  graph.add(commits);
  console.log(`a packed graph of ${COMMITS} commits is built in ${(performance.now() - begun).toFixed(0)} ms`);

  const git = new GitRepository();
  git.import(`${stream.join('\n')}\ndone\n`);
  git.run('commit-graph', 'write', '--reachable');
  const pair = () => [pick(BRANCHES), pick(BRANCHES)] as const;
  const ours = await timed(2000, () => {
    const [a, b] = pair();
    graph.mergeBases(idOf(heads[a]!), idOf(heads[b]!));
  });
  const theirs = await timed(40, () => {
    const [a, b] = pair();
    git.try('merge-base', '--all', `b${a}`, `b${b}`);
  });
  line('merge base, 100k commits, 40 branches (p50, p99)', ours, theirs, 99);
  git.remove();
}
