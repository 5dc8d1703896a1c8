import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { asking, done, quantile } from './asking.js';
import { startMesh } from './service-process.js';

/** How long after a site has become eligible the node that waits for it has its lease, in ms. */
export async function wakes(pool: pg.Pool, url: string, sites: number): Promise<{ p50: number; p99: number }> {
  await pool.query(`update slots set eligible_at = now() + (6 + 8 * id::float8 / $1) * interval '1 s' where id <= $1`, [
    sites,
  ]);
  const { rows } = await pool.query<{ name: string; at: number }>(
    `select t.site_id as name, extract(epoch from s.eligible_at)::float8 * 1000 as at from slots s join sites t on t.group_id = s.group_id where s.id <= $1`,
    [sites],
  );
  const mesh = await startMesh(url);
  const { ask, close } = asking(mesh.port, sites);
  const late = await Promise.all(
    rows.map(async ({ name, at }, n) => {
      const { jobs } = await ask('/v1/jobs/lease', { node_id: `node-${n + 1}`, want_sites: [name], wait_s: 40 });
      return jobs?.length === 1 ? performance.timeOrigin + performance.now() - at : Infinity;
    }),
  );
  close();
  await mesh.stop();
  return { p50: quantile(late, 0.5), p99: quantile(late, 0.99) };
}

/** What a fleet costs that waits: memory of the mesh in MB, and statements a second. */
export async function idleFleet(
  pool: pg.Pool,
  url: string,
  { registered, parked, seconds }: { registered: number; parked: number; seconds: number },
): Promise<{ memory: number; statements: number; waiting: number }> {
  await pool.query(
    `insert into nodes (node_id, role, quota) select 'fleet-' || n, 'legacy', 20 from generate_series(1, $1::int) n`,
    [registered],
  );
  const mesh = await startMesh(url);
  const { ask, close } = asking(mesh.port, parked);
  for (let n = 1; n <= registered; n += 50)
    await Promise.all(
      Array.from({ length: 50 }, (_, at) =>
        ask('/v1/worker/register', { node_id: `fleet-${n + at}`, capabilities: { os: 'linux' } }),
      ),
    );
  let answered = 0;
  for (let n = 1; n <= parked; n++)
    void ask('/v1/jobs/lease', { node_id: `fleet-${n}`, want_sites: ['site-1'], wait_s: 50 }).then(
      () => answered++,
      () => answered++,
    );
  await sleep(10_000);
  const asked = async () =>
    (
      await pool.query<{ n: number }>(
        `select xact_commit::float8 as n from pg_stat_database where datname = current_database()`,
      )
    ).rows[0]!.n;
  const before = await asked();
  await sleep(seconds * 1000);
  // Those that ask this are two of them.
  const statements = ((await asked()) - before - 2) / seconds;
  const figures = { memory: mesh.memory(), statements, waiting: parked - answered };
  close();
  await mesh.stop();
  return figures;
}

/** How long a site is away when its node has crashed, and when its node hands it back, in seconds; and what is promised. */
export async function comesBack(url: string): Promise<{ crashed: number; promised: number; released: number }> {
  const LEASE_S = 4;
  const mesh = await startMesh(url, { LEASE_DURATION_SECONDS: String(LEASE_S) });
  const { ask, close } = asking(mesh.port, 4);
  const wait = { want_sites: ['site-1'], wait_s: 30 };
  await ask('/v1/jobs/lease', { node_id: 'node-1', ...wait });
  let begun = performance.now();
  const [job] = (await ask('/v1/jobs/lease', { node_id: 'node-2', ...wait })).jobs!;
  const crashed = (performance.now() - begun) / 1000;
  const next = ask('/v1/jobs/lease', { node_id: 'node-3', ...wait });
  begun = performance.now();
  const { id: job_id, lease_token } = job!;
  await ask(`/v1/jobs/${job_id}/release`, { node_id: 'node-2', lease_token });
  const [last] = (await next).jobs!;
  const released = (performance.now() - begun) / 1000;
  await ask('/v1/jobs/finish', done('node-3', last!));
  close();
  await mesh.stop();
  return { crashed, promised: LEASE_S * 1.1 + 1, released };
}
