import { branchFigures } from './branch-figures.js';
import { PackedGraph } from './packed-graph.js';

const [a, b, c] = ['a', 'b', 'c'].map((letter) => letter.repeat(64)) as [string, string, string];
const graph = new PackedGraph();
graph.add([
  { id: a, parents: [], generation: 1, author_id: 'ada', asset_count: 2 },
  { id: b, parents: [a], generation: 2, author_id: 'bob', asset_count: 0 },
  { id: c, parents: [a], generation: 2, author_id: 'ada', asset_count: 4 },
]);
const names = new Map([['ada', 'Ada']]);

test('a branch counts what its head can reach, by author, and its share of the project', () => {
  const [main, empty] = branchFigures(graph, names, [b, null, c]);
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
