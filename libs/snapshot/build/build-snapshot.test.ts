import { gunzipSync } from 'node:zlib';
import { readMap, textOf } from '../bare-map.js';
import { deltaBases } from '../delta-bases.js';
import { buildSnapshot, type SnapshotInput } from './build-snapshot.js';
import { plainGzip } from './gzip.js';

const now = new Date('2026-03-04T05:06:07Z');
const alias = (n: number) =>
  readMap(
    JSON.stringify(
      Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`name ${at}`, { title: at === 3 ? n : at }])),
    ),
  );
const input = (part: Partial<SnapshotInput> = {}): SnapshotInput => ({
  seq: 1,
  now,
  nextAt: null,
  last: null,
  kinds: [{ kind: 'alias', content: alias(1), steps: [] }],
  shardsFrom: 0,
  tiers: { sizes: [5], known: () => 0 },
  ...part,
});

test('equal contents give equal bytes, in whatever order they come, and gzip without time or system', async () => {
  const reversed = new Map([...alias(1)].reverse());
  const [one, two] = [
    await buildSnapshot(input()),
    await buildSnapshot(input({ kinds: [{ kind: 'alias', content: reversed, steps: [] }] })),
  ];
  expect(one.files.map(({ path }) => path)).toEqual(two.files.map(({ path }) => path));
  const tier = (path: string) => path.startsWith('top/');
  for (const [at, file] of one.files.entries())
    if (!tier(file.path)) expect(file.bytes.equals(two.files[at]!.bytes)).toBe(true);
  const gz = await plainGzip(Buffer.from('x'));
  expect([...gz.subarray(0, 10)]).toEqual([31, 139, 8, 0, 0, 0, 0, 0, gz[8], 255]);
});

test('an hour in which nothing changed costs nothing', async () => {
  const { manifest, files } = await buildSnapshot(input());
  const again = await buildSnapshot(input({ seq: 2, last: manifest! }));
  expect(again).toMatchObject({ steps: [] });
  expect(again.manifest).toBeUndefined();
  for (const file of again.files) expect(files).toContainEqual(file);
});

test('what another program packed into fewer bytes is written and told anew, as large as it is now', async () => {
  const { manifest } = await buildSnapshot(input());
  const [entry] = manifest!.files;
  const last = { ...manifest!, files: [{ ...entry!, gz_bytes: entry!.gz_bytes - 1 }] };
  const again = await buildSnapshot(input({ seq: 2, last }));
  expect(again.manifest!.files).toEqual(manifest!.files);
  expect(again.files.find(({ path }) => path === entry!.path)!.bytes).toHaveLength(entry!.gz_bytes);
  expect(again.steps).toEqual([]);
});

test('the simple names hold bare maps: whole, packed, in shards and as a tier', async () => {
  const { files } = await buildSnapshot(input());
  const file = (path: string) => files.find((one) => one.path === path)!;
  const whole = [...textOf(alias(1))].join('');
  expect(file('alias-latest.json').bytes.toString()).toBe(whole);
  expect(gunzipSync(file('alias-latest.json.gz').bytes).toString()).toBe(whole);
  expect(gunzipSync(file('v/1/alias.json.gz').bytes).toString()).toBe(whole);
  expect(file('v/1/alias.json.gz').forever && !file('alias-latest.json').forever).toBe(true);
  const shards = files.filter(({ path }) => path.startsWith('shard/alias/'));
  expect(shards).toHaveLength(256);
  const together = shards.flatMap(({ bytes }) => Object.keys(JSON.parse(gunzipSync(bytes).toString()) as object));
  expect(together.sort()).toEqual([...alias(1).keys()].sort());
  expect(Object.keys(JSON.parse(file('top/5/alias.json').bytes.toString()) as object)).toHaveLength(5);
});

test('direct deltas reach back 48 versions, then by doubling, and to days and weeks', () => {
  const hour = 3_600_000;
  const history = Array.from({ length: 2000 }, (_, n) => ({
    version: n,
    at: new Date(now.getTime() - (2000 - n) * hour),
  }));
  const bases = deltaBases(history, now);
  for (let back = 1; back <= 48; back++) expect(bases).toContain(2000 - back);
  for (const back of [64, 128, 256, 512, 1024]) expect(bases).toContain(2000 - back);
  expect(bases.length).toBeLessThan(80);
  const days = bases
    .filter((version) => history[version]!.at.getUTCHours() === 23)
    .map((version) => Math.floor((2000 - version) / 24));
  for (let day = 0; day < 13; day++) expect(days).toContain(day);
  expect(Math.max(...days)).toBeGreaterThan(40);
});
