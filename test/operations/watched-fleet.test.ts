import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { freePort } from '#libs/database/free-port';
import { BROKER_WAIT_MS, testBroker, type TestBroker } from '#libs/testing/broker';
import { eventually, serviceProcess, type ServiceProcess } from '#libs/testing/child-process';
import { testRedisUrl } from '#libs/testing/redis';
import { testDatabase, type TestDatabase } from '#libs/testing/database';
import { programPath } from '../../scripts/backing-services/programs.js';
import { dashboards } from '../../scripts/chart/dashboards.js';

/** A fleet of processes as a cluster has it, two of some, and a Prometheus that reads them. */
interface Replica {
  entry: string;
  ops: number;
  port: number;
  process: ServiceProcess;
}
let broker: TestBroker;
let folder: string;
let database: TestDatabase;
let prometheus: ChildProcess | undefined;
let prometheusUrl: string;
const fleet: Replica[] = [];

const environment = () => ({
  LOG_FORMAT: 'json',
  LOG_LEVEL: 'warn',
  DATABASE_URL: database.url,
  DATABASE_POOL_SIZE: '4',
  RABBITMQ_URL: broker.url,
  REDIS_URL: testRedisUrl('watched fleet'),
  S3_ENDPOINT_URL: process.env.S3_ENDPOINT_URL,
  S3_ACCESS_KEY: process.env.S3_ACCESS_KEY,
  S3_SECRET_KEY: process.env.S3_SECRET_KEY,
  S3_BUCKET_NAME: process.env.S3_BUCKET_NAME,
  SECRET_KEY: 'a key for tests only',
  DATA_DIR: folder,
});

async function start(entry: string, place: { ops: number; port: number }): Promise<Replica> {
  const process = serviceProcess(entry, { ...environment(), OPS_PORT: String(place.ops), PORT: String(place.port) });
  const replica = { entry, ...place, process };
  const died = process.ended.then((code) => Promise.reject(new Error(`${entry} ended (${code}): ${process.output()}`)));
  await Promise.race([eventually(() => isReady(replica)), died]);
  died.catch(() => undefined);
  return replica;
}
const newPlace = async () => ({ ops: await freePort(), port: await freePort() });
const isReady = async ({ ops }: { ops: number }) => (await fetch(`http://127.0.0.1:${ops}/readyz`)).ok;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'evidverse-fleet-'));
  broker = await testBroker();
  database = await testDatabase();
  const entries = ['gateway', 'gateway', 'projects', 'projects', 'media', 'tasks', 'mesh', 'intel'].map(
    (name) => `${name}/main`,
  );
  const places: { ops: number; port: number }[] = [];
  for (let at = 0; at < entries.length; at++) places.push(await newPlace());
  fleet.push(...(await Promise.all(entries.map((entry, at) => start(entry, places[at]!)))));
  const port = await freePort();
  prometheusUrl = `http://127.0.0.1:${port}`;
  const targets = fleet.map(({ ops }) => `127.0.0.1:${ops}`);
  const config = {
    global: { scrape_interval: '1s', scrape_timeout: '1s' },
    scrape_configs: [{ job_name: 'evidverse', static_configs: [{ targets }] }],
  };
  writeFileSync(join(folder, 'prometheus.yml'), stringify(config));
  prometheus = spawn(
    programPath('prometheus'),
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'tsdb')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: 'ignore' },
  );
  await eventually(async () => (await fetch(`${prometheusUrl}/-/ready`)).ok);
}, BROKER_WAIT_MS + 300_000);
afterAll(async () => {
  prometheus?.kill('SIGKILL');
  for (const { process } of fleet) process.signal('SIGTERM');
  await Promise.all(fleet.map(({ process }) => process.ended));
  await database?.drop();
  await broker?.close();
  rmSync(folder, { recursive: true, force: true });
});

const gateways = () => fleet.filter(({ entry }) => entry === 'gateway/main');

test('a rolling restart of gateways and services under load loses no request', async () => {
  const rotation = new Set(gateways());
  const answers: number[] = [];
  /** Where each reader has its question just now. */
  const asked: Replica[] = [];
  let going = true;
  const reader = async (at: number) => {
    for (let turn = at; going; turn++) {
      asked[at] = [...rotation][turn % rotation.size]!;
      const answer = await fetch(`http://127.0.0.1:${asked[at].port}/api/v1/projects/feed`).catch(() => ({
        status: 0,
        text: () => '',
      }));
      await answer.text();
      answers.push(answer.status);
    }
  };
  const load = Promise.all([0, 1, 2, 3].map(reader));
  for (const old of fleet.filter(({ entry }) => entry === 'projects/main' || entry === 'gateway/main')) {
    const successor = await start(old.entry, await newPlace());
    if (old.entry === 'gateway/main') {
      // What a load balancer does while a pod waits in preStop.
      rotation.add(successor);
      rotation.delete(old);
      await eventually(() => Promise.resolve(!asked.includes(old)));
    }
    old.process.signal('SIGTERM');
    expect(await old.process.ended).toBe(0);
    fleet.splice(fleet.indexOf(old), 1, successor);
  }
  going = false;
  await load;
  expect(answers.length).toBeGreaterThan(100);
  expect(answers.filter((status) => status !== 200)).toEqual([]);
});

test('Prometheus reads every process, and every panel of every dashboard shows something', async () => {
  const targets = fleet.map(({ ops }) => `127.0.0.1:${ops}`);
  writeFileSync(
    join(folder, 'prometheus.yml'),
    stringify({
      global: { scrape_interval: '1s', scrape_timeout: '1s' },
      scrape_configs: [{ job_name: 'evidverse', static_configs: [{ targets }] }],
    }),
  );
  prometheus!.kill('SIGHUP');
  const up = async () => (await ask('up{job="evidverse"} == 1')).length === fleet.length;
  await eventually(up);
  const panels = Object.entries(dashboards()).flatMap(([name, board]) =>
    (board.panels as { title: string; targets: { expr: string }[] }[]).map(({ title, targets: lines }) => ({
      title: `${name}: ${title}`,
      expressions: lines.map(({ expr }) => expr.replaceAll('$__rate_interval', '30s')),
    })),
  );
  expect(panels.length).toBeGreaterThan(30);
  const shown: string[] = [];
  const stir = async () => {
    await fetch(`http://127.0.0.1:${gateways()[0]!.port}/api/v1/projects/feed`);
    await fetch(`http://127.0.0.1:${gateways()[0]!.port}/api/v1/projects/public/nobody`);
  };
  for (const { title, expressions } of panels) {
    const isQuiet = QUIET.some((pattern) => pattern.test(title));
    const found = async () => {
      await stir();
      const answers = await Promise.all(expressions.map(ask));
      return isQuiet || answers.some((series) => series.length > 0);
    };
    await eventually(found, 60_000).catch(() => shown.push(title));
  }
  expect(shown).toEqual([]);
});

/** Panels that rightly show nothing while nobody asks that service for anything, and nothing fails. */
const QUIET = [
  /^(media|tasks|mesh|intel): (Operations|Failures|Time for an operation)$/,
  /: Events heard$/,
  /: Failures$/,
  /: Events told after$/,
  /^mesh: (Leases|Age of leases|Waited for work|Politeness used)$/,
];

async function ask(expression: string): Promise<unknown[]> {
  const response = await fetch(`${prometheusUrl}/api/v1/query`, {
    method: 'POST',
    body: new URLSearchParams({ query: expression }),
  });
  const answer = (await response.json()) as { status: string; error?: string; data: { result: unknown[] } };
  if (answer.status !== 'success') throw new Error(`${expression}: ${answer.error}`);
  return answer.data.result;
}
