import { fraction, fractionFromDecimal, isLess, minus, nearest, over, plus, times, toMillionths } from './fraction.js';
import { exactSeconds, frameRate, frameTime, rateIn } from './frame-rate.js';

test('a tenth and two tenths are three tenths', () => {
  expect(plus(fraction(1n, 10n), fraction(2n, 10n))).toEqual(fraction(3n, 10n));
  expect(minus(fraction(1n, 2n), fraction(2n, 3n))).toEqual(fraction(-1n, 6n));
  expect(over(times(fraction(2n, 3n), fraction(3n, 4n)), fraction(-1n, 2n))).toEqual(fraction(-1n));
  expect(isLess(fraction(-1n, 3n), fraction(-1n, 4n))).toBe(true);
});

test.each([
  ['0.1', 1n, 10n],
  ['-12.50', -25n, 2n],
  ['1e3', 1000n, 1n],
  ['25e-2', 1n, 4n],
])('%s is read exactly', (text, n, d) => {
  expect(fractionFromDecimal(text)).toEqual({ n, d });
});

test.each(['', 'x', '1e400', 'NaN', '0x1', `${'9'.repeat(41)}`])('%s is no number here', (text) => {
  expect(fractionFromDecimal(text)).toBeUndefined();
});

test('millionths are rounded, halves away from zero', () => {
  expect([fraction(2n, 3n), fraction(-2n, 3n), fraction(1n, 2_000_000n), fraction(0n)].map(toMillionths)).toEqual([
    0.666667, -0.666667, 0.000001, 0,
  ]);
});

test.each([
  ['23.976', 24000n, 1001n],
  ['23.98', 24000n, 1001n],
  ['23.976023976023978', 24000n, 1001n],
  ['29.97', 30000n, 1001n],
  ['59.94', 60000n, 1001n],
  ['24', 24n, 1n],
  ['24.0', 24n, 1n],
  ['12.5', 25n, 2n],
])('%s frames a second', (text, n, d) => {
  expect(frameRate(text)).toEqual({ n, d });
});

test.each(['0', '-24', 'x', '1e9'])('%s is no frame rate', (text) => {
  expect(frameRate(text)).toBeUndefined();
});

test('a time is told in frames of the first rate that fits, or of one made for it', () => {
  const [film, ntsc] = [fraction(24n), fraction(30000n, 1001n)];
  expect(frameTime(fraction(1n, 2n), [film, ntsc])).toEqual({ value: 12, rate: [24, 1] });
  expect(frameTime(fraction(1001n, 1000n), [film, ntsc])).toEqual({ value: 30, rate: [30000, 1001] });
  expect(frameTime(fraction(1n, 7n), [film, ntsc])).toEqual({ value: 1, rate: [7, 1] });
});

test.each<[bigint, bigint, bigint]>([
  [5n, 2n, 3n],
  [-5n, 2n, -2n],
  [7n, 3n, 2n],
  [-7n, 3n, -2n],
  [-8n, 3n, -3n],
  [0n, 1n, 0n],
])('next to %d/%d is %d', (n, d, whole) => {
  expect(nearest(fraction(n, d))).toBe(whole);
});

test('a time in whole frames is read exactly, and what is none is nothing', () => {
  expect(exactSeconds({ value: 30, rate: [30_000, 1001] })).toEqual(fraction(1001n, 1000n));
  expect(rateIn({ value: 30, rate: [30_000, 1001] })).toEqual(fraction(30_000n, 1001n));
  const noTimes = [
    undefined,
    3,
    {},
    { value: 1 },
    { value: 0.5, rate: [24, 1] },
    { value: 1, rate: [0, 1] },
    { value: 1, rate: [24] },
  ];
  for (const time of noTimes) expect(exactSeconds(time)).toBeUndefined();
});
