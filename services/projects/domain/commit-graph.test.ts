import { ancestors, mergeBases, reachable, type GraphCommit } from './commit-graph.js';

function graph(history: Record<string, string[]>): Map<string, GraphCommit> {
  const commits = new Map<string, GraphCommit>();
  for (const [id, parents] of Object.entries(history)) {
    const generation = 1 + Math.max(0, ...parents.map((parent) => commits.get(parent)!.generation));
    commits.set(id, { id, parents, generation });
  }
  return commits;
}

test('two branches meet where they parted', () => {
  expect(mergeBases(graph({ a: [], b: ['a'], c: ['b'], d: ['b'] }), 'c', 'd')).toEqual(['b']);
});

test('a shortcut in history does not hide the nearer base, whichever way round the parents are', () => {
  expect(mergeBases(graph({ c0: [], c1: ['c0'], c2: ['c0', 'c1'], c3: ['c0', 'c1'] }), 'c2', 'c3')).toEqual(['c1']);
  expect(mergeBases(graph({ c0: [], c1: ['c0'], c2: ['c1', 'c0'], c3: ['c0', 'c1'] }), 'c2', 'c3')).toEqual(['c1']);
});

test('a criss-cross has both its bases', () => {
  const crossed = graph({ a: [], b: ['a'], c: ['a'], d: ['b', 'c'], e: ['c', 'b'] });
  expect(mergeBases(crossed, 'd', 'e')).toEqual(['b', 'c']);
});

test('an ancestor is its own base, strangers have none', () => {
  const two = graph({ a: [], b: ['a'], x: [] });
  expect(mergeBases(two, 'a', 'b')).toEqual(['a']);
  expect(mergeBases(two, 'b', 'x')).toEqual([]);
  expect(ancestors(two, null).size).toBe(0);
});

test('what some heads can reach is a graph of its own, in the order of the whole', () => {
  const whole = graph({ a: [], b: ['a'], c: ['a'], d: ['c'] });
  expect([...reachable(whole, ['d', null]).keys()]).toEqual(['a', 'c', 'd']);
  expect(reachable(whole, []).size).toBe(0);
});
