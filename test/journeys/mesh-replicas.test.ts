import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Caller } from '#libs/contracts/caller';
import * as jobs from '#libs/contracts/mesh-jobs';
import * as sites from '#libs/contracts/mesh-sites';
import { freePort } from '#libs/database/free-port';
import { eventually, serviceProcess, type ServiceProcess } from '#libs/testing/child-process';
import { runServices, type RunningServices } from '#libs/testing/running';
import { verdictOn, type Acknowledged } from '../../scripts/chaos-mesh/verdict.js';
import { mesh } from '../../services/mesh/service.js';

/** Several schedulers on one database: two as processes of their own with a door each, and one here that makes the jobs. */
const KEY = 'a key that every node has';
const LEASE_S = 3;
const admin: Caller = { user_id: randomUUID(), role: 'admin', session_id: randomUUID() };
let running: RunningServices;
let database: pg.Pool;
const doors: { url: string; process: ServiceProcess }[] = [];

async function openDoor(place: number): Promise<void> {
  const port = String(await freePort());
  const process = serviceProcess('mesh/main', {
    DATABASE_URL: running.databaseUrl,
    RABBITMQ_URL: `in-process:${place}`,
    SECRET_KEY: 'a key for tests only',
    NETWORK_SHARED_KEY: KEY,
    LEASE_DURATION_SECONDS: String(LEASE_S),
    MESH_MIN_INTERVAL_MS: '0',
    MESH_PORT: port,
    LOG_LEVEL: 'error',
  });
  doors[place] = { url: `http://127.0.0.1:${port}`, process };
  await eventually(async () => (await fetch(`http://127.0.0.1:${port}/healthz`)).ok);
}

beforeAll(async () => {
  running = await runServices([mesh], {
    NETWORK_SHARED_KEY: KEY,
    LEASE_DURATION_SECONDS: String(LEASE_S),
    MESH_MIN_INTERVAL_MS: '0',
  });
  database = new pg.Pool({ connectionString: running.databaseUrl, options: '-c search_path=mesh', max: 2 });
  database.on('error', () => {});
  await Promise.all([openDoor(0), openDoor(1)]);
});
afterAll(async () => {
  for (const { process } of doors) process.signal('SIGKILL');
  await Promise.all(doors.map(({ process }) => process.ended));
  await database.end();
  await running.close();
});

interface Job {
  id: number;
  lease_token: string;
  cursor: string | null;
}
interface Answer {
  status: number;
  body: { jobs?: Job[]; reason?: string; state?: string };
}

async function ask(door: number, path: string, body: object): Promise<Answer | undefined> {
  const answer = await fetch(doors[door]!.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-network-key': KEY },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(60_000),
  }).catch(() => undefined);
  return answer === undefined
    ? undefined
    : { status: answer.status, body: (await answer.json().catch(() => ({}))) as Answer['body'] };
}

async function sitesWith(count: number, jobsEach: number): Promise<string[]> {
  const names = Array.from({ length: count }, () => `s-${randomUUID().slice(0, 8)}`);
  for (const site_id of names) {
    await running.broker.call(sites.putSite, { site_id, min_interval_ms: 0 }, admin);
    await running.broker.call(sites.putCursor, { site_id, name: 'main', order: 'integer', value: '0' }, admin);
  }
  const drafts = names.flatMap((site_id) => Array.from({ length: jobsEach }, () => ({ site_id, max_attempts: 50 })));
  if (drafts.length > 0) await running.broker.call(jobs.createJobs, { jobs: drafts }, admin);
  return names;
}

const finish = (door: number, node_id: string, job: Job, more: object = {}) =>
  ask(door, '/v1/jobs/finish', { node_id, job_id: job.id, lease_token: job.lease_token, success: true, ...more });

test('a worker that waits at one door has the job that was made elsewhere, and may report at the other door', async () => {
  const [site] = await sitesWith(1, 0);
  for (const door of [0, 1]) {
    await eventually(
      async () =>
        (await ask(door, '/v1/jobs/lease', { node_id: 'looks', want_sites: [site] }))!.body.reason === 'no_jobs',
    );
    const waiting = ask(door, '/v1/jobs/lease', { node_id: `waits-${door}`, want_sites: [site], wait_s: 15 });
    await eventually(async () => {
      // It has come in when its name is written down; then it waits.
      const { rows } = await database.query('select from nodes where node_id = $1', [`waits-${door}`]);
      return rows.length > 0;
    });
    await running.broker.call(jobs.createJobs, { jobs: { site_id: site! } }, admin);
    const [job] = (await waiting)!.body.jobs!;
    expect(job).toBeDefined();
    expect((await finish(1 - door, `waits-${door}`, job!))!.body.state).toBe('done');
  }
});

test('doors are killed, connections cut and workers late, and every site is crawled by one at a time and nothing is lost', async () => {
  const names = await sitesWith(8, 25);
  const acknowledged: Acknowledged[] = [];
  const leasedAt = [0, 0];
  let isOver = false;
  const live = async (node_id: string, n: number): Promise<void> => {
    const isZombie = n % 10 === 0;
    for (let turn = n; !isOver; turn++) {
      const door = turn % 2;
      const answer = await ask(door, '/v1/jobs/lease', { node_id, want_sites: names, wait_s: 1 });
      const [job] = answer?.body.jobs ?? [];
      if (job === undefined) await sleep(50);
      else {
        leasedAt[door]!++;
        // One in ten has gone to sleep with its job, and reports when the lease is long over.
        if (isZombie && turn % 3 === 0) await sleep(LEASE_S * 1300);
        await report(node_id, job, turn);
      }
    }
  };
  const report = async (node_id: string, job: Job, turn: number): Promise<void> => {
    const moved = { new_cursor_value: String(Number(job.cursor) + 1) };
    for (let attempt = 0; attempt < 20; attempt++) {
      const answer = await finish((turn + attempt) % 2, node_id, job, moved);
      if (answer?.status === 200) {
        const [slot, epoch] = job.lease_token.split('.').map(Number);
        acknowledged.push({ job: job.id, slot: slot!, epoch: epoch!, node: node_id });
      }
      if (answer !== undefined && answer.status < 500) return;
      await sleep(100);
    }
  };
  const workers = Array.from({ length: 20 }, (_, n) => live(`node-${n}`, n));
  const doneAtLeast = (count: number) => eventually(async () => acknowledged.length >= count);
  await doneAtLeast(40);
  expect(Math.min(...leasedAt)).toBeGreaterThan(0);
  doors[0]!.process.signal('SIGKILL');
  await doneAtLeast(80);
  await openDoor(0);
  await database.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'evidverse-mesh%' and datname = current_database()`,
  );
  doors[1]!.process.signal('SIGKILL');
  await openDoor(1);
  await eventually(async () => {
    const { rows } = await database.query<{ left: number }>(
      `select count(*)::int as left from jobs where state = 'queued'`,
    );
    return rows[0]!.left === 0;
  });
  isOver = true;
  await Promise.all(workers);
  const query = async <Row extends object>(sql: string, values: unknown[] = []) =>
    (await database.query<Row>(sql, values)).rows;
  const { violations } = await verdictOn(query, acknowledged, { minIntervalMs: 0 });
  expect(violations).toEqual([]);
});
