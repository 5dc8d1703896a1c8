import pg from 'pg';
import '#libs/database/connection-options';
import { testDatabase, type TestDatabase } from '#libs/testing/database';
import { PostgresLeaseStore, STATEMENTS } from '../leases/postgres-lease-store.js';
import { ALL_GUARDS, withoutGuard } from './guards.js';
import { Twin } from './twin.js';
import { chanceOf } from './virtual-time.js';

let database: TestDatabase;
let pool: pg.Pool;
beforeAll(async () => {
  database = await testDatabase();
  pool = new pg.Pool({
    connectionString: database.url,
    options: '-c search_path=mesh -c synchronous_commit=off',
    max: 1,
  });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

test.each([1, 2, 3])(
  'PostgreSQL and the model of the simulation answer the same, whatever they are asked (%i)',
  async (seed) => {
    expect(await new Twin(pool, new PostgresLeaseStore(pool), chanceOf(seed)).difference(800)).toBeUndefined();
  },
);

test.each(ALL_GUARDS)('a statement without its guard is found out: %s', async (guard) => {
  const statements = withoutGuard(STATEMENTS, guard);
  const mutant = new PostgresLeaseStore(pool, statements, `-without-${guard}`.replaceAll(/\W/g, '-'));
  let found: string | undefined;
  for (let seed = 1; seed <= 12 && found === undefined; seed++)
    found = await new Twin(pool, mutant, chanceOf(seed), statements.revoke).difference(800);
  expect(found).toBeDefined();
});
