import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { placed, textOf, undoOf, type BareMap, type Changes } from '../bare-map.js';
import { changedMap, heldMap, memoOf, readHeldMap, type HeldMap } from './held-map.js';
import { endsFrom, FEWEST } from './piece-end.js';
import { PiecedMap } from './pieced-map.js';
import { Ranking } from './ranking.js';

const text = (map: BareMap) => [...textOf(map)].join('');

/** Keys enough for many pieces, some of them odd; texts of many lengths. */
const key = fc.oneof(
  fc.nat(1500).map((n) => `name ${n}`),
  fc.string({ maxLength: 3, unit: 'binary' }),
  fc.constantFrom('', '__proto__', '{', ','),
);
const value = fc
  .record({ title: fc.string({ maxLength: 20, unit: 'binary' }), n: fc.nat(9), long: fc.nat(120) })
  .map(({ long, ...rest }) => JSON.stringify({ ...rest, text: 'x'.repeat(long) }));
const beginning = fc.constantFrom(0, 3, 1500);
const change = fc.array(fc.tuple(key, fc.option(value, { nil: undefined })), { maxLength: 40 });
const sweep = fc
  .tuple(fc.nat(1400), fc.nat(300))
  .map(([from, many]) =>
    Array.from({ length: many }, (_, n): [string, string | undefined] => [`name ${from + n}`, undefined]),
  );
const history = fc.array(fc.oneof({ weight: 3, arbitrary: change }, sweep), { minLength: 1, maxLength: 5 });

function begun(entries: number): Map<string, string> {
  return new Map(
    Array.from({ length: entries }, (_, n) => [`name ${n}`, JSON.stringify({ n, text: 'y'.repeat(n % 90) })]),
  );
}

function after(map: ReadonlyMap<string, string>, changes: Changes): Map<string, string> {
  const result = new Map(map);
  for (const [one, now] of changes) {
    if (now === undefined) result.delete(one);
    else result.set(one, now);
  }
  return result;
}

test('a map that has changed piece by piece has the bytes of one that was made whole, after any history', async () => {
  await fc.assert(
    fc.asyncProperty(beginning, history, async (entries, steps) => {
      let map = begun(entries);
      let pieced = await PiecedMap.of(map);
      for (const changes of steps.map((step) => new Map(step))) {
        const before = map;
        map = after(map, changes);
        const kept = await PiecedMap.read(pieced.gz(), pieced.table());
        const { map: made, undo, size } = await kept!.with(changes);
        pieced = await made();
        expect(size).toBe(map.size);
        expect(undo).toEqual(undoOf(before, map));
        const whole = await PiecedMap.of(map);
        expect((await pieced.text()).toString()).toBe(text(map));
        expect(pieced.gz().equals(whole.gz())).toBe(true);
        expect(pieced.table()).toEqual(whole.table());
        expect(gunzipSync(pieced.gz()).toString()).toBe(text(map));
        const places = placed(map);
        for (const one of [...changes.keys(), 'name 7', '~']) {
          expect(pieced.find(one)).toEqual(places.find(one));
        }
        expect(text(pieced.whole())).toBe(text(map));
      }
    }),
    { numRuns: 60 },
  );
});

test('pieces are of about one length, also when nobody of those who chose the keys wants any to end', async () => {
  const all = [...begun(9000).keys()];
  const endless = all.filter((one) => endsFrom(one) > FEWEST);
  for (const [keys, mean] of [
    [all, 71],
    [endless, 255],
  ] as const) {
    const counts = (await PiecedMap.of(new Map(keys.map((one) => [one, '{}'])))).table().map(([, count]) => count);
    const last = counts.pop()!;
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(FEWEST);
    expect(Math.max(...counts, last)).toBeLessThanOrEqual(255);
    expect(Math.abs((keys.length - last) / counts.length - mean)).toBeLessThan(3);
  }
});

test('shards and tiers too are the same, however they came about', async () => {
  const known = (one: string) => one.length % 4;
  const sizes = [20, 300];
  const wish = (ranking: Ranking) => ({ shards: () => true, tiers: { sizes, ranking } });
  const bytesOf = ({ whole, parts }: HeldMap) =>
    [whole, ...[...parts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, part]) => part)].map((part) =>
      part.gz().toString('base64'),
    );
  await fc.assert(
    fc.asyncProperty(history, async (steps) => {
      let map = begun(700);
      let held = await heldMap('alias', map, wish(Ranking.of([...map.keys()].sort(), known, 300)));
      for (const changes of steps.map((step) => new Map(step))) {
        map = after(map, changes);
        const ranking =
          held.ranking!.with(
            new Map([...changes].map(([one, now]) => [one, now === undefined ? undefined : known(one)])),
          ) ?? Ranking.of([...map.keys()].sort(), known, 300);
        held = await changedMap('alias', held, changes, wish(ranking));
        const whole = await heldMap('alias', map, wish(Ranking.of([...map.keys()].sort(), known, 300)));
        expect(bytesOf(held)).toEqual(bytesOf(whole));
      }
    }),
    { numRuns: 10 },
  );
});

test('a packed file is believed to be in pieces only together with what was kept beside it', async () => {
  const [one, other] = [await PiecedMap.of(begun(900)), await PiecedMap.of(begun(901))];
  expect(await PiecedMap.read(one.gz(), other.table())).toBeUndefined();
  const held = await heldMap('alias', begun(900), { shards: () => true, tiers: undefined });
  const files = new Map([...held.parts].map(([path, part]) => [path, part.gz()]));
  const memo = await memoOf('alias', held);
  files.set('o/whole.gz', held.whole.gz()).set(memo.path, memo.bytes);
  const read = async () => (await readHeldMap('alias', 'o/whole.gz', async (path) => files.get(path)))!;
  const part = async (shard: string) => (await read()).parts.get(`shard/alias/${shard}.json.gz`)!.open();
  expect((await (await read()).whole.text()).toString()).toBe(text(begun(900)));
  files.set('shard/alias/07.json.gz', files.get('shard/alias/08.json.gz')!);
  await expect(part('07')).rejects.toThrow('not as it was kept');
  expect((await part('08')).size).toBeGreaterThan(0);
});
