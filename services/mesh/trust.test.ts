import { randomUUID } from 'node:crypto';
import * as worker from '#libs/contracts/mesh';
import * as jobs from '#libs/contracts/mesh-jobs';
import * as operators from '#libs/contracts/mesh-operators';
import * as sites from '#libs/contracts/mesh-sites';
import { renderMetrics } from '#libs/observability/metrics';
import { eventually } from '#libs/testing/child-process';
import { runServices } from '#libs/testing/running';
import { meshForTests } from '#libs/testing/running-mesh';
import { mesh } from './service.js';

/** How far the word of a worker goes, of one that everybody could be and of one that enrolled. */
const WEEK_S = 604_800;
const OPEN = 'open-to-all';

const { call, admin, network_key, lease_s: LEASE_S, database } = meshForTests(mesh, { MESH_MIN_CLIENT_VERSION: '2.0' });

type Known = { node_id: string } & ({ network_key: string } | { authorization: string });
const anybody = (): Known => ({ node_id: `anybody-${randomUUID().slice(0, 8)}`, network_key });

async function enrolled(): Promise<Known> {
  const node_id = `own-${randomUUID().slice(0, 8)}`;
  const key = await call(operators.createKey, { kind: 'registration', uses: 1 }, admin);
  const registration_token = key.secret!;
  const client_version = '2.1';
  const { secret } = await call(worker.enrolWorker, { node_id, capabilities: {}, registration_token, client_version });
  const { access_token } = await call(worker.issueWorkerToken, { node_id, secret });
  return { node_id, authorization: `Bearer ${access_token}` };
}

async function siteWith(count: number, settings: object = {}): Promise<string> {
  const site_id = `site-${randomUUID().slice(0, 8)}`;
  await call(sites.putSite, { site_id, min_interval_ms: 0, ...settings }, admin);
  const drafts = Array.from({ length: count }, () => ({ site_id }));
  await call(jobs.createJobs, { jobs: drafts }, admin);
  return site_id;
}

async function leased(known: Known, site: string) {
  const { jobs } = await call(worker.leaseJobs, { ...known, want_sites: [site] });
  const [job] = jobs;
  return { ...known, job_id: job!.id, lease_token: job!.lease_token! };
}

const restOf = async (site: string): Promise<number> => {
  const { streams } = await call(sites.explainSite, { site_id: site }, admin);
  return (Date.parse(streams[0]!.eligible_at as string) - Date.now()) / 1000;
};
const letTimePass = (site: string, seconds: number) =>
  database.query(
    `update slots set leased_at = leased_at - $2 * interval '1 s'
     where group_id = (select group_id from sites where site_id = $1)`,
    [site, seconds],
  );

test('a crawl that went well asks for no pause, whatever it says', async () => {
  for (const who of [anybody(), await enrolled()]) {
    const site = await siteWith(2);
    const stats = { status: 200, retry_after_s: WEEK_S };
    await call(worker.finishJob, { ...(await leased(who, site)), success: true, stats });
    expect(await restOf(site)).toBeLessThan(1);
    expect((await call(worker.leaseJobs, { ...who, want_sites: [site] })).jobs).toHaveLength(1);
  }
});

test.each([
  ['anybody', () => Promise.resolve(anybody()), 3600],
  ['an enrolled node', enrolled, WEEK_S],
] as const)('a site that %s says wants a pause rests, but no longer than that', async (_who, come, most) => {
  const who = await come();
  for (const report of [
    { success: true, stats: { status: 429, retry_after_s: WEEK_S } },
    { success: false, stats: { retry_after_s: WEEK_S }, retry_after_s: WEEK_S },
  ]) {
    const site = await siteWith(2);
    const { job_id, ...held } = await leased(who, site);
    await call(worker.finishJob, { ...held, job_id, ...report });
    expect(await restOf(site)).toBeGreaterThan(most - 60);
    expect(await restOf(site)).toBeLessThanOrEqual(most);
    const { not_before } = await call(jobs.getJob, { job_id }, admin);
    expect(Date.parse(not_before as string)).toBeLessThanOrEqual(Date.now() + most * 1000);
    await call(sites.unblockSite, { site_id: site }, admin);
    expect(await restOf(site)).toBeLessThan(1);
    expect(await call(sites.explainSite, { site_id: site }, admin)).toMatchObject({ leasable: true });
  }
});

test('a node that was revoked gets nothing from a replica that was not told, and no more than its new sites from one that was not told of these', async () => {
  const [site, other] = [await siteWith(3), await siteWith(1)];
  const [revoked, drained, moved, good] = await Promise.all([enrolled(), enrolled(), enrolled(), enrolled()]);
  for (const who of [revoked, drained, moved, good])
    await call(worker.leaseJobs, { ...who, want_sites: [site], max_jobs: 0 });
  const change = (node_id: string, to: string) =>
    database.query(`update nodes set ${to} where node_id = $1`, [node_id]);
  await change(revoked.node_id, `state = 'revoked'`);
  await expect(call(worker.leaseJobs, { ...revoked, want_sites: [site] })).rejects.toMatchObject({
    code: 'unauthorized',
  });
  await change(drained.node_id, `state = 'draining'`);
  expect(await call(worker.leaseJobs, { ...drained, want_sites: [site] })).toMatchObject({
    jobs: [],
    reason: 'draining',
  });
  await change(moved.node_id, `sites = array['${other}']`);
  expect(await call(worker.leaseJobs, { ...moved, want_sites: [site] })).toMatchObject({ jobs: [] });
  expect((await call(worker.leaseJobs, { ...good, want_sites: [site] })).jobs).toHaveLength(1);
});

test('a lease that waited for its stream while its node was revoked is ended, and the site is free again', async () => {
  const site = await siteWith(1);
  const [who, next] = [await enrolled(), await enrolled()];
  await call(worker.leaseJobs, { ...who, want_sites: [site], max_jobs: 0 });
  const other = await database.connect();
  await other.query(
    'begin; select from slots where group_id = (select group_id from sites where site_id = $$' +
      site +
      '$$) for update',
  );
  const asked = call(worker.leaseJobs, { ...who, want_sites: [site] });
  await eventually(async () => {
    const { rows } = await database.query(
      `select from pg_stat_activity where wait_event_type = 'Lock' and query like '%with held as materialized%' and datname = current_database()`,
    );
    return rows.length === 1;
  });
  await call(operators.changeWorker, { node_id: who.node_id, state: 'revoked' }, admin);
  await other.query('commit');
  other.release();
  expect((await asked).jobs).toHaveLength(1);
  expect(await call(operators.sweepLeases, {}, admin)).toEqual({ ended: 1 });
  expect((await call(worker.leaseJobs, { ...next, want_sites: [site] })).jobs).toHaveLength(1);
});

test('unblocking a site leaves it its usual pause', async () => {
  const site = await siteWith(2, { min_interval_ms: 600_000 });
  const stats = { status: 429, retry_after_s: WEEK_S };
  await call(worker.finishJob, { ...(await leased(await enrolled(), site)), success: true, stats });
  await call(sites.unblockSite, { site_id: site }, admin);
  expect(await restOf(site)).toBeGreaterThan(590);
  expect(await restOf(site)).toBeLessThanOrEqual(600);
});

test('that a job can never be done is believed of an enrolled node, and is one failure of anybody else', async () => {
  const report = { success: false, retryable: false, error_message: 'never' };
  const site = await siteWith(2);
  expect(await call(worker.finishJob, { ...(await leased(anybody(), site)), ...report })).toMatchObject({
    state: 'pending',
  });
  expect(await call(worker.finishJob, { ...(await leased(await enrolled(), site)), ...report })).toMatchObject({
    state: 'dead',
  });
});

test.each([
  ['anybody', () => Promise.resolve(anybody()), 24],
  ['an enrolled node', enrolled, 288],
] as const)('no lease of %s lasts for ever: it ends however often it is renewed', async (_who, come, mostTtls) => {
  const site = await siteWith(1);
  const held = await leased(await come(), site);
  const spent = { code: 'conflict', details: { reason: 'lease_spent' } };
  await letTimePass(site, LEASE_S * (mostTtls - 1));
  const renewed = await call(worker.renewLease, held);
  await letTimePass(site, LEASE_S);
  await expect(call(worker.renewLease, held)).rejects.toMatchObject(spent);
  const beat = { ...held, lease_tokens: [held.lease_token] };
  expect(await call(worker.heartbeat, beat)).toMatchObject({ renewed: [], lost: [{ reason: 'lease_spent' }] });
  const progress = await call(worker.reportProgress, { ...held, cursor_value: 'far' });
  expect(progress).toMatchObject({ cursor_version: 1, lease_expires_at: renewed.lease_expires_at });
  expect(progress.lease_ttl_s).toBeLessThan(LEASE_S);
  expect(await call(worker.finishJob, { ...held, success: true, new_cursor_value: 'end' })).toMatchObject({
    state: 'done',
  });
});

test('who tells an old version gets no work, and of the shared key who tells none does', async () => {
  const site = await siteWith(1);
  const [old, silent] = [anybody(), anybody()];
  await call(worker.registerWorker, { ...old, capabilities: {}, client_version: '1.9' });
  expect(await call(worker.leaseJobs, { ...old, want_sites: [site] })).toMatchObject({ reason: 'client_too_old' });
  await call(worker.registerWorker, { ...silent, capabilities: {} });
  expect((await call(worker.leaseJobs, { ...silent, want_sites: [site] })).jobs).toHaveLength(1);
});

const GARBAGE = ['words', 'infinity', '-infinity', 'now', 'tomorrow', '2026-02-29T00:00:00Z', '2026-01-01', '12'];

test('a cursor in the order of time takes moments and nothing else, with a value and without', async () => {
  const site = await siteWith(2);
  const named = { site_id: site, name: 'main' };
  await call(sites.putCursor, { ...named, order: 'time', reset: true }, admin);
  const held = await leased(await enrolled(), site);
  const conflict = { code: 'conflict', details: { reason: 'cursor_conflict' } };
  const finish = (new_cursor_value: string) =>
    call(worker.finishJob, { ...held, success: true, new_cursor_value, cursor_version: null });
  for (const value of GARBAGE) await expect(finish(value)).rejects.toMatchObject(conflict);
  await call(worker.reportProgress, { ...held, cursor_value: '2028-02-29T23:59:59.123456+14:00' });
  for (const value of [...GARBAGE, '2028-02-29T00:00:00Z']) await expect(finish(value)).rejects.toMatchObject(conflict);
  expect(await finish('2028-03-01T00:00:00Z')).toMatchObject({ state: 'done', cursor_version: 3 });
});

test.each(['infinity', 'words'])('a cursor that once took %s goes on from the next moment', async (value) => {
  const site = await siteWith(1);
  await database.query(
    `update cursors set ordering = 'time', value = $2, version = 1 where site = (select id from sites where site_id = $1)`,
    [site, value],
  );
  const held = await leased(await enrolled(), site);
  const report = { ...held, success: true, new_cursor_value: '2026-11-22T04:00:00Z' };
  expect(await call(worker.finishJob, report)).toMatchObject({ state: 'done', cursor_version: 2 });
});

const SECRET = 'https://tracker.example/download.php?passkey=0123456789abcdef0123456789abcdef';

test('no address, key or torrent is kept, whichever way a worker sends it', async () => {
  const site = await siteWith(1);
  const who = await enrolled();
  await call(worker.registerWorker, { ...who, capabilities: { note: SECRET, browser: true } });
  const held = await leased(who, site);
  const refused = { code: 'invalid' };
  await expect(call(worker.reportProgress, { ...held, cursor_value: SECRET })).rejects.toMatchObject(refused);
  const report = { ...held, success: true, new_cursor_value: SECRET };
  await expect(call(worker.finishJob, report)).rejects.toMatchObject(refused);
  const cursor = { site_id: site, name: 'main', value: SECRET };
  await expect(call(sites.putCursor, cursor, admin)).rejects.toMatchObject(refused);
  await call(worker.finishJob, { ...held, success: false, error_message: `GET ${SECRET} timed out` });
  const job = await call(jobs.getJob, { job_id: held.job_id }, admin);
  expect(job).toMatchObject({
    last_error: 'GET [withheld] timed out',
    history: [{ error: 'GET [withheld] timed out' }],
  });
  const kept = await database.query(
    `select string_agg(t, '') as everything from (
       select n::text as t from nodes n union all select j::text from jobs j union all select h::text from history h
       union all select c::text from cursors c union all select a::text from audit a) all_of_it`,
  );
  expect(kept.rows).not.toMatchObject([{ everything: expect.stringMatching(/tracker\.example|0123456789abcdef/) }]);
});

test('what a recurring crawl tells its workers is as small as what any job does', async () => {
  const crawl = (payload: object) => ({ site_id: 'recurring', crawls: [{ every_s: 60, payload }] });
  await expect(call(sites.putSite, crawl({ x: 'x'.repeat(20_000) }) as never, admin)).rejects.toMatchObject({
    code: 'invalid',
  });
  await expect(call(sites.putSite, crawl({ x: 'x'.repeat(10_000) }) as never, admin)).resolves.toBeDefined();
});

test('how old leases become, and how much of the time politeness asks for, is measured', async () => {
  const figure = async (name: string) =>
    Number(new RegExp(`^${name}_count (\\d+)$`, 'm').exec((await renderMetrics()).body)![1]);
  const names = ['evidverse_mesh_lease_age_seconds', 'evidverse_mesh_politeness_budget_used_ratio'];
  const before = await Promise.all(names.map(figure));
  const site = await siteWith(2);
  const who = anybody();
  for (let n = 0; n < 2; n++) await call(worker.finishJob, { ...(await leased(who, site)), success: true });
  const after = await Promise.all(names.map(figure));
  expect(after.map((count, at) => count - before[at]!)).toEqual([2, 1]);
});

test('the shared key can be kept to some sites, whatever is asked for', async () => {
  const kept = await runServices([mesh], {
    NETWORK_SHARED_KEY: network_key,
    MESH_MIN_INTERVAL_MS: '0',
    MESH_LEGACY_SITES: ` ${OPEN}  another`,
  });
  try {
    await kept.broker.call(jobs.createJobs, { jobs: [{ site_id: OPEN }, { site_id: 'closed' }] }, admin);
    const ask = (want_sites: string[] | null) =>
      kept.broker.call(worker.leaseJobs, { ...anybody(), want_sites, max_jobs: 10 });
    expect(await ask(['closed'])).toMatchObject({ jobs: [], reason: 'not_entitled' });
    expect((await ask(null)).jobs).toMatchObject([{ site_id: OPEN }]);
    const { secret } = await kept.broker.call(operators.createKey, { kind: 'registration', uses: 1 }, admin);
    const own = { node_id: 'own', capabilities: {}, registration_token: secret! };
    const { secret: proof } = await kept.broker.call(worker.enrolWorker, own);
    const { access_token } = await kept.broker.call(worker.issueWorkerToken, { node_id: 'own', secret: proof });
    const authorization = `Bearer ${access_token}`;
    const { jobs: given } = await kept.broker.call(worker.leaseJobs, { node_id: 'own', authorization });
    expect(given).toMatchObject([{ site_id: 'closed' }]);
  } finally {
    await kept.close();
  }
});
