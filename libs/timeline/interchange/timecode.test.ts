import fc from 'fast-check';
import { fraction } from './fraction.js';
import { framesOf, framesOfADay, timecodeOf, type Count } from './timecode.js';

const SLOW_30: Count = { rate: fraction(30_000n, 1001n), isDrop: true };
const SLOW_60: Count = { rate: fraction(60_000n, 1001n), isDrop: true };
const COUNTS: Count[] = [
  SLOW_30,
  SLOW_60,
  { ...SLOW_30, isDrop: false },
  { rate: fraction(24_000n, 1001n), isDrop: false },
  ...[24n, 25n, 30n, 50n, 60n, 120n].map((rate) => ({ rate: fraction(rate), isDrop: false })),
];

test.each<[string, number, Count]>([
  ['00:00:59;29', 1799, SLOW_30],
  ['00:01:00;02', 1800, SLOW_30],
  ['00:10:00;00', 17_982, SLOW_30],
  ['01:00:00;00', 107_892, SLOW_30],
  ['23:59:59;29', 2_589_407, SLOW_30],
  ['00:01:00;04', 3600, SLOW_60],
  ['01:00:00;00', 215_784, SLOW_60],
  ['01:00:00:00', 108_000, { ...SLOW_30, isDrop: false }],
  ['01:00:00:00', 86_400, { rate: fraction(24_000n, 1001n), isDrop: false }],
  ['10:11:12:24', 916_824, { rate: fraction(25n), isDrop: false }],
])('%s is frame %d', (timecode, frames, count) => {
  expect(framesOf(timecode, count)).toBe(frames);
  expect(timecodeOf(frames, count)).toBe(timecode);
});

test('an hour of drop-frame labels is an hour by the clock, to less than a frame', () => {
  const seconds = (framesOf('01:00:00;00', SLOW_30)! * 1001) / 30_000;
  expect(Math.abs(seconds - 3600)).toBeLessThan(1001 / 30_000);
});

test('every frame of a day has one label, and every label its frame', () => {
  fc.assert(
    fc.property(fc.constantFrom(...COUNTS), fc.nat(3_000_000), (count, nth) => {
      const frames = nth % framesOfADay(count);
      expect(framesOf(timecodeOf(frames, count), count)).toBe(frames);
    }),
  );
  const labels = Array.from({ length: 40_000 }, (_, frame) => timecodeOf(frame, SLOW_30));
  expect(new Set(labels).size).toBe(labels.length);
  expect(labels).toEqual(labels.toSorted());
});

test('after a day the labels begin again', () => {
  expect(timecodeOf(framesOfADay(SLOW_30), SLOW_30)).toBe('00:00:00;00');
});

test.each([
  '',
  '1:2:3:4',
  '24:00:00:00',
  '00:60:00:00',
  '00:00:60:00',
  '00:00:00:30',
  '00:01:00;01',
  '00:00:00',
  '-1:00:00:00',
])('"%s" is no frame', (timecode) => {
  expect(framesOf(timecode, SLOW_30)).toBeUndefined();
});
