import { branchFigures, type FiguresCommit } from './branch-figures.js';

const commits: FiguresCommit[] = [
  { id: 'a', parents: [], generation: 1, author_id: 'ada', asset_count: 2 },
  { id: 'b', parents: ['a'], generation: 2, author_id: 'bob', asset_count: 0 },
  { id: 'c', parents: ['a'], generation: 2, author_id: 'ada', asset_count: 4 },
];
const graph = new Map(commits.map((commit) => [commit.id, commit]));
const names = new Map([['ada', 'Ada']]);

test('a branch counts what its head can reach, by author, and its share of the project', () => {
  const [main, empty] = branchFigures(graph, names, ['b', null]);
  expect(main).toEqual({
    commit_count: 2,
    project_percent: 50,
    contributors: [
      { name: 'Ada', count: 1, score: 2, percent: 66.7 },
      { name: null, count: 1, score: 1, percent: 33.3 },
    ],
  });
  expect(empty).toEqual({ commit_count: 0, project_percent: 0, contributors: [] });
});
