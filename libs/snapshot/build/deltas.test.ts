import { placed, readMap } from '../bare-map.js';
import { buildDeltas } from './deltas.js';
import type { Step } from './steps.js';

const HOUR_MS = 3_600_000;
const now = new Date('2026-03-04T00:30:00Z');
const map = readMap(JSON.stringify(Object.fromEntries(Array.from({ length: 4000 }, (_, n) => [`name ${n}`, { n }]))));
/** Ten other entries an hour. */
const steps = Array.from({ length: 60 }, (_, hour): Step => ({
  version: hour,
  at: new Date(now.getTime() - (60 - hour) * HOUR_MS),
  undo: Array.from({ length: 10 }, (__, n) => [`name ${hour * 10 + n}`, '{"n":-1}']),
}));
const sizes = { bytes: 1e6, gzBytes: 1e6, now };
const basesOf = async (limits?: { most: number; fine: number }) =>
  (await buildDeltas(placed(map), steps, sizes, limits)).deltas.map(({ from }) => 59 - from);

test('while little changes, there is a delta from each of the last 48 versions', async () => {
  const back = await basesOf();
  expect(back.slice(0, 48)).toEqual(Array.from({ length: 48 }, (_, n) => n + 1));
});

test('where much changes, only the last three and those that lead to the last two quarters of a day are made in any case', async () => {
  const back = await basesOf({ most: 2500, fine: 60 });
  // The newest is of half past eleven at night, the anchors before it of half past ten and of half past five.
  expect(back).toEqual([1, 2, 3, 6]);
});

test('it is told since when there is one from every version', async () => {
  const { since } = await buildDeltas(placed(map), steps, sizes, { most: 2500, fine: 60 });
  expect(since).toBe(59 - 3);
});

test('of a version far back nothing is read where no delta from there is made', async () => {
  const read: number[] = [];
  const asked = steps.map((step) => ({
    ...step,
    undo: async () => {
      read.push(step.version);
      return step.undo as [string, string | null][];
    },
  }));
  await buildDeltas(placed(map), asked, sizes, { most: 2500, fine: 60 });
  expect(Math.min(...read)).toBe(59 - 5);
});

test('where almost all changes, there is at least a delta from the version before', async () => {
  expect(await basesOf({ most: 5, fine: 5 })).toEqual([1]);
});
