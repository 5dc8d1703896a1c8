import pg from 'pg';
import { testDatabase, type TestDatabase } from '#libs/testing/database';
import { admitStranger } from './strangers.js';

let database: TestDatabase;
/** Two replicas, each with connections of its own. */
let replicas: pg.Pool[];
beforeAll(async () => {
  database = await testDatabase();
  const options = { connectionString: database.url, options: '-c search_path=mesh' };
  replicas = [new pg.Pool(options), new pg.Pool(options)];
});
afterAll(async () => {
  for (const pool of replicas) await pool.end();
  await database.drop();
});

const LIMITS = { legacy: 100, newPerHour: 2 };
const admit = (replica: number, name: string, address: string, limits = LIMITS) =>
  admitStranger(replicas[replica]!, { name, address }, limits);
const refused = { code: 'unavailable', details: { reason: 'too_many_requests' } };

test('an address brings in so many names an hour, whichever replica it asks, and no other address pays for it', async () => {
  await admit(0, 'a1', '192.0.2.1');
  await admit(1, 'a2', '192.0.2.1');
  for (const replica of [0, 1])
    await expect(admit(replica, 'a3', '192.0.2.1')).rejects.toMatchObject({
      details: { retry_after_s: expect.closeTo(3600, -2.5) as number },
    });
  await admit(0, 'b1', '192.0.2.2');
  await replicas[0]!.query(`update strangers set since = since - interval '1 hour'`);
  await admit(1, 'a3', '192.0.2.1');
});

test('many names that come at once from one address are no more than it may bring', async () => {
  const asked = Array.from({ length: 20 }, (_, n) => admit(n % 2, `c${n}`, '192.0.2.3'));
  const told = await Promise.allSettled(asked);
  expect(told.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
});

test('when there is no room for strangers at all, nobody is counted for it, and who is known already is not refused', async () => {
  await expect(admit(0, 'd1', '192.0.2.4', { legacy: 0, newPerHour: 2 })).rejects.toMatchObject(refused);
  await admit(0, 'd1', '192.0.2.4');
  await admit(0, 'd1', '192.0.2.4', { legacy: 0, newPerHour: 2 });
});
