import { readTogether } from './read-together.js';

test('what several ask for in one turn is read at once, each node once; a failure is told to all of them', async () => {
  const reads: string[][] = [];
  const read = readTogether((hashes) => {
    reads.push([...hashes]);
    if (hashes.includes('lost')) return Promise.reject(new Error('A node is lost.'));
    return Promise.resolve(new Map(hashes.map((hash) => [hash, `text of ${hash}`])));
  });
  const [one, other] = await Promise.all([read(['a', 'b']), read(['b', 'c'])]);
  expect(reads).toEqual([['a', 'b', 'c']]);
  expect([one.get('a'), other.get('c')]).toEqual(['text of a', 'text of c']);
  const both = await Promise.allSettled([read(['a']), read(['lost'])]);
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect((await read(['d'])).get('d')).toBe('text of d');
});
