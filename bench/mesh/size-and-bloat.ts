import type pg from 'pg';
import { cycles } from './cycles.js';
import { addJobs, fillMesh } from './fill.js';
import type { Progress } from './progress.js';
import { PostgresLeaseStore } from '../../services/mesh/leases/postgres-lease-store.js';
import { Scheduler } from '../../services/mesh/leases/scheduler.js';
import { realSeams } from '../../services/mesh/leases/seams.js';

/** A scheduler on a pool, with leases of five minutes, that tells nobody. */
export async function schedulerOn(pool: pg.Pool): Promise<Scheduler> {
  const silent = { granted: () => {}, lapsed: () => {}, contended: () => {}, freed: () => {} };
  const times = { ttlMs: 300_000, quarantineMs: 30_000 };
  const scheduler = new Scheduler(new PostgresLeaseStore(pool), realSeams, times, silent);
  await scheduler.load();
  return scheduler;
}

/** The size of the table of streams in kB, and how much of what was written to it stayed on its page, since the last reset. */
export async function hotTable(pool: pg.Pool): Promise<{ kB: number; hot: number; updates: number }> {
  await pool.query('select pg_stat_force_next_flush()').catch(() => {});
  const { rows } = await pool.query<{ kb: number; hot: number; updates: number }>(
    `select pg_table_size('slots')::float8 / 1024 as kb, n_tup_hot_upd::float8 as hot, n_tup_upd::float8 as updates
     from pg_stat_user_tables where relid = 'slots'::regclass`,
  );
  const { kb, hot, updates } = rows[0]!;
  return { kB: kb, hot, updates };
}

const SITES = 1000;
const A_ROUND = 250_000;

/** How the table of streams bears so many cycles; jobs that are done and their history are cleared away round by round. */
export async function bloat(
  admin: pg.Pool,
  pool: pg.Pool,
  { count, progress }: { count: number; progress: Progress },
): Promise<{ done: number; hot: number; firstKB: number; mostKB: number }> {
  await fillMesh(admin, { sites: SITES, jobs: 0 });
  await admin.query('vacuum slots');
  const first = await hotTable(admin);
  let done = 0;
  let mostKB = first.kB;
  for (;;) {
    const round = Math.min(A_ROUND, count - done);
    await addJobs(admin, { sites: SITES, jobs: round });
    const scheduler = await schedulerOn(pool);
    done += await cycles(scheduler, { count: round, lanes: 256 });
    scheduler.close();
    const now = await hotTable(admin);
    const hot = (now.hot - first.hot) / (now.updates - first.updates);
    mostKB = Math.max(mostKB, now.kB);
    if (done >= count) return { done, hot, firstKB: first.kB, mostKB };
    progress(done, count, `${now.kB.toFixed(0)} kB, ${(100 * hot).toFixed(2)} % stayed on their page`);
    await admin.query('truncate jobs, history');
  }
}
