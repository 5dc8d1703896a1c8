import 'reflect-metadata';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import pg from 'pg';
import { packageRoot } from '#libs/config/package-root';
import '#libs/database/connection-options';
import { freePort } from '#libs/database/free-port';
import { testDatabase } from '#libs/testing/database';
import { LEASE_PLANS } from '../services/mesh/engine.js';
import { PostgresLeaseStore } from '../services/mesh/leases/postgres-lease-store.js';
import { Scheduler } from '../services/mesh/leases/scheduler.js';
import { realSeams } from '../services/mesh/leases/seams.js';
import { cycles } from './mesh/cycles.js';
import { fillMesh } from './mesh/fill.js';
import { overHttp } from './mesh/over-http.js';
import { bull, graphile, pgBoss, type Peer } from './mesh/peers.js';
import { cpuWithRedis, cpuWithServer, serverOf } from './mesh/processor-time.js';

/**
 * What a cycle of the mesh costs (lease, finish, cursor moved, history written) beside what graphile-worker, pg-boss and
 * Bull need to take and finish a job, by size; and how many cycles the mesh's own door answers.
 */
const COUNT = Number(process.argv[2] ?? 20_000);
const KEY = 'the key of the benchmark';
const database = await testDatabase();
const admin = new pg.Pool({ connectionString: database.url, options: '-c search_path=mesh', max: 2 });
const server = serverOf((await admin.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]!.pid);
const rows: { name: string; perSecond: number; cpu: number }[] = [];

async function measured(name: string, cpu: () => Promise<number> | number, work: () => Promise<number>): Promise<void> {
  const before = await cpu();
  const begun = performance.now();
  const done = await work();
  const perSecond = (done * 1000) / (performance.now() - begun);
  rows.push({ name, perSecond, cpu: ((await cpu()) - before) / done });
}

for (const [sites, jobs] of [
  [1000, 3 * COUNT],
  [100_000, 5 * COUNT],
] as const) {
  await fillMesh(admin, { sites, jobs });
  const pool = new pg.Pool({ connectionString: database.url, options: `-c search_path=mesh ${LEASE_PLANS}`, max: 4 });
  const silent = { lapsed: () => {}, contended: () => {}, freed: () => {} };
  const scheduler = new Scheduler(
    new PostgresLeaseStore(pool),
    realSeams,
    { ttlMs: 300_000, quarantineMs: 30_000 },
    silent,
  );
  await scheduler.load();
  await cycles(scheduler, { count: 2000, lanes: 64 });
  await measured(
    `mesh, ${sites} sites, ${jobs} jobs`,
    () => cpuWithServer(server),
    () => cycles(scheduler, { count: COUNT, lanes: 256 }),
  );
  scheduler.close();
  await pool.end();
}

const redis = new Redis(process.env.REDIS_URL!);
const peers: [Peer, () => Promise<number> | number][] = [
  [graphile(database.url, admin), () => cpuWithServer(server)],
  [pgBoss(database.url), () => cpuWithServer(server)],
  [bull(process.env.REDIS_URL!), () => cpuWithRedis(redis)],
];
for (const [peer, cpu] of peers) {
  await peer.prepare(COUNT);
  await measured(peer.name, cpu, async () => {
    await peer.work(COUNT);
    return COUNT;
  });
  await peer.close();
}
redis.disconnect();

const ours = rows[0]!;
console.log(
  `\n${'one lease and finish'.padEnd(36)} ${'per second'.padStart(10)} ${'CPU µs'.padStart(8)} ${'CPU × mesh'.padStart(11)}`,
);
for (const { name, perSecond, cpu } of rows)
  console.log(
    `${name.padEnd(36)} ${perSecond.toFixed(0).padStart(10)} ${cpu.toFixed(0).padStart(8)} ${(cpu / ours.cpu).toFixed(2).padStart(11)}`,
  );

await fillMesh(admin, { sites: 5000, jobs: 200_000 });
const port = await freePort();
const settings = {
  NETWORK_SHARED_KEY: KEY,
  MESH_PORT: String(port),
  RABBITMQ_URL: 'in-process:bench',
  LOG_LEVEL: 'fatal',
  DATABASE_URL: database.url,
};
const service = spawn(process.execPath, [join(packageRoot(), 'dist/services/mesh/main.js')], {
  env: { PATH: process.env.PATH, ...settings },
  stdio: ['ignore', 'ignore', 'inherit'],
});
while ((await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => undefined))?.ok !== true) await sleep(100);
await admin.query(`update nodes set role = 'legacy'`);
console.log(
  `\n${'over HTTP, at the door of the mesh'.padEnd(36)} ${'cycles/s'.padStart(10)} ${'p50 ms'.padStart(8)} ${'p99 ms'.padStart(8)}`,
);
for (const nodes of [1, 32, 128]) {
  const { perSecond, p50, p99 } = await overHttp(port, KEY, { nodes, seconds: 4 });
  console.log(
    `${`${nodes} nodes, finish and next lease`.padEnd(36)} ${perSecond.toFixed(0).padStart(10)} ${p50.toFixed(1).padStart(8)} ${p99.toFixed(1).padStart(8)}`,
  );
}
const exited = new Promise((resolve) => service.once('exit', resolve));
service.kill('SIGTERM');
await exited;
await admin.end();
await database.drop();
