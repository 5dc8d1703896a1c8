import { opinionFactor } from './opinion.js';

test('what people thought moves a score a little, and only when enough have said it', () => {
  expect(opinionFactor({ good: 2, bad: 0 }, 3)).toBe(1);
  expect(opinionFactor({ good: 3, bad: 0 }, 3)).toBeCloseTo(1.12);
  expect(opinionFactor({ good: 5, bad: 5 }, 3)).toBe(1);
  expect(opinionFactor({ good: 0, bad: 1e6 }, 3)).toBeGreaterThanOrEqual(0.8);
  expect(opinionFactor({ good: 1e6, bad: 0 }, 3)).toBeLessThanOrEqual(1.2);
});
