import 'reflect-metadata';
import { Redis } from 'ioredis';
import pg from 'pg';
import '#libs/database/connection-options';
import { testDatabase } from '#libs/testing/database';
import { LEASE_PLANS } from '../services/mesh/engine.js';
import { cycles } from './mesh/cycles.js';
import { fillMesh } from './mesh/fill.js';
import { offered, overHttp } from './mesh/over-http.js';
import { bull, graphile, pgBoss, type Peer } from './mesh/peers.js';
import { politeness } from './mesh/politeness.js';
import { cpuWithRedis, cpuWithServer, serverOf } from './mesh/processor-time.js';
import { progressOf } from './mesh/progress.js';
import { startMesh } from './mesh/service-process.js';
import { bloat, schedulerOn } from './mesh/size-and-bloat.js';
import { comesBack, idleFleet, wakes } from './mesh/waiting.js';

/**
 * What the mesh costs, and how fast it is, beside queues that do less; `npm run bench -- mesh cycles` for one part alone,
 * `npm run bench -- mesh bloat 10000000` for how many.
 * The parts: cycles (and the peers), http, waiting, fleet, bloat, politeness.
 */
const PARTS = ['cycles', 'http', 'waiting', 'fleet', 'bloat', 'politeness'];
const [part = 'all', count = ''] = process.argv.slice(2);
const counted = (usual: number) => (count === '' ? usual : Number(count.replaceAll('_', '')));
if (!(counted(1) >= 1)) throw new Error(`How many, instead of ${count}?`);
if (part !== 'all' && !PARTS.includes(part)) throw new Error(`The parts are ${PARTS.join(', ')}.`);
const isAsked = (name: string) => part === 'all' || part === name;

const database = await testDatabase();
const admin = new pg.Pool({ connectionString: database.url, options: '-c search_path=mesh', max: 2 });
const pool = new pg.Pool({ connectionString: database.url, options: `-c search_path=mesh ${LEASE_PLANS}`, max: 4 });
const server = serverOf((await admin.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]!.pid);
const say = (name: string, ...figures: string[]) =>
  console.log(`${name.padEnd(44)} ${figures.map((figure) => figure.padStart(12)).join(' ')}`);
const ms = (value: number) => `${value.toFixed(1)} ms`;
const asLegacy = () => admin.query(`update nodes set role = 'legacy'`);

async function besidePeers(): Promise<void> {
  const COUNT = counted(30_000);
  // What has just begun is still being compiled; each does as much before it is measured.
  const WARM_UP = 50_000;
  const rows: { name: string; perSecond: number; cpu: number }[] = [];
  const measured = async (name: string, cpu: () => Promise<number> | number, work: () => Promise<number>) => {
    const before = await cpu();
    const begun = performance.now();
    const done = await work();
    const perSecond = (done * 1000) / (performance.now() - begun);
    rows.push({ name, perSecond, cpu: ((await cpu()) - before) / done });
  };
  for (const [sites, jobs] of [
    [1000, 100_000],
    [100_000, 100_000],
    [100_000, 1_000_000],
  ] as const) {
    await fillMesh(admin, { sites, jobs });
    const scheduler = await schedulerOn(pool);
    await cycles(scheduler, { count: WARM_UP, lanes: 256 });
    const name = `mesh, ${sites} sites, ${jobs} jobs`;
    await measured(
      name,
      () => cpuWithServer(server),
      () => cycles(scheduler, { count: COUNT, lanes: 256 }),
    );
    scheduler.close();
  }
  const redis = new Redis(process.env.REDIS_URL!);
  const peers: [Peer, () => Promise<number> | number][] = [
    [graphile(database.url, admin), () => cpuWithServer(server)],
    [pgBoss(database.url), () => cpuWithServer(server)],
    [bull(process.env.REDIS_URL!), () => cpuWithRedis(redis)],
  ];
  for (const [peer, cpu] of peers) {
    await peer.prepare(WARM_UP);
    await peer.work(WARM_UP);
    await peer.prepare(COUNT);
    await measured(peer.name, cpu, async () => {
      await peer.work(COUNT);
      return COUNT;
    });
    await peer.close();
  }
  redis.disconnect();
  say('one lease and finish', 'per second', 'CPU µs', 'CPU × mesh');
  for (const { name, perSecond, cpu } of rows)
    say(name, perSecond.toFixed(0), cpu.toFixed(0), (cpu / rows[0]!.cpu).toFixed(2));
}

async function throughTheDoor(): Promise<void> {
  for (const sites of [1000, 100_000]) {
    await fillMesh(admin, { sites, jobs: 200_000 });
    await asLegacy();
    const mesh = await startMesh(database.url);
    say(`over HTTP, ${sites} sites`, 'cycles/s', 'p50', 'p99');
    for (const nodes of [1, 32, 128]) {
      const { perSecond, p50, p99 } = await overHttp(mesh.port, { nodes, seconds: 5 });
      say(`${nodes} nodes, finish and next lease in one`, perSecond.toFixed(0), ms(p50), ms(p99));
    }
    const wish = { nodes: 1000, perSecond: 200, seconds: 10 };
    const { perSecond, p50, p99 } = await offered(mesh.port, wish);
    say('1000 nodes, 200 leases/s offered: a lease', perSecond.toFixed(0), ms(p50), ms(p99));
    await mesh.stop();
  }
}

async function waiting(): Promise<void> {
  await fillMesh(admin, { sites: 400, jobs: 4000 });
  await asLegacy();
  const { p50, p99 } = await wakes(admin, database.url, 300);
  say('a site is eligible, a waiting node has it', '', ms(p50), ms(p99));
  await fillMesh(admin, { sites: 1, jobs: 10 });
  await asLegacy();
  const { crashed, promised, released } = await comesBack(database.url);
  say('a crashed node’s site comes back after', `${crashed.toFixed(2)} s`, `≤ ${promised.toFixed(2)} s`);
  say('a site that is handed back, after', `${released.toFixed(2)} s`, '≤ 2 s');
}

async function fleet(): Promise<void> {
  await fillMesh(admin, { sites: 100, jobs: 0 });
  const figures = await idleFleet(admin, database.url, { registered: 10_000, parked: 5000, seconds: 15 });
  say('10000 registered, waiting', String(figures.waiting));
  say('memory, statements a second', `${figures.memory.toFixed(0)} MB`, figures.statements.toFixed(1));
}

async function hotRows(): Promise<void> {
  const count = counted(300_000);
  const { done, hot, firstKB, mostKB } = await bloat(admin, pool, { count, progress: progressOf('bloat') });
  say(`${done} cycles: streams stayed on their page`, `${(100 * hot).toFixed(2)} %`);
  const grown = `× ${(mostKB / firstKB).toFixed(2)}`;
  say('the table of streams, at first and at most', `${firstKB.toFixed(0)} kB`, `${mostKB.toFixed(0)} kB`, grown);
}

async function polite(): Promise<void> {
  const { leases, violations, used, fairness } = await politeness(counted(1_000_000), progressOf('politeness'));
  say(`${leases} simulated leases: violations`, String(violations.length));
  for (const violation of violations) console.log(violation);
  say('of the allowed rate, Jain’s index', `${(100 * used).toFixed(1)} %`, fairness.toFixed(4));
}

if (isAsked('cycles')) await besidePeers();
if (isAsked('http')) await throughTheDoor();
if (isAsked('waiting')) await waiting();
if (isAsked('fleet')) await fleet();
if (isAsked('bloat')) await hotRows();
if (isAsked('politeness')) await polite();
await pool.end();
await admin.end();
await database.drop();
