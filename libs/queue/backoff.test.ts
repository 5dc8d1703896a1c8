import { pauseAfter } from './backoff.js';

test('each pause is twice the one before', () => {
  expect([1, 2, 3, 4].map((attempt) => pauseAfter(attempt, 100, 0))).toEqual([100, 200, 400, 800]);
});

test('chance takes off up to half a pause', () => {
  expect(pauseAfter(3, 100, 0.5)).toBe(300);
  expect(pauseAfter(3, 100, 1)).toBe(200);
});

test('no pause is longer than ten minutes, however often something failed', () => {
  expect(pauseAfter(5000, 100, 0)).toBe(600_000);
});
