import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import pg from 'pg';
import type { Caller } from '#libs/contracts/caller';
import * as worker from '#libs/contracts/mesh';
import * as operators from '#libs/contracts/mesh-operators';
import { testDatabase } from '#libs/testing/database';
import { runServices, type RunningServices } from '#libs/testing/running';
import { mesh } from '../service.js';
import { writeAccessToken } from './secrets.js';

/** What the mesh signs with, as it lies in the database: over starts, replicas and keys of SEALING_KEYS. */
const admin: Caller = { user_id: randomUUID(), role: 'admin', session_id: randomUUID() };
const network_key = 'a key for tests';
const sealingKey = (name: string) => `${name}:${randomBytes(32).toString('base64')}`;
const [OLD, YOUNG] = [sealingKey('old'), sealingKey('young')];

let database: Awaited<ReturnType<typeof testDatabase>>;
let pool: pg.Pool;
beforeEach(async () => {
  database = await testDatabase();
  pool = new pg.Pool({ connectionString: database.url, options: '-c search_path=mesh' });
});
afterEach(async () => {
  await pool.end();
  await database.drop();
});

const start = (SEALING_KEYS: string) =>
  runServices([mesh], { DATABASE_URL: database.url, NETWORK_SHARED_KEY: network_key, SEALING_KEYS });

async function during<T>(SEALING_KEYS: string, work: (running: RunningServices) => Promise<T>): Promise<T> {
  const running = await start(SEALING_KEYS);
  return work(running).finally(() => running.close());
}

const publicKeyOf = async ({ broker }: RunningServices) =>
  (await broker.call(operators.listPeers, {}, admin)).public_key;

async function enrol({ broker }: RunningServices) {
  const { secret } = await broker.call(operators.createKey, { kind: 'registration' }, admin);
  const node_id = `own-${randomUUID().slice(0, 8)}`;
  const draft = { node_id, capabilities: {}, registration_token: secret! };
  const { secret: proof } = await broker.call(worker.enrolWorker, draft);
  const { access_token } = await broker.call(worker.issueWorkerToken, { node_id, secret: proof });
  return { node_id, authorization: `Bearer ${access_token}` };
}

const asks = ({ broker }: RunningServices, { node_id, authorization }: { node_id: string; authorization: string }) =>
  broker.call(worker.registerWorker, { node_id, capabilities: {}, authorization });

/** Every secret there is, by where it lies: in clear, or under which key. */
async function layout(): Promise<string[]> {
  const { rows } = await pool.query<{ secret: Buffer | null; sealed: string | null }>(
    `select secret, sealed from keys where kind = 'signing' union all select secret, sealed from identity`,
  );
  return rows.map(({ secret, sealed }) => (secret !== null ? 'clear' : (sealed?.split('.')[1] ?? 'none'))).sort();
}

test('what a mesh signs with lies sealed, and is the same at the next start', async () => {
  const [key, node] = await during(OLD, async (running) => {
    await running.broker.call(operators.createKey, { kind: 'signing', overlap_s: 600 }, admin);
    return [await publicKeyOf(running), await enrol(running)] as const;
  });
  expect(await layout()).toEqual(['old', 'old', 'old']);
  await during(OLD, async (running) => {
    expect(await publicKeyOf(running)).toBe(key);
    await asks(running, node);
  });
});

test('what lies in clear is sealed by two that start at once, and stays what it was', async () => {
  const signing = randomBytes(32);
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  await pool.query(`insert into keys (kind, name, secret) values ('signing', 'first', $1)`, [signing]);
  await pool.query('insert into identity (secret) values ($1)', [privateKey.export({ format: 'der', type: 'pkcs8' })]);
  const both = await Promise.all([start(OLD), start(OLD)]);
  try {
    expect(await layout()).toEqual(['old', 'old']);
    const { node_id } = await enrol(both[0]);
    const { rows } = await pool.query<{ id: number }>('select id from nodes where node_id = $1', [node_id]);
    const claims = { n: rows[0]!.id, e: 0, x: Date.now() + 60_000 };
    for (const running of both) {
      expect(await publicKeyOf(running)).toBe(publicKey.export({ format: 'jwk' }).x);
      await asks(running, { node_id, authorization: `Bearer ${writeAccessToken(claims, signing)}` });
      const guessed = { node_id, authorization: `Bearer ${writeAccessToken(claims, randomBytes(32))}` };
      await expect(asks(running, guessed)).rejects.toMatchObject({ code: 'unauthorized' });
    }
  } finally {
    for (const running of both) await running.close();
  }
});

test('with a new key in front all is sealed again, and the old key is needed no more', async () => {
  const [key, node] = await during(OLD, async (running) => [await publicKeyOf(running), await enrol(running)] as const);
  await during(`${YOUNG},${OLD}`, async (running) => asks(running, node));
  expect(await layout()).toEqual(['young', 'young']);
  await during(YOUNG, async (running) => {
    expect(await publicKeyOf(running)).toBe(key);
    await asks(running, node);
  });
});

test('a mesh without the key that its secrets lie under does not start, and says what to do', async () => {
  await during(OLD, publicKeyOf);
  await expect(start(YOUNG)).rejects.toThrow(/mesh\.keys\.secret:\d+ cannot be opened.*"old".*SEALING_KEYS/);
  await expect(start(sealingKey('old'))).rejects.toThrow(
    /cannot be opened: .*another one of the same name.*SEALING_KEYS/,
  );
  await during(OLD, publicKeyOf);
});

test('a sealed secret is good in its own row alone', async () => {
  await during(OLD, async ({ broker }) => broker.call(operators.createKey, { kind: 'signing', overlap_s: 600 }, admin));
  await pool.query(`update keys set sealed = (select sealed from keys where kind = 'signing' order by id limit 1)
    where id = (select max(id) from keys where kind = 'signing')`);
  await expect(start(OLD)).rejects.toThrow(/cannot be opened/);
});

test('a signing key that has ended is forgotten, also under a key that is gone; the mesh makes itself another', async () => {
  const node = await during(OLD, enrol);
  await pool.query(`update keys set valid_until = now() where kind = 'signing'; delete from identity`);
  await during(YOUNG, async (running) => {
    await expect(asks(running, node)).rejects.toMatchObject({ code: 'unauthorized' });
    await asks(running, await enrol(running));
  });
  expect(await layout()).toEqual(['none', 'young', 'young']);
});
