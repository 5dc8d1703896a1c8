import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { DataSource } from 'typeorm';
import { buildSnapshotNow } from '#libs/contracts/intel-snapshots';
import { importWorks } from '#libs/contracts/intel-works';
import { connectionOptions } from '#libs/database/connection-options';
import { applyDelta, readMap, textOf, type Delta } from '#libs/snapshot/bare-map';
import { eventually, serviceProcess } from '#libs/testing/child-process';
import { startSnapshotCentre, type SnapshotCentre } from './snapshot-centre.js';

let centre: SnapshotCentre;
let database: DataSource;
beforeAll(async () => {
  centre = await startSnapshotCentre({ INTEL_SNAPSHOT_MINUTES: '0' });
  const options = connectionOptions('intel', { DATABASE_URL: centre.databaseUrl, DATABASE_POOL_SIZE: 2 }, []);
  database = await new DataSource(options).initialize();
});
afterAll(async () => {
  await database.destroy();
  await centre.close();
});

/** Publishes a snapshot with so many works that were not there before. */
async function hour(name: string, works = 1): Promise<void> {
  const fresh = Array.from({ length: works }, (_, n) => ({
    title: `${name} ${n}`,
    type: 'movie' as const,
    year: 2000 + (n % 20),
    source_ref: `${name}-${n}`,
    aliases: [{ name: `${name} again ${n}`, kind: 'official' as const, licence: 'CC0-1.0' }],
  }));
  await centre.call(importWorks, { source: 'test', works: fresh }, centre.publisher);
  await centre.call(buildSnapshotNow, {}, centre.publisher);
}

const get = async (path: string) => {
  const answer = await fetch(`${centre.url}/snap/${path}`);
  expect(answer.status).toBe(200);
  return Buffer.from(await answer.arrayBuffer());
};
const mapOf = async (version: number) => readMap(gunzipSync(await get(`v/${version}/alias.json.gz`)).toString());

test('after an hour is published, deltas are laid to the last version of the quarter of a day before, from each older one', async () => {
  await hour('Far away', 60);
  await hour('Second');
  await hour('Third');
  // As it was before deltas were laid, half a day later.
  await database.query(`update snapshot_steps set at = at - interval '12 hours', since = null`);
  await database.query(`delete from snapshot_files where path like 'delta/%'`);
  await hour('Fourth');
  await eventually(async () => {
    const [anchor] = await database.query<{ since: number | null }[]>(
      `select since from snapshot_steps where kind = 'alias' and version = 3`,
    );
    return anchor!.since === 1;
  });
  const delta = JSON.parse(brotliDecompressSync(await get('delta/alias/1-3.json.br')).toString()) as Delta;
  const [first, third] = [await mapOf(1), await mapOf(3)];
  expect([...textOf(applyDelta(first, delta))]).toEqual([...textOf(third)]);
  const kept = await database.query<{ path: string; days: number }[]>(
    `select path, round(extract(epoch from until - now()) / 86400)::int as days from snapshot_files
     where path like 'delta/alias/%-3.json.br' order by path`,
  );
  expect(kept).toEqual([
    { path: 'delta/alias/1-3.json.br', days: 3 },
    { path: 'delta/alias/2-3.json.br', days: 3 },
  ]);
});

test('what was laid is forgotten when its days are over, but not while the manifest goes through it', async () => {
  await database.query(
    `insert into snapshot_files (path, sha256, bytes, type, forever, version)
     select 'delta/alias/1-999.json.br', sha256, bytes, type, forever, version from snapshot_files where path = 'delta/alias/1-3.json.br'`,
  );
  await database.query(`update snapshot_files set until = now() - interval '1 day' where path like 'delta/%'`);
  await hour('Fifth');
  expect((await fetch(`${centre.url}/snap/delta/alias/1-999.json.br`)).status).toBe(404);
  await get('delta/alias/1-3.json.br');
});

test('a replica that is killed while it lays tells of nothing that is not there, and another one, which stood back until then, lays it', async () => {
  const to = 5;
  const since = async () =>
    (
      await database.query<[{ since: number | null }]>(
        `select since from snapshot_steps where kind = 'alias' and version = $1`,
        [to],
      )
    )[0].since;
  await database.query(`update snapshot_steps set at = at - interval '12 hours', since = null`);
  await database.query(`delete from snapshot_files where path like 'delta/%'`);
  // Somebody else is about to tell of the last of the files, so that who lays waits for that.
  const other = database.createQueryRunner();
  await other.startTransaction();
  await other.query(
    `insert into snapshot_files (path, sha256, bytes, type, forever, version)
     select 'delta/alias/1-${to}.json.gz', sha256, bytes, type, forever, version from snapshot_files limit 1`,
  );
  const replica = serviceProcess('intel/main', { ...centre.environment, RABBITMQ_URL: 'in-process:replica' });
  try {
    await eventually(async () => {
      const [one] = await database.query(`select 1 from snapshot_files where path = 'delta/alias/4-${to}.json.br'`);
      return one !== undefined;
    });
    await hour('Sixth');
    expect(await since()).toBeNull();
  } finally {
    replica.signal('SIGKILL');
    await replica.ended;
  }
  await other.rollbackTransaction();
  await other.release();
  expect(await since()).toBeNull();
  await hour('Seventh');
  await eventually(async () => (await since()) === 1);
  const delta = JSON.parse(brotliDecompressSync(await get(`delta/alias/1-${to}.json.br`)).toString()) as Delta;
  expect([...textOf(applyDelta(await mapOf(1), delta))]).toEqual([...textOf(await mapOf(to))]);
});
