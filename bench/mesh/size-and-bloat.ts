import type pg from 'pg';
import { PostgresLeaseStore } from '../../services/mesh/leases/postgres-lease-store.js';
import { Scheduler } from '../../services/mesh/leases/scheduler.js';
import { realSeams } from '../../services/mesh/leases/seams.js';

/** A scheduler on a pool, with leases of five minutes, that tells nobody. */
export async function schedulerOn(pool: pg.Pool): Promise<Scheduler> {
  const silent = { lapsed: () => {}, contended: () => {}, freed: () => {} };
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
