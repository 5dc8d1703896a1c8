import { randomUUID } from 'node:crypto';
import type { Caller } from '#libs/contracts/caller';
import * as worker from '#libs/contracts/mesh';
import * as jobs from '#libs/contracts/mesh-jobs';
import * as operators from '#libs/contracts/mesh-operators';
import * as sites from '#libs/contracts/mesh-sites';
import { eventually } from '#libs/testing/child-process';
import { meshForTests } from '#libs/testing/running-mesh';
import { mesh } from './service.js';

const { call, admin, network_key, lease_s: LEASE_S, database } = meshForTests(mesh);
const somebody: Caller = { ...admin, role: 'user' };

const as = (node_id: string) => ({ network_key, node_id });
const lease = (node_id: string, site: string, more: object = {}) =>
  call(worker.leaseJobs, { ...as(node_id), want_sites: [site], ...more });
const finish = (node_id: string, job_id: number, more: object = {}) =>
  call(worker.finishJob, { ...as(node_id), job_id, success: true, ...more });

/** A site of one's own with some jobs, and no pause between them. */
async function siteWith(
  count: number,
  job: object = {},
  settings: object = {},
): Promise<{ site: string; ids: number[] }> {
  const site = `site-${randomUUID().slice(0, 8)}`;
  await call(sites.putSite, { site_id: site, min_interval_ms: 0, ...settings }, admin);
  if (count === 0) return { site, ids: [] };
  const made = await call(
    jobs.createJobs,
    { jobs: Array.from({ length: count }, (_, page) => ({ site_id: site, payload: { page }, ...job })) },
    admin,
  );
  return { site, ids: made.jobs.map(({ id }) => id) };
}

/** Makes time pass for the leases of a site. */
const letTimePass = (site: string, seconds: number) =>
  database.query(
    `update slots set expires_at = expires_at - $2 * interval '1 s', eligible_at = eligible_at - $2 * interval '1 s'
     where group_id = (select group_id from sites where site_id = $1)`,
    [site, seconds],
  );

test('a worker registers, leases a job, and finishes it with the cursor moved', async () => {
  const { site, ids } = await siteWith(1);
  expect(await call(worker.registerWorker, { ...as('first'), capabilities: { sites: [site] } })).toMatchObject({
    ok: true,
    lease_ttl_s: 30,
  });
  const { jobs: leased } = await lease('first', site);
  expect(leased).toMatchObject([
    { id: ids[0], site_id: site, payload: { page: 0 }, attempt: 1, cursor: null, cursor_version: 0 },
  ]);
  const [job] = leased;
  expect(await finish('first', job!.id, { lease_token: job!.lease_token, new_cursor_value: 'page-1' })).toMatchObject({
    ok: true,
    state: 'done',
    cursor_version: 1,
  });
  expect(await call(sites.getCursor, { site_id: site, name: 'main' }, admin)).toMatchObject({
    value: 'page-1',
    version: 1,
  });
  expect(await call(jobs.getJob, { job_id: job!.id }, admin)).toMatchObject({
    state: 'done',
    history: [{ node_id: 'first', outcome: 'done' }],
  });
});

test('without the right key nothing is told, and nothing is done', async () => {
  for (const wrong of [{ network_key: 'wrong' }, {}, { authorization: 'Bearer mesh.e30.' + 'A'.repeat(43) }])
    await expect(call(worker.leaseJobs, { node_id: 'n1', ...wrong })).rejects.toMatchObject({ code: 'unauthorized' });
  await expect(call(sites.getSite, { site_id: 'x' }, somebody)).rejects.toMatchObject({ code: 'unauthorized' });
  await expect(call(jobs.createJobs, { jobs: [] })).rejects.toMatchObject({ code: 'unauthorized' });
});

test('of many who want one site, one gets it, and the others are told why not', async () => {
  const { site } = await siteWith(5);
  const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => lease(`crowd-${n}`, site)));
  expect(answers.flatMap(({ jobs }) => jobs)).toHaveLength(1);
  for (const { reason, retry_after_s } of answers.filter(({ jobs }) => jobs.length === 0)) {
    expect(['leased', 'contended']).toContain(reason);
    expect(retry_after_s).toBeGreaterThan(0);
  }
});

test('a forged, foreign, repeated or expired report changes nothing and says why', async () => {
  const { site } = await siteWith(2);
  const [job] = (await lease('n1', site)).jobs;
  const token = job!.lease_token!;
  const why = async (attempt: Promise<unknown>) => {
    const failure = await attempt.then(
      () => 'it was accepted',
      (error: { code: string; details?: { reason?: string } }) => error,
    );
    return typeof failure === 'string' ? failure : (failure.details?.reason ?? failure.code);
  };
  expect(await why(finish('n2', job!.id, { lease_token: token }))).toBe('forged_token');
  expect(await why(finish('n2', job!.id))).toBe('lease_lost');
  expect(await why(finish('n1', job!.id + 1, { lease_token: token }))).toBe('forged_token');
  expect(await why(finish('n1', job!.id, { lease_token: token.replace(/[^.]+$/, 'A'.repeat(22)) }))).toBe(
    'forged_token',
  );
  expect(await why(finish('n1', 999_999_999))).toBe('not_found');
  expect(await why(finish('n1', job!.id, { lease_token: token, new_cursor_value: 'x', cursor_version: 7 }))).toBe(
    'cursor_conflict',
  );
  await letTimePass(site, 31);
  expect(await why(finish('n1', job!.id, { lease_token: token, new_cursor_value: 'late' }))).toBe('lease_expired');
  expect(await why(call(worker.renewLease, { ...as('n1'), job_id: job!.id, lease_token: token }))).toBe(
    'lease_expired',
  );
  expect(await call(sites.getCursor, { site_id: site, name: 'main' }, admin)).toMatchObject({ version: 0 });
  await letTimePass(site, 10);
  await call(operators.sweepLeases, {}, admin);
  const [again] = (await lease('n2', site)).jobs;
  expect(again).toMatchObject({ id: job!.id, attempt: 2 });
  expect(await why(finish('n1', job!.id, { lease_token: token }))).toBe('lease_expired');
  expect(await finish('n2', again!.id, { lease_token: again!.lease_token })).toMatchObject({ state: 'done' });
  expect(await finish('n2', again!.id, { lease_token: again!.lease_token })).toMatchObject({ ok: true });
  expect(await finish('n2', again!.id)).toMatchObject({ ok: true });
  expect(await why(finish('n2', again!.id, { lease_token: again!.lease_token, success: false }))).toBe(
    'already_finished',
  );
});

test('cancelling a job ends its lease: its node is told to stop, and the site is free when it has had time to', async () => {
  const { site, ids } = await siteWith(2);
  const [job] = (await lease('stopped', site)).jobs;
  const held = { ...as('stopped'), job_id: job!.id, lease_token: job!.lease_token! };
  expect(await call(jobs.cancelJob, { job_id: job!.id }, admin)).toMatchObject({ state: 'cancelled', leased_by: null });
  const toStop = { code: 'conflict', details: { reason: 'job_cancelled' } };
  await expect(call(worker.renewLease, held)).rejects.toMatchObject(toStop);
  await expect(call(worker.reportProgress, { ...held, cursor_value: 'page-1' })).rejects.toMatchObject(toStop);
  await expect(call(worker.finishJob, { ...held, success: true, new_cursor_value: 'page-9' })).rejects.toMatchObject(
    toStop,
  );
  await expect(finish('stopped', job!.id)).rejects.toMatchObject(toStop);
  expect(await call(worker.heartbeat, { ...as('stopped'), lease_tokens: [held.lease_token] })).toMatchObject({
    renewed: [],
    lost: [{ job_id: job!.id, reason: 'job_cancelled' }],
  });
  expect(await call(sites.getCursor, { site_id: site, name: 'main' }, admin)).toMatchObject({ value: null });
  expect(await call(jobs.getJob, { job_id: job!.id }, admin)).toMatchObject({
    state: 'cancelled',
    attempts: 0,
    history: [{ node_id: 'stopped', outcome: 'cancelled' }],
  });
  expect(await lease('next', site)).toMatchObject({ jobs: [], reason: 'resting' });
  await letTimePass(site, 4);
  await call(sites.explainSite, { site_id: site }, admin);
  const [next] = (await lease('next', site)).jobs;
  expect(next).toMatchObject({ id: ids[1] });
  await finish('next', next!.id, { lease_token: next!.lease_token });
  expect((await call(jobs.getJob, { job_id: job!.id }, admin)).history).toHaveLength(1);
  await expect(call(jobs.cancelJob, { job_id: job!.id }, admin)).rejects.toMatchObject({ code: 'conflict' });
});

test('a site whose crawl was cancelled is free as soon as its node reports that it has stopped, and by nobody else’s word', async () => {
  const { site, ids } = await siteWith(3);
  const stops: ((held: { job_id: number; lease_token: string }) => Promise<unknown>)[] = [
    (held) => call(worker.finishJob, { ...as('stopping'), ...held, success: false }),
    (held) => call(worker.releaseLease, { ...as('stopping'), ...held }),
  ];
  for (const stop of stops) {
    const [job] = (await lease('stopping', site)).jobs;
    await call(jobs.cancelJob, { job_id: job!.id }, admin);
    await expect(finish('another', job!.id)).rejects.toMatchObject({ code: 'conflict' });
    expect(await lease('next', site)).toMatchObject({ jobs: [], reason: 'leased' });
    await expect(stop({ job_id: job!.id, lease_token: job!.lease_token! })).rejects.toMatchObject({
      details: { reason: 'job_cancelled' },
    });
  }
  expect((await lease('next', site)).jobs).toMatchObject([{ id: ids[2] }]);
});

test('a site whose crawl was cancelled stays away as long as the lease would have, when nobody hears of its node', async () => {
  const { site, ids } = await siteWith(2);
  const [job] = (await lease('silent', site)).jobs;
  await call(jobs.cancelJob, { job_id: job!.id }, admin);
  await letTimePass(site, LEASE_S / 2);
  await call(sites.explainSite, { site_id: site }, admin);
  expect(await lease('next', site)).toMatchObject({ jobs: [], reason: 'leased' });
  await letTimePass(site, LEASE_S / 2 + 4);
  await call(sites.explainSite, { site_id: site }, admin);
  expect((await lease('next', site)).jobs).toMatchObject([{ id: ids[1] }]);
});

test('a site changes its group between two leases, never during one', async () => {
  const { site } = await siteWith(2);
  const group = `group-${site}`;
  const [job] = (await lease('mover', site)).jobs;
  const move = () => call(sites.putSite, { site_id: site, group }, admin);
  const retry_after_s = expect.closeTo(30, -1.5) as number;
  await expect(move()).rejects.toMatchObject({ code: 'conflict', details: { reason: 'leased', retry_after_s } });
  await finish('mover', job!.id, { lease_token: job!.lease_token });
  expect(await move()).toMatchObject({ group });
  expect((await lease('mover', site)).jobs).toHaveLength(1);
});

test('a lease that is under way while its site changes the group is not given in the old one', async () => {
  const { site, ids } = await siteWith(1);
  const group = `group-${site}`;
  await siteWith(0, {}, { group });
  const blocked = (count: number) =>
    eventually(async () => {
      await database.query('select pg_stat_clear_snapshot()');
      const { rows } = await database.query<{ n: number }>(
        `select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
      return rows[0]!.n === count;
    });
  // The move comes to a halt half-way, and the lease behind it.
  await database.query('begin');
  await database.query('select from groups where name = $1 for update', [group]);
  const moved = call(sites.putSite, { site_id: site, group }, admin);
  await blocked(1);
  const leased = lease('early', site);
  await blocked(2);
  await database.query('commit');
  await moved;
  await leased;
  const { rows } = await database.query<{ name: string }>(
    `select g.name from slots s join groups g on g.id = s.group_id where s.job = $1`,
    [ids[0]],
  );
  expect(rows.filter(({ name }) => name !== group)).toEqual([]);
});

test('a waiting worker has the job as soon as it is there', async () => {
  const { site } = await siteWith(0);
  const waiting = lease('waiter', site, { wait_s: 20 });
  await eventually(async () => (await call(sites.explainSite, { site_id: site }, admin)).waiting_workers > 0);
  await call(jobs.createJobs, { jobs: { site_id: site } }, admin);
  expect((await waiting).jobs).toHaveLength(1);
});

test('finishing and leasing the next is one call', async () => {
  const { site, ids } = await siteWith(2);
  const [job] = (await lease('n1', site)).jobs;
  const answer = await finish('n1', job!.id, { lease_token: job!.lease_token, then_lease: { want_sites: [site] } });
  expect(answer).toMatchObject({ ok: true, state: 'done', jobs: [{ id: ids[1] }] });
});

test('a site rests after each crawl, and says until when', async () => {
  const { site } = await siteWith(2, {}, { min_interval_ms: 3_600_000 });
  const [job] = (await lease('n1', site)).jobs;
  await finish('n1', job!.id, { lease_token: job!.lease_token });
  const answer = await lease('n2', site);
  expect(answer).toMatchObject({ jobs: [], reason: 'resting', retry_after_s: 300 });
  const explained = await call(sites.explainSite, { site_id: site }, admin);
  expect(explained).toMatchObject({ leasable: false, reason: 'resting' });
  expect(Date.parse(explained.next_at!) - Date.now()).toBeGreaterThan(3_500_000);
});

test('a blocked site without jobs is told to be blocked', async () => {
  const { site } = await siteWith(0);
  expect(await call(sites.explainSite, { site_id: site }, admin)).toMatchObject({ reason: 'no_jobs' });
  const until = new Date(Date.now() + 3_600_000).toISOString();
  await call(sites.blockSite, { site_id: site, until, reason: 'it asked us to' } as never, admin);
  expect(await call(sites.explainSite, { site_id: site }, admin)).toMatchObject({ reason: 'blocked', waiting_jobs: 0 });
});

test('sites of one group are never crawled at the same time', async () => {
  const group = `host-${randomUUID().slice(0, 8)}`;
  const one = await siteWith(1, {}, { group });
  const two = await siteWith(1, {}, { group });
  const [job] = (await lease('n1', one.site)).jobs;
  expect((await lease('n2', two.site)).jobs).toEqual([]);
  await finish('n1', job!.id, { lease_token: job!.lease_token });
  expect((await lease('n2', two.site)).jobs).toHaveLength(1);
});

test('a site opened to more workers has that many at once, each with a job of its own', async () => {
  const { site } = await siteWith(5, {}, { max_workers: 3 });
  const answers = await Promise.all(Array.from({ length: 8 }, (_, n) => lease(`open-${n}`, site)));
  const leased = answers.flatMap(({ jobs }) => jobs.map(({ id }) => id));
  expect(leased).toHaveLength(3);
  expect(new Set(leased).size).toBe(3);
  await expect(call(sites.putSite, { site_id: site, max_workers: 4 }, admin)).rejects.toMatchObject({
    code: 'invalid',
  });
});

test('a job that fails waits longer each time and dies in the end, with its history', async () => {
  const { site, ids } = await siteWith(1, { max_attempts: 2 });
  for (const attempt of [1, 2]) {
    await database.query('update jobs set not_before = now() where id = $1', [ids[0]]);
    await call(sites.explainSite, { site_id: site }, admin);
    const [job] = (await lease(`f${attempt}`, site)).jobs;
    expect(job).toMatchObject({ id: ids[0], attempt });
    const answer = await finish(`f${attempt}`, job!.id, {
      lease_token: job!.lease_token,
      success: false,
      error_message: `broke ${attempt}`,
      new_cursor_value: 'no',
    });
    expect(answer).toMatchObject({ state: attempt === 1 ? 'pending' : 'dead' });
  }
  const { items } = await call(jobs.listDeadLetters, {}, admin);
  expect(items.find(({ id }) => id === ids[0])).toMatchObject({
    last_error: 'broke 2',
    history: [{ error: 'broke 1' }, { error: 'broke 2' }],
  });
  expect(await call(sites.getCursor, { site_id: site, name: 'main' }, admin)).toMatchObject({ version: 0 });
  expect(await call(jobs.requeueJob, { job_id: ids[0]! }, admin)).toMatchObject({ state: 'pending', attempts: 0 });
  expect((await lease('f3', site)).jobs).toHaveLength(1);
});

test('a heartbeat keeps all leases of a worker, and leaving frees them at once', async () => {
  const [one, two] = [await siteWith(1), await siteWith(1)];
  const leased = [...(await lease('beat', one.site)).jobs, ...(await lease('beat', two.site)).jobs];
  await letTimePass(one.site, LEASE_S / 2);
  const beat = await call(worker.heartbeat, {
    ...as('beat'),
    lease_tokens: [...leased.map((job) => job.lease_token!), '1.1.1.xxxxxxxxxxxxxxxxxxxxxx'],
  });
  expect(beat.renewed.map(({ job_id }) => job_id).sort()).toEqual([...one.ids, ...two.ids].sort());
  expect(beat.lost).toMatchObject([{ reason: 'forged_token' }]);
  expect(await call(worker.leaveWorker, as('beat'))).toEqual({ ok: true, released: 2 });
  expect((await lease('beat', one.site)).reason).toBe('draining');
  const [again] = await eventually(async () => {
    const { jobs } = await lease('other', one.site);
    return jobs.length > 0 && jobs;
  });
  expect(again).toMatchObject({ attempt: 1 });
});

test('an enrolled node shows its own secret, and the shared key is nothing for its name', async () => {
  const { site } = await siteWith(1);
  const { secret: registration_token } = await call(
    operators.createKey,
    { kind: 'registration', uses: 1, sites: [site] },
    admin,
  );
  const draft = {
    node_id: `own-${site}`,
    capabilities: { browser: true },
    registration_token: registration_token!,
    client_version: '2.0',
  };
  const { secret } = await call(worker.enrolWorker, draft);
  await expect(call(worker.enrolWorker, { ...draft, node_id: 'second' })).rejects.toMatchObject({
    code: 'unauthorized',
  });
  await expect(call(worker.issueWorkerToken, { node_id: draft.node_id, secret: 'node_wrong' })).rejects.toMatchObject({
    code: 'unauthorized',
  });
  const { access_token } = await call(worker.issueWorkerToken, { node_id: draft.node_id, secret });
  const authorization = `Bearer ${access_token}`;
  await expect(lease(draft.node_id, site)).rejects.toMatchObject({
    message: expect.stringContaining('credentials of its own'),
  });
  await expect(call(worker.leaseJobs, { authorization, node_id: 'n1' })).rejects.toMatchObject({
    message: expect.stringContaining('another node'),
  });
  const foreign = await siteWith(1);
  expect(
    (await call(worker.leaseJobs, { authorization, node_id: draft.node_id, want_sites: [foreign.site] })).reason,
  ).toBe('not_entitled');
  expect((await call(worker.leaseJobs, { authorization, node_id: draft.node_id })).jobs).toMatchObject([
    { site_id: site },
  ]);
  await expect(call(operators.changeWorker, { node_id: draft.node_id }, admin)).rejects.toMatchObject({
    code: 'invalid',
  });
  await call(operators.changeWorker, { node_id: draft.node_id, state: 'revoked' }, admin);
  await expect(call(worker.leaseJobs, { authorization, node_id: draft.node_id })).rejects.toMatchObject({
    code: 'unauthorized',
  });
});

test('a site that is crawled without a pause is given away when its last lease has ended, and leased to nobody meanwhile', async () => {
  const { site } = await siteWith(3);
  const [job] = (await lease('last', site)).jobs;
  const claim = { site_id: site, cluster: 'east', url: 'https://mesh.east.example.org', expected_epoch: 0 };
  const isLeased = { code: 'conflict', details: { reason: 'leased' } };
  await expect(call(operators.claimSite, claim, admin)).rejects.toMatchObject(isLeased);
  await expect(call(operators.claimSite, { ...claim, drain_s: 600 }, admin)).rejects.toMatchObject(isLeased);
  await finish('last', job!.id, { lease_token: job!.lease_token });
  expect(await lease('next', site)).toMatchObject({ jobs: [], reason: 'blocked' });
  expect(await call(operators.claimSite, { ...claim, drain_s: 600 }, admin)).toMatchObject({ owner: 'east', epoch: 1 });
  expect(await lease('next', site)).toMatchObject({ jobs: [], reason: 'owned_elsewhere' });
  const back = { site_id: site, cluster: 'main', url: 'https://mesh.example.org', expected_epoch: 1, epoch: 2 };
  await call(operators.claimSite, back, admin);
  expect((await lease('next', site)).jobs).toHaveLength(1);
});

test('a site that is being given away stays blocked for reasons of its own, and who wished for it is written down', async () => {
  const { site } = await siteWith(3);
  const [job] = (await lease('before', site)).jobs;
  const until = new Date(Date.now() + 3_600_000);
  await call(sites.blockSite, { site_id: site, until: until.toISOString(), reason: 'it said 429' }, admin);
  const claim = {
    site_id: site,
    cluster: 'east',
    url: 'https://mesh.east.example.org',
    expected_epoch: 0,
    drain_s: 86_400,
  };
  await expect(call(operators.claimSite, claim, admin)).rejects.toMatchObject({ details: { reason: 'leased' } });
  expect((await call(sites.getSite, { site_id: site }, admin)).block_reason).toContain('another cluster');
  const acts = await call(operators.listAudit, { act: 'site.drained' }, admin);
  expect(acts.items).toContainEqual(
    expect.objectContaining({
      subject: site,
      actor: `user:${admin.user_id}`,
      details: { for: 'east', drain_s: 86_400 },
    }),
  );
  await finish('before', job!.id, { lease_token: job!.lease_token });
  await call(operators.claimSite, claim, admin);
  const back = { site_id: site, cluster: 'main', url: 'https://mesh.example.org', expected_epoch: 1, epoch: 2 };
  await call(operators.claimSite, back, admin);
  const { blocked_until, block_reason } = await call(sites.getSite, { site_id: site }, admin);
  expect([Date.parse(blocked_until as string), block_reason]).toEqual([until.getTime(), 'it said 429']);
  expect(await lease('next', site)).toMatchObject({ jobs: [], reason: 'blocked' });
});

test('a site is given to another cluster by the epoch of its claim, and who asks here is sent there', async () => {
  const { site } = await siteWith(1);
  const claim = { site_id: site, cluster: 'east', url: 'https://east.example.org', expected_epoch: 0 };
  expect(await call(operators.claimSite, claim, admin)).toMatchObject({ owner: 'east', epoch: 1 });
  await expect(call(operators.claimSite, claim, admin)).rejects.toMatchObject({
    details: { reason: 'claim_moved', epoch: 1 },
  });
  expect(await lease('n1', site)).toMatchObject({
    jobs: [],
    reason: 'owned_elsewhere',
    elsewhere: [{ site_id: site, url: claim.url }],
  });
  const back = { site_id: site, cluster: 'main', url: 'https://main.example.org', expected_epoch: 1 };
  await expect(call(operators.claimSite, back, admin)).rejects.toMatchObject({ code: 'conflict' });
  await call(operators.claimSite, { ...back, epoch: 2 }, admin);
  expect((await lease('n1', site)).jobs).toHaveLength(1);
  await expect(call(operators.claimSite, { ...claim, expected_epoch: 2 }, admin)).rejects.toMatchObject({
    details: { reason: 'leased' },
  });
});

test('a plan is split into slices, and knows what is covered and what is missing', async () => {
  const { site } = await siteWith(0);
  const plan = { site_id: site, by: 'pages' as const, from: 1, to: 25, size: 10, idempotency_key: `plan-${site}` };
  const { id, parts } = await call(jobs.createPlan, plan, admin);
  expect(parts).toBe(3);
  expect((await call(jobs.createPlan, plan, admin)).id).toBe(id);
  const [job] = (await lease('n1', site)).jobs;
  expect(job).toMatchObject({ payload: { page_from: 1, page_to: 10 }, budget: { max_pages: 10 } });
  await finish('n1', job!.id, { lease_token: job!.lease_token });
  expect(await call(jobs.getPlan, { plan_id: id }, admin)).toMatchObject({
    coverage: 0.4,
    covered: [{ from: 1, to: 10 }],
    missing: [{ from: 11, to: 25 }],
    complete: false,
  });
});

test('jobs are made once for one Idempotency-Key and once for one dedup key', async () => {
  const { site } = await siteWith(0);
  const draft = { jobs: [{ site_id: site, dedup_key: 'a' }, { site_id: site }], idempotency_key: `jobs-${site}` };
  const first = await call(jobs.createJobs, draft, admin);
  expect(await call(jobs.createJobs, draft, admin)).toEqual(first);
  await expect(call(jobs.createJobs, { ...draft, jobs: [] }, admin)).rejects.toMatchObject({
    details: { reason: 'unprocessable' },
  });
  const { jobs: again } = await call(jobs.createJobs, { jobs: { site_id: site, dedup_key: 'a' } }, admin);
  expect(again).toMatchObject([{ id: first.jobs[0]!.id, created: false }]);
  const page = await call(jobs.listJobs, { site_id: site, limit: 1 }, admin);
  expect(page).toMatchObject({ items: [{ id: first.jobs[1]!.id }], next: first.jobs[1]!.id });
});

test('a recurring crawl comes back, and a paused or blocked site waits', async () => {
  const { site } = await siteWith(0, {}, { crawls: [{ kind: 'rss', every_s: 600 }] });
  const [job] = (await lease('n1', site)).jobs;
  expect(job).toMatchObject({ kind: 'rss' });
  expect(await finish('n1', job!.id, { lease_token: job!.lease_token })).toMatchObject({ state: 'pending' });
  expect((await lease('n1', site)).reason).toBe('not_due');
  await call(jobs.createJobs, { jobs: { site_id: site } }, admin);
  await call(sites.putSite, { site_id: site, paused: true }, admin);
  expect((await lease('n1', site)).reason).toBe('paused');
  await call(sites.putSite, { site_id: site, paused: false }, admin);
  expect(await call(sites.blockSite, { site_id: site, reason: 'banned' }, admin)).toMatchObject({
    pace: expect.closeTo(0.6) as number,
  });
  expect((await lease('n1', site)).reason).toBe('blocked');
  await call(sites.unblockSite, { site_id: site }, admin);
  expect((await lease('n1', site)).jobs).toHaveLength(1);
});

test('an ordered cursor only goes forward, and can be taken back on purpose', async () => {
  const { site } = await siteWith(2);
  const named = { site_id: site, name: 'main' };
  await call(sites.putCursor, { ...named, order: 'integer', value: '10' }, admin);
  await expect(call(sites.putCursor, { ...named, value: 'ten' }, admin)).rejects.toMatchObject({ code: 'invalid' });
  await expect(call(sites.putCursor, { ...named, value: '11', if_match: '"7"' }, admin)).rejects.toMatchObject({
    details: { reason: 'precondition_failed' },
  });
  const [job] = (await lease('n1', site)).jobs;
  expect(job).toMatchObject({ cursor: '10', cursor_version: 1 });
  const report = { lease_token: job!.lease_token };
  for (const value of ['9', 'not a number'])
    await expect(finish('n1', job!.id, { ...report, new_cursor_value: value })).rejects.toMatchObject({
      details: { reason: 'cursor_conflict' },
    });
  const progress = { ...as('n1'), job_id: job!.id, lease_token: job!.lease_token!, cursor_value: '12' };
  expect(await call(worker.reportProgress, progress)).toMatchObject({ cursor_version: 2 });
  expect(await finish('n1', job!.id, { ...report, new_cursor_value: '15' })).toMatchObject({ cursor_version: 3 });
  expect(await call(sites.rollBackCursor, { ...named, to_version: 1 }, admin)).toMatchObject({
    value: '10',
    version: 4,
  });
  const { items } = await call(sites.getCursorHistory, named, admin);
  expect(items.map(({ value, cause }) => `${value} ${cause}`)).toEqual([
    '10 rollback',
    '15 finish',
    '12 progress',
    '10 set',
  ]);
});

test('observations leave as an event, as does that a node was revoked; what is no observation is told by its place, and costs the others nothing', async () => {
  const { site } = await siteWith(2);
  const [job] = (await lease('n1', site)).jobs;
  const report = { lease_token: job!.lease_token };
  await database.query(`create table heard (payload json)`);
  await database.query(
    `create function hear() returns trigger language plpgsql security definer as $$ begin insert into mesh.heard values (new.payload); return new; end $$`,
  );
  await database.query(
    `create trigger hear after insert on outbox for each row when (new.event in ('mesh.observed', 'mesh.nodeChanged')) execute function hear()`,
  );
  const bad = [
    { title: 'x', passkey: 'y' },
    { title: 'https://x.org/?passkey=1' },
    { count: 1 },
    { title: 'long '.repeat(61) },
    { title: 'A', size_bucket: 'enormous' },
    'nothing',
  ];
  const good = { title: 'Iron Man 2008', size_bucket: 'large', count: 2 };
  const told = await finish('n1', job!.id, { ...report, observations: [...bad, good] });
  expect(told).toMatchObject({ ok: true, state: 'done' });
  expect(told.observations_refused!.map(({ at, field }) => [at, field])).toEqual([[0, ''], [1, 'title'], [2, ''], [3, 'title'], [4, 'size_bucket'], [5, '']]); // prettier-ignore
  expect(JSON.stringify(told)).not.toMatch(/passkey=1|x\.org|long long/);
  await lease('n-heard', site);
  for (const state of ['revoked', 'active'] as const)
    await call(operators.changeWorker, { node_id: 'n-heard', state }, admin);
  const { rows } = await database.query<{ payload: unknown }>('select payload from heard');
  expect(rows.map(({ payload }) => payload)).toMatchObject([
    { site, node: 'n1', items: [{ title: 'Iron Man 2008', release_key: null, count: 2 }] },
    { node: 'n-heard', is_revoked: true },
    { node: 'n-heard', is_revoked: false },
  ]);
});

test('operators see the fleet, the figures, and what happens as it happens', async () => {
  const { after } = await call(operators.meshEvents, {}, admin);
  const heard = (async () => {
    for (let seen = after; ;) {
      const { events } = await call(operators.meshEvents, { after: seen }, admin);
      if (events.some(({ event }) => event === 'site.set')) return true;
      seen = events.at(-1)?.id ?? seen;
    }
  })();
  const { site } = await siteWith(1);
  expect(await heard).toBe(true);
  expect(await call(operators.meshStats, {}, admin)).toMatchObject({
    jobs: { pending: expect.any(Number) as number },
    replicas: 1,
  });
  expect((await call(operators.listWorkers, {}, admin)).items.map(({ node_id }) => node_id)).toContain('n1');
  expect((await call(operators.listAudit, { act: 'site.set' }, admin)).items[0]).toMatchObject({ subject: site });
});
