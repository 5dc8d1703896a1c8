import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { packageRoot } from '#libs/config/package-root';
import { startEmbeddedPostgres } from '#libs/database/embedded-postgres';
import { freePort } from '#libs/database/free-port';
import { migrate } from '#libs/database/migrate';
import { findPostgres } from '#libs/database/postgres-process';
import { cuttableLink } from '#libs/testing/cuttable-link';
import { verdictOn, type Acknowledged } from './chaos-mesh/verdict.js';

/**
 * `npm run chaos:mesh -- 60`: so many seconds of accidents on real processes and a real PostgreSQL that writes through: two
 * schedulers killed outright, PostgreSQL stopped at once, connections ended, node processes frozen for one to three lease
 * times, one node in ten a liar. Then everything has to come to rest, and every promise is read from what was written.
 */
const SECONDS = Number(process.argv[2] ?? 60);
const [HOSTS, NODES_EACH, SITES, LEASE_S, MIN_INTERVAL_MS] = [4, 32, 48, 3, 50];
const KEY = 'the shared key of the chaos';
const root = packageRoot();
const say = (line: string) => console.log(`${new Date().toISOString().slice(11, 23)} ${line}`);

const directory = mkdtempSync(join(tmpdir(), 'chaos-mesh-'));
// PostgreSQL may run as another user than we do.
chmodSync(directory, 0o755);
let postgres = await startEmbeddedPostgres({ directory, durable: true });
await migrate(postgres.url);
const wire = await cuttableLink(postgres.url);
const doors = await Promise.all([freePort(), freePort()]);
const replicas: ChildProcess[] = [];
const hosts: ChildProcess[] = [];
const acknowledged: Acknowledged[] = [];

function startReplica(place: number): void {
  const env = {
    PATH: process.env.PATH,
    LOG_LEVEL: 'fatal',
    DATABASE_URL: wire.url,
    RABBITMQ_URL: `in-process:${place}`,
    SECRET_KEY: KEY,
    NETWORK_SHARED_KEY: KEY,
    LEASE_DURATION_SECONDS: String(LEASE_S),
    MESH_MIN_INTERVAL_MS: String(MIN_INTERVAL_MS),
    MESH_PORT: String(doors[place]),
  };
  const child = spawn(process.execPath, [join(root, 'dist/services/mesh/main.js')], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  replicas[place] = child;
}

function startHost(place: number): void {
  const urls = doors.map((port) => `http://127.0.0.1:${port}`);
  const settings = JSON.stringify({ place, urls, key: KEY, nodes: NODES_EACH, leaseMs: LEASE_S * 1000, zombies: 0.1 });
  const child = spawn(process.execPath, [join(root, 'dist/scripts/chaos-mesh/nodes.js'), settings], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  createInterface({ input: child.stdout }).on('line', (line) => acknowledged.push(JSON.parse(line) as Acknowledged));
  hosts[place] = child;
}

const query = async <Row extends object>(sql: string, values: unknown[] = []): Promise<Row[]> => {
  const client = new pg.Client({ connectionString: postgres.url, options: '-c search_path=mesh' });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query<Row>(sql, values)).rows;
  } finally {
    await client.end();
  }
};

/** Three times as many jobs as can be done meanwhile, so that there is always work. */
const JOBS = Math.max(1000, SECONDS * 150);
await query(`insert into groups (name, min_interval_ms) select 'site-' || n, $2 from generate_series(1, $1::int) n`, [
  SITES,
  MIN_INTERVAL_MS,
]);
await query(`insert into sites (site_id, group_id) select name, id from groups order by id`);
await query(`insert into slots (group_id, stream) select id, 0 from groups order by id`);
await query(`insert into cursors (site, name, ordering) select id, 'main', 'integer' from sites`);
await query(
  `insert into jobs (site, kind, max_attempts) select 1 + n % $1::int, 'full', 100 from generate_series(0, $2::int - 1) n`,
  [SITES, JOBS],
);

/** Resolves when every scheduler answers; a machine that is busy may take its time over it. */
async function allUp(): Promise<void> {
  for (const port of doors)
    for (;;) {
      const answer = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => undefined);
      if (answer?.ok === true) break;
      await sleep(200);
    }
}

for (const place of [0, 1]) startReplica(place);
await allUp();
for (let place = 0; place < HOSTS; place++) startHost(place);
const counts = { schedulers_killed: 0, postgres_stopped: 0, connections_ended: 0, hosts_frozen: 0 };

async function accident(): Promise<void> {
  const dice = Math.random();
  if (dice < 0.35) {
    const place = Math.floor(Math.random() * 2);
    replicas[place]!.kill('SIGKILL');
    await sleep(Math.random() * 1500);
    startReplica(place);
    if (Math.random() < 0.7) await allUp();
    counts.schedulers_killed++;
  } else if (dice < 0.55) {
    await query(`select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'evidverse-mesh%'`);
    counts.connections_ended++;
  } else if (dice < 0.7) {
    const pid = findPostgres(join(directory, 'postgres')).running!.pid;
    process.kill(pid, 'SIGQUIT');
    while (findPostgres(join(directory, 'postgres')).running !== undefined) await sleep(50);
    await sleep(Math.random() * 1000);
    postgres = await startEmbeddedPostgres({ directory, durable: true });
    wire.moveTo(postgres.url);
    counts.postgres_stopped++;
  } else {
    const host = hosts[Math.floor(Math.random() * HOSTS)]!;
    host.kill('SIGSTOP');
    void sleep(LEASE_S * 1000 * (1 + 2 * Math.random())).then(() => host.kill('SIGCONT'));
    counts.hosts_frozen++;
  }
}

/** Nodes take no new work and bring to an end what they are at; resolves when the last of them has gone. */
async function allGone(): Promise<void> {
  const gone = hosts.map((host) => (host.exitCode === null ? once(host, 'exit') : undefined));
  for (const host of hosts) host.kill('SIGTERM');
  await Promise.all(gone);
}

say(
  `${SITES} sites, ${JOBS} jobs, ${HOSTS * NODES_EACH} nodes, 2 schedulers, leases of ${LEASE_S} s; ${SECONDS} s of accidents`,
);
try {
  await sleep(3000);
  for (const end = Date.now() + SECONDS * 1000; Date.now() < end;) {
    await accident();
    await sleep(1000 + Math.random() * 3000);
  }
  say(`${JSON.stringify(counts)}; now everything comes to rest`);
  await allUp();
  await sleep(3 * LEASE_S * 1000);
  await allGone();
  await sleep((LEASE_S * 1.1 + 2) * 1000);
  const lines = await verdictOn(query, acknowledged, { minIntervalMs: MIN_INTERVAL_MS });
  for (const line of lines.figures) say(line);
  for (const line of lines.violations) say(`BROKEN: ${line}`);
  say(lines.violations.length === 0 ? 'Every promise was kept.' : `${lines.violations.length} promises were broken.`);
  process.exitCode = lines.violations.length === 0 ? 0 : 1;
} finally {
  for (const child of [...replicas, ...hosts]) child.kill('SIGKILL');
  await wire.close();
  await postgres.stop();
  rmSync(directory, { recursive: true, force: true });
}
