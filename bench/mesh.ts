import 'reflect-metadata';
import pg from 'pg';
import { connectionOptions } from '#libs/database/connection-options';
import { testDatabase } from '#libs/testing/database';
import { DataSource } from 'typeorm';
import { PostgresLeaseStore } from '../services/mesh/leases/postgres-lease-store.js';
import { Scheduler } from '../services/mesh/leases/scheduler.js';
import { realSeams } from '../services/mesh/leases/seams.js';
import { cpuOf, cycles } from './mesh/cycles.js';
import { fillMesh } from './mesh/fill.js';

const database = await testDatabase();
const source = new DataSource(connectionOptions('mesh', { DATABASE_URL: database.url, DATABASE_POOL_SIZE: 4 }, []));
await source.initialize();
const pool = (source.driver as unknown as { master: pg.Pool }).master;
const admin = new pg.Pool({ connectionString: database.url, options: '-c search_path=mesh', max: 2 });
for (const [sites, jobs] of [[1000, 60_000]] as const) {
  await fillMesh(admin, { sites, jobs });
  const scheduler = new Scheduler(
    new PostgresLeaseStore(pool),
    realSeams,
    { ttlMs: 300_000, quarantineMs: 30_000 },
    {
      lapsed: () => {},
      contended: () => {},
      freed: () => {},
    },
  );
  await scheduler.load();
  await cycles(scheduler, { count: 2000, lanes: 64 });
  const pids = (
    await pool.query<{ pid: number }>(`select pid from pg_stat_activity where application_name = 'evidverse-mesh'`)
  ).rows.map(({ pid }) => pid);
  const before = cpuOf(pids);
  const n = 20_000;
  const rate = await cycles(scheduler, { count: n, lanes: 256 });
  console.log(
    sites,
    jobs,
    Math.round(rate),
    'cycles/s',
    ((cpuOf(pids) - before) / n).toFixed(1),
    'us/cycle',
    JSON.stringify(process.cpuUsage()),
  );
  scheduler.close();
}
await source.destroy();
await admin.end();
await database.drop();
