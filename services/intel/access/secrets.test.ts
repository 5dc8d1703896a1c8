import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { reportReleases } from '#libs/contracts/intel-releases';
import { getTrustKeys } from '#libs/contracts/intel-rules';
import { buildSnapshotNow } from '#libs/contracts/intel-snapshots';
import { eventually } from '#libs/testing/child-process';
import { testDatabase } from '#libs/testing/database';
import { runServices, type RunningServices } from '#libs/testing/running';
import { administrator, ownFolder } from '#libs/testing/seeds/catalogue';
import { intel } from '../service.js';

const sealingKey = (name: string) => `${name}:${randomBytes(32).toString('base64')}`;
const [OLD, YOUNG] = [sealingKey('old'), sealingKey('young')];

let database: Awaited<ReturnType<typeof testDatabase>>;
let pool: pg.Pool;
beforeAll(async () => {
  database = await testDatabase();
  pool = new pg.Pool({ connectionString: database.url, options: '-c search_path=intel' });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const folder = ownFolder();
async function during(SEALING_KEYS: string, work: (running: RunningServices) => Promise<unknown>): Promise<void> {
  const running = await runServices([intel], {
    ...folder,
    INTEL_SNAPSHOT_MINUTES: '0',
    DATABASE_URL: database.url,
    SEALING_KEYS,
  });
  await work(running).finally(() => running.close());
}

/** Under which keys things lie. */
async function keysInUse(): Promise<string[]> {
  const { rows } = await pool.query<{ key: string }>(
    `select distinct split_part(sealed, '.', 2) as key from
       (select sealed from secrets union all select sealed_key from signing_keys where sealed_key is not null) as all_of_them`,
  );
  return rows.map(({ key }) => key);
}

test('what the catalogue signs with is sealed under the newest key, and then does without the one before', async () => {
  let root: unknown;
  await during(OLD, async ({ broker }) => {
    const observations = [{ site: 'hdsky', release_key: 'iron-man-2008-movie' }];
    await broker.call(reportReleases, { observations }, administrator());
    await broker.call(buildSnapshotNow, {}, administrator());
    ({ root } = await broker.call(getTrustKeys, {}));
  });
  expect(await keysInUse()).toEqual(['old']);
  expect((await pool.query('select 1 from secrets')).rowCount).toBeGreaterThan(0);
  await during(`${YOUNG},${OLD}`, () => eventually(async () => String(await keysInUse()) === 'young'));
  await during(YOUNG, async ({ broker }) => {
    expect((await broker.call(getTrustKeys, {})).root).toEqual(root);
    expect(await broker.call(buildSnapshotNow, {}, administrator())).toMatchObject({ state: 'unchanged' });
  });
});
