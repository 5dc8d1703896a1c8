import { brotliDecompressSync } from 'node:zlib';
import fc from 'fast-check';
import { applyDelta, placed, textOf, undoOf, type BareMap, type Delta } from '../bare-map.js';
import { laidDeltas, placedBefore } from './laid-deltas.js';
import type { Step } from './steps.js';

const text = (map: BareMap) => [...textOf(map)].join('');
const version = fc
  .dictionary(fc.constantFrom(...'abcdefghijklmnop'), fc.nat(3).map(String), { maxKeys: 14 })
  .map((entries): BareMap => new Map(Object.entries(entries)));
const history = fc.array(version, { minLength: 2, maxLength: 8 });
const sizes = { bytes: 1e6, gzBytes: 1e6 };

const stepsOf = (versions: readonly BareMap[]): Step[] =>
  versions.map((map, at) => ({
    version: at,
    at: new Date(at),
    undo: at === 0 ? null : [...undoOf(versions[at - 1]!, map)].map(([key, was]) => [key, was ?? null]),
  }));

test('a map is known as it was before, by what has to be undone', () => {
  fc.assert(
    fc.property(version, version, (old, young) => {
      const before = placedBefore(placed(young), undoOf(old, young));
      for (const key of 'abcdefghijklmnopq') expect(before.find(key)).toEqual(placed(old).find(key));
    }),
  );
});

test('deltas that are laid later lead from every version before to one that is not the newest, however many are laid at a time', async () => {
  await fc.assert(
    fc.asyncProperty(history, fc.nat(7), fc.nat(20), async (versions, number, most) => {
      const to = number % versions.length;
      const steps = stepsOf(versions);
      const newest = placed(versions.at(-1)!);
      for (let since = to; since > 0; since = steps[to]!.since!) {
        const { deltas } = await laidDeltas(newest, steps, to, sizes, most);
        expect(deltas[0]).toMatchObject({ from: since - 1, to });
        for (const { from, br } of deltas) {
          const delta = JSON.parse(brotliDecompressSync(br).toString()) as Delta;
          expect(text(applyDelta(versions[from]!, delta))).toBe(text(versions[to]!));
        }
        steps[to]!.since = deltas.at(-1)!.from;
      }
    }),
    { numRuns: 60 },
  );
});

test('none is laid over a version of which it is not known what it has changed, nor one that is not worth it', async () => {
  const steps = stepsOf(['1', '2', '3', '4'].map((value) => new Map([['a', value]])));
  const newest = placed(new Map([['a', '4']]));
  const from = async (given: Step[], to: number, worth = sizes) =>
    (await laidDeltas(newest, given, to, worth, Infinity)).deltas.map((one) => one.from);
  expect(await from(steps, 2)).toEqual([1, 0]);
  const odd = steps.map((step) => (step.version === 1 ? { ...step, undo: null } : step));
  expect(await from(odd, 2)).toEqual([1]);
  expect(await from(odd, 0)).toEqual([]);
  expect(await from(steps, 2, { bytes: 1e6, gzBytes: 1 })).toEqual([]);
});
