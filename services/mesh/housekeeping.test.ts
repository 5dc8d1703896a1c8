import * as worker from '#libs/contracts/mesh';
import * as jobs from '#libs/contracts/mesh-jobs';
import * as sites from '#libs/contracts/mesh-sites';
import { meshForTests } from '#libs/testing/running-mesh';
import { keepHouse } from './housekeeping.js';
import { mesh } from './service.js';

const { call, admin, network_key, database } = meshForTests(mesh);
const worker1 = { node_id: 'n1', network_key };

async function crawl(site: string, success = true): Promise<number> {
  const [job] = (await call(worker.leaseJobs, { ...worker1, want_sites: [site] })).jobs;
  await call(worker.finishJob, { ...worker1, job_id: job!.id, success, error_message: success ? null : 'broke' });
  return job!.id;
}

/** Moves all that ended into the past, and clears away what is old. */
async function aMonthLater(): Promise<void> {
  await database.query(`update jobs set finished_at = finished_at - interval '40 days'`);
  await database.query(`update history set at = at - interval '40 days'`);
  await keepHouse(database, { job: 0 });
}

test('a plan knows what it covers long after its jobs were cleared away', async () => {
  const plan = { site_id: 'planned', by: 'pages', from: 1, to: 50, size: 10 } as const;
  await call(sites.putSite, { site_id: plan.site_id, min_interval_ms: 0 }, admin);
  const { id } = await call(jobs.createPlan, plan, admin);
  const first = [await crawl(plan.site_id), await crawl(plan.site_id)];
  await aMonthLater();
  for (const job_id of first) await expect(call(jobs.getJob, { job_id }, admin)).rejects.toThrow();
  expect(await call(jobs.getPlan, { plan_id: id }, admin)).toMatchObject({
    parts: { total: 5, done: 2, pending: 3, dead: 0, cancelled: 0 },
    coverage: 0.4,
    covered: [{ from: 1, to: 20 }],
    missing: [{ from: 21, to: 50 }],
  });
  const waiting = (await call(jobs.listJobs, { site_id: plan.site_id, state: 'pending' }, admin)).items;
  const last = waiting.map((job) => job.id).sort((a, b) => b - a)[0]!;
  await call(jobs.cancelJob, { job_id: last }, admin);
  for (let n = 0; n < 2; n++) await crawl(plan.site_id);
  await aMonthLater();
  expect(await call(jobs.getPlan, { plan_id: id }, admin)).toMatchObject({
    parts: { total: 5, done: 4, pending: 0, dead: 0, cancelled: 1 },
    coverage: 0.8,
    complete: false,
  });
});

test('a dead letter keeps its history for as long as it is there', async () => {
  const site_id = 'failing';
  await call(sites.putSite, { site_id, min_interval_ms: 0 }, admin);
  await call(jobs.createJobs, { jobs: [{ site_id, max_attempts: 1 }, { site_id }] }, admin);
  const dead = await crawl(site_id, false);
  const done = await crawl(site_id);
  await aMonthLater();
  expect(await call(jobs.getJob, { job_id: dead }, admin)).toMatchObject({ history: [{ error: 'broke' }] });
  const { rows } = await database.query('select from history where job = $1', [done]);
  expect(rows).toEqual([]);
  await call(jobs.discardJob, { job_id: dead }, admin);
  await keepHouse(database, { job: 0 });
  expect((await database.query('select from history where job = $1', [dead])).rows).toEqual([]);
});
