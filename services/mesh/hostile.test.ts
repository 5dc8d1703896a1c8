import { randomUUID } from 'node:crypto';
import { ANONYMOUS } from '#libs/contracts/caller';
import type { Operation } from '#libs/contracts/contract';
import * as worker from '#libs/contracts/mesh';
import * as jobs from '#libs/contracts/mesh-jobs';
import * as operators from '#libs/contracts/mesh-operators';
import { workerPaths } from '#libs/contracts/mesh-paths';
import * as sites from '#libs/contracts/mesh-sites';
import { meshForTests } from '#libs/testing/running-mesh';
import { mesh } from './service.js';

/** Everything a worker or a stranger can ask, with everything that is wrong with it: nothing may change. */
const { call, admin, network_key, lease_s: LEASE_S, database } = meshForTests(mesh, { MESH_LEGACY_NODES: '40' });

interface Held {
  node_id: string;
  job_id: number;
  lease_token: string;
  site: string;
  credentials: object;
}

/** An enrolled node with a token of its own. */
async function enrolled(name: string): Promise<{ node_id: string; authorization: string; secret: string }> {
  const node_id = `${name}-${randomUUID().slice(0, 8)}`;
  const { secret: registration_token } = await call(operators.createKey, { kind: 'registration', uses: 1 }, admin);
  const { secret } = await call(worker.enrolWorker, {
    node_id,
    capabilities: {},
    registration_token: registration_token!,
  });
  const { access_token } = await call(worker.issueWorkerToken, { node_id, secret });
  return { node_id, authorization: `Bearer ${access_token}`, secret };
}

async function holding(): Promise<Held> {
  const site = `site-${randomUUID().slice(0, 8)}`;
  await call(sites.putSite, { site_id: site, min_interval_ms: 0 }, admin);
  await call(jobs.createJobs, { jobs: { site_id: site } }, admin);
  const { node_id, authorization } = await enrolled('holder');
  const { jobs: leased } = await call(worker.leaseJobs, { authorization, node_id, want_sites: [site] });
  const [job] = leased;
  return { node_id, job_id: job!.id, lease_token: job!.lease_token!, site, credentials: { authorization } };
}

/** All that a worker's report could change. */
async function state(): Promise<string> {
  const tables = ['slots', 'jobs', 'cursors', 'history', 'sites', 'groups', 'keys', 'plans'];
  const rows: unknown[] = [];
  for (const table of tables)
    rows.push((await database.query(`select md5(string_agg(t::text, '|' order by t::text)) from ${table} t`)).rows);
  return JSON.stringify(rows);
}

/** What each operation of workers is asked with by whoever holds a lease; a new one has to be added here. */
const WISHES: Record<string, (held: Held) => object> = {
  [worker.registerWorker.name]: ({ node_id }) => ({ node_id, capabilities: { sites: ['x'] } }),
  [worker.rotateWorkerSecret.name]: ({ node_id }) => ({ node_id, secret: 'node_guessed' }),
  [worker.heartbeat.name]: ({ node_id, lease_token }) => ({ node_id, lease_tokens: [lease_token] }),
  [worker.leaveWorker.name]: ({ node_id }) => ({ node_id }),
  [worker.leaseJobs.name]: ({ node_id }) => ({ node_id }),
  [worker.finishJob.name]: ({ node_id, job_id, lease_token }) => ({
    node_id,
    job_id,
    lease_token,
    success: true,
    new_cursor_value: 'stolen',
  }),
  [worker.renewLease.name]: ({ node_id, job_id, lease_token }) => ({ node_id, job_id, lease_token }),
  [worker.releaseLease.name]: ({ node_id, job_id, lease_token }) => ({ node_id, job_id, lease_token }),
  [worker.reportProgress.name]: ({ node_id, job_id, lease_token }) => ({
    node_id,
    job_id,
    lease_token,
    cursor_value: 'stolen',
  }),
};
const asked = workerPaths.filter(({ known }) => known).map(({ operation }) => operation as unknown as Operation);

test('the matrix knows every path of workers', () => {
  expect(asked.map(({ name }) => name).sort()).toEqual(Object.keys(WISHES).sort());
});

const CREDENTIALS: Record<string, (held: Held) => Promise<object>> = {
  'no credentials': () => Promise.resolve({}),
  'an empty key': () => Promise.resolve({ network_key: '' }),
  'a wrong key': () => Promise.resolve({ network_key: 'wrong' }),
  'the shared key for a name that has a secret': () => Promise.resolve({ network_key }),
  "another node's token": async () => ({ authorization: (await enrolled('thief')).authorization }),
  'a forged token': () =>
    Promise.resolve({
      authorization: `Bearer mesh.${Buffer.from('{"n":1,"e":0,"x":9e15}').toString('base64url')}.${'A'.repeat(43)}`,
    }),
  'a token that was changed': ({ credentials }) => {
    const { authorization } = credentials as { authorization: string };
    return Promise.resolve({
      authorization: `${authorization.slice(0, -2)}${authorization.endsWith('A') ? 'BB' : 'AA'}`,
    });
  },
};

describe.each(Object.keys(CREDENTIALS))('with %s', (credentials) => {
  test.each(asked)('$name is refused and changes nothing', async (operation) => {
    const held = await holding();
    const shown = await CREDENTIALS[credentials]!(held);
    const before = await state();
    await expect(call(operation, { ...WISHES[operation.name]!(held), ...shown } as never)).rejects.toMatchObject({
      code: 'unauthorized',
    });
    expect(await state()).toBe(before);
  });
});

const letTimePass = (site: string, seconds: number) =>
  database.query(
    `update slots set expires_at = expires_at - $2 * interval '1 s', eligible_at = eligible_at - $2 * interval '1 s'
     where group_id = (select group_id from sites where site_id = $1)`,
    [site, seconds],
  );

const CLAIMS: Record<string, (held: Held) => Promise<Held>> = {
  'a lease that ran out': async (held) => {
    await letTimePass(held.site, LEASE_S + 1);
    return held;
  },
  'a lease that somebody else has by now': async (held) => {
    await letTimePass(held.site, 2 * LEASE_S);
    const other = await enrolled('next');
    await call(worker.leaseJobs, {
      authorization: other.authorization,
      node_id: other.node_id,
      want_sites: [held.site],
    });
    return held;
  },
  'a lease that an operator ended with its job': async (held) => {
    await call(jobs.cancelJob, { job_id: held.job_id }, admin);
    // Its word frees the stream sooner, once; that is seen elsewhere.
    await call(worker.releaseLease, { ...held, ...held.credentials }).catch(() => {});
    return held;
  },
  "another node's lease": async (held) => {
    const { node_id, authorization } = await enrolled('thief');
    return { ...held, node_id, credentials: { authorization } };
  },
  'a lease on another job': (held) => Promise.resolve({ ...held, job_id: held.job_id + 1 }),
  'the token of a later epoch': (held) => {
    const [slot, epoch, job, mac] = held.lease_token.split('.');
    return Promise.resolve({ ...held, lease_token: [slot, Number(epoch) + 1, job, mac].join('.') });
  },
  'the token of another stream': (held) => {
    const [slot, ...rest] = held.lease_token.split('.');
    return Promise.resolve({ ...held, lease_token: [Number(slot) + 1, ...rest].join('.') });
  },
  'a token that is none': (held) => Promise.resolve({ ...held, lease_token: 'x' }),
};
const reporting = asked.filter((operation) =>
  ([worker.finishJob, worker.renewLease, worker.releaseLease, worker.reportProgress] as Operation[]).includes(
    operation,
  ),
);

describe.each(Object.keys(CLAIMS))('with %s', (claim) => {
  test.each(reporting)('$name is refused with its reason and changes nothing', async (operation) => {
    const held = await CLAIMS[claim]!(await holding());
    const before = await state();
    await expect(
      call(operation, { ...WISHES[operation.name]!(held), ...held.credentials } as never),
    ).rejects.toMatchObject({
      code: 'conflict',
      details: {
        reason: expect.stringMatching(/^(lease_expired|lease_lost|foreign_lease|forged_token|job_cancelled)$/),
      },
    });
    expect(await state()).toBe(before);
  });

  test('a heartbeat renews nothing', async () => {
    const held = await CLAIMS[claim]!(await holding());
    if (claim === 'a lease on another job') return;
    const before = await state();
    const beat = await call(worker.heartbeat, {
      node_id: held.node_id,
      lease_tokens: [held.lease_token],
      ...held.credentials,
    });
    expect(beat).toMatchObject({ renewed: [], lost: [{ lease_token: held.lease_token }] });
    expect(await state()).toBe(before);
  });
});

/** What each operation of operators is asked with; a new one has to be added here. */
const site_id = 'any-site';
const OPERATORS: Record<string, object> = {
  [jobs.createJobs.name]: { jobs: [{ site_id }] },
  [jobs.listJobs.name]: {},
  [jobs.getJob.name]: { job_id: 1 },
  [jobs.cancelJob.name]: { job_id: 1 },
  [jobs.listDeadLetters.name]: {},
  [jobs.requeueJob.name]: { job_id: 1 },
  [jobs.discardJob.name]: { job_id: 1 },
  [jobs.createPlan.name]: { site_id, by: 'pages', from: 1, to: 2, size: 1 },
  [jobs.getPlan.name]: { plan_id: 1 },
  [sites.listSites.name]: {},
  [sites.getSite.name]: { site_id },
  [sites.putSite.name]: { site_id },
  [sites.putSites.name]: { sites: [{ site_id }] },
  [sites.blockSite.name]: { site_id },
  [sites.unblockSite.name]: { site_id },
  [sites.explainSite.name]: { site_id },
  [sites.listCursors.name]: { site_id },
  [sites.getCursor.name]: { site_id, name: 'main' },
  [sites.putCursor.name]: { site_id, name: 'main', value: 'x' },
  [sites.getCursorHistory.name]: { site_id, name: 'main' },
  [sites.rollBackCursor.name]: { site_id, name: 'main', to_version: 1 },
  [operators.listWorkers.name]: {},
  [operators.changeWorker.name]: { node_id: 'x', state: 'revoked' },
  [operators.meshStats.name]: {},
  [operators.meshEvents.name]: {},
  [operators.createKey.name]: { kind: 'network' },
  [operators.listKeys.name]: {},
  [operators.revokeKey.name]: { key_id: 1 },
  [operators.listAudit.name]: {},
  [operators.sweepLeases.name]: {},
  [operators.listPeers.name]: {},
  [operators.claimSite.name]: { site_id, cluster: 'east', url: 'https://east.example.org', expected_epoch: 0 },
  [operators.listClaims.name]: {},
};
const administered = [jobs, sites, operators]
  .flatMap((contract) => Object.values(contract as unknown as Record<string, unknown>))
  .filter(
    (thing): thing is Operation => typeof thing === 'object' && thing !== null && 'input' in thing && 'name' in thing,
  );

test('the matrix knows every operation of operators', () => {
  expect(administered.map(({ name }) => name).sort()).toEqual(Object.keys(OPERATORS).sort());
});

test.each(administered)('$name is refused to strangers and to users, and changes nothing', async (operation) => {
  const before = await state();
  for (const caller of [ANONYMOUS, { ...admin, role: 'user' as const }, { ...admin, role: 'moderator' as const }])
    await expect(call(operation, OPERATORS[operation.name] as never, caller)).rejects.toMatchObject({
      code: 'unauthorized',
    });
  expect(await state()).toBe(before);
});

test('the shared key brings in only so many names', async () => {
  const ask = (n: number) => call(worker.leaseJobs, { network_key, node_id: `stranger-${n}`, want_sites: ['nowhere'] });
  for (let n = 0; n < 40; n++) await ask(n);
  await expect(ask(41)).rejects.toMatchObject({ details: { reason: 'too_many_requests' } });
  await expect(ask(1)).resolves.toMatchObject({ jobs: [] });
});
