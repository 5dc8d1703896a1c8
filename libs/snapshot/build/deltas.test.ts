import { placed, readMap } from '../bare-map.js';
import { buildDeltas, type Step } from './deltas.js';

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
  (await buildDeltas('alias', placed(map), steps, sizes, limits)).map(({ from }) => 59 - from);

test('while little changes, there is a delta from each of the last 48 versions', async () => {
  const back = await basesOf();
  expect(back.slice(0, 48)).toEqual(Array.from({ length: 48 }, (_, n) => n + 1));
});

test('where much changes, only few of those far back are made, and whoever is a day behind still needs two at most', async () => {
  const back = await basesOf({ most: 2500, fine: 700 });
  expect(back.slice(0, 14)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 16, 24, 32]);
  expect(back.length).toBeLessThan(18);
  for (let behind = 1; behind <= 27; behind++) {
    const next = Math.max(...back.filter((one) => one <= behind));
    expect([0, ...back]).toContain(behind - next);
  }
});

test('where almost all changes, there is at least a delta from the version before', async () => {
  expect(await basesOf({ most: 5, fine: 5 })).toEqual([1]);
});
