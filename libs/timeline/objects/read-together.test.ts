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

test('what is asked for while another read is under way is read after it, all of it at once', async () => {
  const reads: { hashes: string[]; answer: (texts: Map<string, string>) => void }[] = [];
  const read = readTogether(
    (hashes) => new Promise((resolve) => reads.push({ hashes: [...hashes], answer: (texts) => resolve(texts) })),
  );
  const turn = () => new Promise(setImmediate);
  const first = read(['a']);
  await turn();
  const later = Promise.all([read(['b']), turn().then(() => read(['c']))]);
  await turn();
  await turn();
  expect(reads.map(({ hashes }) => hashes)).toEqual([['a']]);
  reads[0]!.answer(new Map());
  await first;
  await turn();
  expect(reads.map(({ hashes }) => hashes)).toEqual([['a'], ['b', 'c']]);
  reads[1]!.answer(new Map());
  await later;
});
