import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { Caller } from '#libs/contracts/caller';
import * as worker from '#libs/contracts/mesh';
import * as jobs from '#libs/contracts/mesh-jobs';
import * as operators from '#libs/contracts/mesh-operators';
import * as sites from '#libs/contracts/mesh-sites';
import { freePort } from '#libs/database/free-port';
import { openKeyring } from '#libs/sealing/sealing-config';
import { eventually } from '#libs/testing/child-process';
import { runServices, type RunningServices } from '#libs/testing/running';
import { mesh } from '../service.js';
import { Keyring } from './keyring.js';
import { Seals } from './seals.js';

/** Keys, secrets and tokens over their whole life, also where somebody else has come by one of them. */
const admin: Caller = { user_id: randomUUID(), role: 'admin', session_id: randomUUID() };
const network_key = 'a key for tests';
const SECRET_KEY = 'what the keys are sealed under';
const seals = new Seals(openKeyring({ SECRET_KEY }));
const GUESSES = 3;
let running: RunningServices;
let pool: pg.Pool;
let door: string;
beforeAll(async () => {
  const port = String(await freePort());
  door = `http://127.0.0.1:${port}`;
  running = await runServices([mesh], {
    SECRET_KEY,
    NETWORK_SHARED_KEY: network_key,
    MESH_MIN_INTERVAL_MS: '0',
    MESH_PORT: port,
    AUTH_RATE_LIMIT_PER_MINUTE: String(GUESSES),
  });
  pool = new pg.Pool({ connectionString: running.databaseUrl, options: '-c search_path=mesh' });
});
afterAll(async () => {
  await pool.end();
  await running.close();
});
const call: RunningServices['broker']['call'] = (...args) => running.broker.call(...args);
const refused = { code: 'unauthorized' };

async function enrolled(registration_token?: string) {
  const node_id = `own-${randomUUID().slice(0, 8)}`;
  const key = registration_token ?? (await call(operators.createKey, { kind: 'registration' }, admin)).secret!;
  const { secret } = await call(worker.enrolWorker, { node_id, capabilities: {}, registration_token: key });
  return { node_id, secret, authorization: await bearer(node_id, secret) };
}
const bearer = async (node_id: string, secret: string) =>
  `Bearer ${(await call(worker.issueWorkerToken, { node_id, secret })).access_token}`;

async function siteWith(count: number): Promise<string> {
  const site_id = `site-${randomUUID().slice(0, 8)}`;
  await call(sites.putSite, { site_id, min_interval_ms: 0 }, admin);
  await call(jobs.createJobs, { jobs: Array.from({ length: count }, () => ({ site_id })) }, admin);
  return site_id;
}

test('a registration key is good once and for a week, unless more is said', async () => {
  const usual = await call(operators.createKey, { kind: 'registration' }, admin);
  expect(usual.uses_left).toBe(1);
  const days = (Date.parse(usual.valid_until as string) - Date.now()) / 86_400_000;
  expect(Math.round(days)).toBe(7);
  const wide = { kind: 'registration', uses: null, valid_until: null } as const;
  expect(await call(operators.createKey, wide, admin)).toMatchObject({ uses_left: null, valid_until: null });
  expect(await call(operators.createKey, { kind: 'signing' }, admin)).toMatchObject({ valid_until: null });
});

test('nodes that came by one registration key are one witness, and so are all of the shared key', async () => {
  await pool.query('create table heard (contributor text)');
  await pool.query(
    `create function hear() returns trigger language plpgsql security definer as $$
     begin insert into mesh.heard values (new.payload->>'contributor'); return new; end $$`,
  );
  await pool.query(
    `create trigger hear after insert on outbox for each row when (new.event = 'mesh.observed') execute function hear()`,
  );
  const key = await call(operators.createKey, { kind: 'registration', uses: 2 }, admin);
  const [one, two, other] = [await enrolled(key.secret!), await enrolled(key.secret!), await enrolled()];
  const said = async (known: { node_id: string; network_key?: string; authorization?: string }) => {
    const site = await siteWith(1);
    const [job] = (await call(worker.leaseJobs, { ...known, want_sites: [site] })).jobs;
    const observations = [{ title: 'Iron Man 2008' }];
    await call(worker.finishJob, { ...known, job_id: job!.id, success: true, observations });
  };
  for (const known of [one, two, other]) await said(known);
  for (const node_id of ['this', 'that']) await said({ node_id, network_key });
  const { rows } = await pool.query<{ contributor: string }>('select contributor from heard');
  const [first, second, third, ...shared] = rows.map(({ contributor }) => contributor);
  expect(first).toBe(`key ${key.id}`);
  expect(second).toBe(first);
  expect(third).not.toBe(first);
  expect(shared).toEqual(['legacy', 'legacy']);
});

test('only the current secret is changed for a new one, and a node is locked out of nothing by an old one', async () => {
  const { node_id, secret, authorization } = await enrolled();
  const rotate = (shown: string, more: object = {}) =>
    call(worker.rotateWorkerSecret, { node_id, authorization, secret: shown, ...more });
  await expect(rotate('node_guessed')).rejects.toMatchObject(refused);
  const outcomes = await Promise.allSettled([rotate(secret), rotate(secret)]);
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  const next = outcomes.find((one) => one.status === 'fulfilled')!.value.secret;
  await expect(rotate(secret)).rejects.toMatchObject(refused);
  await expect(bearer(node_id, secret)).resolves.toBeDefined();
  await expect(bearer(node_id, next)).resolves.toBeDefined();
});

test('a secret that leaked ends at once when it is changed so, with every token made of it', async () => {
  const { node_id, secret, authorization } = await enrolled();
  const change = { node_id, authorization, secret, revoke_old: true };
  const { secret: next } = await call(worker.rotateWorkerSecret, change);
  await expect(bearer(node_id, secret)).rejects.toMatchObject(refused);
  await expect(call(worker.leaseJobs, { node_id, authorization })).rejects.toMatchObject(refused);
  await expect(call(worker.leaseJobs, { node_id, authorization: await bearer(node_id, next) })).resolves.toBeDefined();
});

test('a node that left comes back when it registers; one that is drained or revoked does not', async () => {
  const { node_id, authorization } = await enrolled();
  const known = { node_id, authorization };
  const state = async () => {
    const { items } = await call(operators.listWorkers, { limit: 500 }, admin);
    return items.find((one) => one.node_id === node_id)!.state;
  };
  await call(worker.leaveWorker, known);
  expect(await state()).toBe('left');
  expect(await call(worker.leaseJobs, known)).toMatchObject({ reason: 'draining' });
  await call(worker.registerWorker, { ...known, capabilities: {} });
  expect(await state()).toBe('active');
  await call(operators.changeWorker, { node_id, state: 'draining' }, admin);
  await call(worker.registerWorker, { ...known, capabilities: {} });
  await call(worker.leaveWorker, known);
  await call(worker.registerWorker, { ...known, capabilities: {} });
  expect(await state()).toBe('draining');
  expect(await call(worker.heartbeat, known)).toMatchObject({ draining: true });
  await call(operators.changeWorker, { node_id, state: 'active' }, admin);
  expect(await state()).toBe('active');
});

test('a node that was revoked elsewhere is stopped here, even while it waits, when the news of it was lost', async () => {
  const site = await siteWith(0);
  const [gone, drained] = [await enrolled(), await enrolled()];
  const wait = ({ node_id, authorization }: typeof gone) =>
    call(worker.leaseJobs, { node_id, authorization, want_sites: [site], wait_s: 40 });
  const answers = Promise.all([wait(gone).catch((error: unknown) => error), wait(drained)]);
  await eventually(async () => (await call(sites.explainSite, { site_id: site }, admin)).waiting_workers === 2);
  await pool.query(`update nodes set state = 'revoked', token_epoch = token_epoch + 1 where node_id = $1`, [
    gone.node_id,
  ]);
  await pool.query(`update nodes set state = 'draining' where node_id = $1`, [drained.node_id]);
  await pool.query(`select pg_notify('mesh_news', '{"all":true,"from":"another"}')`);
  expect(await answers).toMatchObject([refused, { jobs: [], reason: 'draining' }]);
  await expect(wait(gone)).rejects.toMatchObject(refused);
});

test('the quota that an administrator gives holds for a node that is at work', async () => {
  const [one, two] = [await siteWith(2), await siteWith(2)];
  const { node_id, authorization } = await enrolled();
  const ask = (site: string) => call(worker.leaseJobs, { node_id, authorization, want_sites: [site] });
  const finish = async (site: string) => {
    const [job] = (await ask(site)).jobs;
    await call(worker.finishJob, { node_id, authorization, job_id: job!.id, success: true });
  };
  await finish(one);
  await call(operators.changeWorker, { node_id, quota: 0 }, admin);
  expect(await ask(two)).toMatchObject({ jobs: [], reason: 'quota' });
  await call(operators.changeWorker, { node_id, quota: 8 }, admin);
  await finish(two);
  const quota = async () => (await call(worker.heartbeat, { node_id, authorization })).quota;
  expect(await quota()).toBe(16);
  await pool.query('update nodes set quota = 3 where node_id = $1', [node_id]);
  await eventually(async () => (await quota()) === 3);
});

test('enrolments and tokens are in the book of acts', async () => {
  const { node_id } = await enrolled();
  const acts = await eventually(async () => {
    const { items } = await call(operators.listAudit, { actor: node_id }, admin);
    return items.length >= 2 && items.map(({ act }) => act);
  });
  expect(acts.sort()).toEqual(['node.enrolled', 'node.token_issued']);
});

test('at the door of the mesh a secret is guessed at seldom, from one address and for one name', async () => {
  const guess = (node_id: string, path = 'token') =>
    fetch(`${door}/v1/worker/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ node_id, secret: 'node_guessed', registration_token: 'x', capabilities: {} }),
    }).then(({ status }) => status);
  for (let n = 0; n < GUESSES; n++) expect(await guess('victim')).toBe(401);
  expect(await guess('victim')).toBe(429);
  expect(await guess('another', 'enrol')).toBe(429);
});

test('the shared key of the settings is a key among others, and stays ended once it was ended', async () => {
  const { items } = await call(operators.listKeys, {}, admin);
  const own = items.find(({ name }) => name === 'NETWORK_SHARED_KEY')!;
  expect(own).toMatchObject({ kind: 'network', valid_until: null });
  const ask = (key: string) => call(worker.leaseJobs, { node_id: 'old', network_key: key });
  const next = await call(operators.createKey, { kind: 'network', overlap_s: 3600 }, admin);
  await expect(ask(network_key)).resolves.toBeDefined();
  await call(operators.revokeKey, { key_id: own.id }, admin);
  await expect(ask(network_key)).rejects.toMatchObject(refused);
  await expect(ask(next.secret!)).resolves.toBeDefined();
  const restarted = new Keyring(pool, seals);
  await restarted.takeIn(network_key);
  await restarted.load();
  expect(restarted.isNetworkKey(network_key, Date.now())).toBe(false);
  expect(restarted.isNetworkKey(next.secret!, Date.now())).toBe(true);
});

test('a new shared key in the settings ends the one before it a day later, and no key of an administrator', async () => {
  const others = await call(operators.createKey, { kind: 'network' }, admin);
  const keyring = new Keyring(pool, seals);
  for (const key of ['first in the settings', 'second in the settings', 'first in the settings'])
    await keyring.takeIn(key);
  await keyring.load();
  const inTwoDays = Date.now() + 2 * 86_400_000;
  expect(keyring.isNetworkKey('first in the settings', Date.now())).toBe(true);
  expect(keyring.isNetworkKey('first in the settings', inTwoDays)).toBe(false);
  expect(keyring.isNetworkKey('second in the settings', inTwoDays)).toBe(true);
  expect(keyring.isNetworkKey(others.secret!, inTwoDays)).toBe(true);
});
