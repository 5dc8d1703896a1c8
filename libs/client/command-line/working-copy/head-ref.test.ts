import { meant, pushedRef } from './head-ref.js';

const HEAD = 'a'.repeat(64);
const pending = ['first', 'second'].map((document) => ({ document, message: 'm', committed_at: 'now' }));

test('HEAD is what was committed here last, and what is before it goes on where the server knows it', () => {
  const pushed = { head: HEAD, pending: [] };
  for (const [said, ref] of [
    ['HEAD', HEAD],
    ['HEAD~3^2', `${HEAD}~3^2`],
    ['main~1', 'main~1'],
    ['HEADS', 'HEADS'],
    ['HEAD~x', 'HEAD~x'],
  ] as const)
    expect(meant(pushed, said)).toEqual({ ref });
  const unpushed = { head: HEAD, pending };
  for (const [said, place] of [
    ['HEAD', { document: 'second' }],
    ['HEAD~0', { document: 'second' }],
    ['HEAD~', { document: 'first' }],
    ['HEAD^', { document: 'first' }],
    ['HEAD^0^1', { document: 'first' }],
    ['HEAD~2', { ref: HEAD }],
    ['HEAD^^', { ref: HEAD }],
    ['HEAD^~4^2', { ref: `${HEAD}~3^2` }],
  ] as const)
    expect([said, meant(unpushed, said)]).toEqual([said, place]);
});

test('what is not there, and what the server has not got yet, is refused', () => {
  for (const [head, of, said] of [
    [null, [], 'HEAD'],
    [null, pending, 'HEAD~2'],
    [HEAD, pending, 'HEAD^2'],
  ] as const)
    expect(() => meant({ head, pending: [...of] }, said)).toThrow(`There is no commit ${said} here.`);
  expect(pushedRef({ head: HEAD, pending }, 'HEAD~2')).toBe(HEAD);
  expect(() => pushedRef({ head: HEAD, pending }, 'HEAD~1')).toThrow('HEAD~1 was not pushed yet. Next: evidverse push');
});
