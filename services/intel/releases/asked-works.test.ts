import { AskedWorks } from './asked-works.js';

const NOW = new Date('2026-01-01T12:00:00Z');

test('somebody is told of so many works a day, of the same as often as they like, and others each by themselves', () => {
  const asked = new AskedWorks(3);
  expect([1, 2, 3, 4].map((work) => asked.mayAsk('ada', [work], NOW))).toEqual([true, true, true, false]);
  expect(asked.mayAsk('ada', [1, 2, 3], NOW)).toBe(true);
  expect(asked.mayAsk('ada', [1, 5], NOW)).toBe(false);
  expect(asked.mayAsk('bob', [4], NOW)).toBe(true);
  expect(asked.mayAsk('ada', [4], new Date(NOW.getTime() + 86_400_000))).toBe(true);
});
