import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { Caller } from '#libs/contracts/caller';
import * as jobs from '#libs/contracts/mesh-jobs';
import * as operators from '#libs/contracts/mesh-operators';
import * as sites from '#libs/contracts/mesh-sites';
import { runWorker } from '#libs/client/worker/run-worker';
import type { WorkerNews } from '#libs/client/worker/worker-news';
import { freePort } from '#libs/database/free-port';
import { openKeyring } from '#libs/sealing/sealing-config';
import { eventually, serviceProcess, type ServiceProcess } from '#libs/testing/child-process';
import { testDatabase, type TestDatabase } from '#libs/testing/database';
import { runServices, type RunningServices } from '#libs/testing/running';
import { secretInMemory } from '#libs/testing/secret-in-memory';
import { Seals } from '../../services/mesh/nodes/seals.js';
import { identityOf } from '../../services/mesh/operators/identity.js';
import { mesh } from '../../services/mesh/service.js';

/** Two clusters as processes of their own, each with its own database; they share nothing but the wire between them. */
interface Cluster {
  name: string;
  url: string;
  publicKey: string;
  database: TestDatabase;
  process?: ServiceProcess;
}
const KEY = 'a key that both clusters have';
const SECRET_KEY = 'what both clusters seal under';
const seals = new Seals(openKeyring({ SECRET_KEY }));
const admin: Caller = { user_id: randomUUID(), role: 'admin', session_id: randomUUID() };
let east: Cluster;
let west: Cluster;

async function prepare(name: string): Promise<Cluster> {
  const database = await testDatabase();
  const pool = new pg.Pool({ connectionString: database.url, options: '-c search_path=mesh', max: 1 });
  const { publicKey } = await identityOf(pool, seals);
  await pool.end();
  return { name, url: `http://127.0.0.1:${await freePort()}`, publicKey, database };
}

const settingsOf = ({ name, url, database }: Cluster, peer: Cluster) => ({
  DATABASE_URL: database.url,
  SECRET_KEY,
  NETWORK_SHARED_KEY: KEY,
  MESH_MIN_INTERVAL_MS: '0',
  MESH_PUBLIC_URL: url,
  MESH_CLUSTER: name,
  MESH_PEERS: `${peer.name}=${peer.url}#${peer.publicKey}`,
  MESH_PEERS_EVERY_S: '1',
});
const peerOf = (cluster: Cluster) => (cluster === east ? west : east);

async function start(cluster: Cluster): Promise<void> {
  cluster.process = serviceProcess('mesh/main', {
    ...settingsOf(cluster, peerOf(cluster)),
    RABBITMQ_URL: `in-process:${cluster.name}`,
    MESH_PORT: new URL(cluster.url).port,
    LOG_LEVEL: 'error',
  });
  await eventually(async () => (await fetch(`${cluster.url}/healthz`)).ok);
}
async function kill({ process }: Cluster): Promise<void> {
  process!.signal('SIGKILL');
  expect(await process!.ended).toBe('SIGKILL');
}

/** An administrator at work, through a replica that comes and goes; the process hears of it from the database. */
async function administering(cluster: Cluster, work: (call: RunningServices['broker']['call']) => Promise<unknown>) {
  const running = await runServices([mesh], settingsOf(cluster, peerOf(cluster)));
  await work((...args) => running.broker.call(...args)).finally(() => running.close());
}

beforeAll(async () => {
  [east, west] = [await prepare('east'), await prepare('west')];
  await Promise.all([start(east), start(west)]);
});
afterAll(async () => {
  for (const { process } of [east, west]) process?.signal('SIGKILL');
  await Promise.all([east, west].map(({ process }) => process?.ended));
  for (const { database } of [east, west]) await database.drop();
});

interface Answer {
  jobs?: { id: number; lease_token: string }[];
  reason?: string;
  elsewhere?: { site_id: string; owner: string; url: string }[];
  state?: string;
}
async function ask({ url }: Cluster, path: string, body: object): Promise<Answer> {
  const answer = await fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-network-key': KEY },
    body: JSON.stringify({ node_id: 'crawler', ...body }),
  });
  return (await answer.json()) as Answer;
}
const lease = (at: Cluster, site: string) => ask(at, '/v1/jobs/lease', { want_sites: [site] });
/** Resolves when a cluster sends nodes that want the site to another one. */
const sendsOn = (at: Cluster, site: string, to: Cluster) =>
  eventually(async () => {
    const { jobs, reason, elsewhere } = await lease(at, site);
    expect(jobs).toEqual([]);
    const isSent = reason === 'owned_elsewhere';
    if (isSent) expect(elsewhere).toEqual([{ site_id: site, owner: to.name, url: to.url }]);
    return isSent;
  });

test('a site moves from one cluster to the other, and each sends nodes to its owner, whoever of them is killed', async () => {
  const site = `moving-${randomUUID().slice(0, 8)}`;
  const both = { site_id: site, min_interval_ms: 0 };
  await administering(east, (call) => call(sites.putSite, both, admin));
  await sendsOn(west, site, east);
  let registration_token = '';
  await administering(west, async (call) => {
    await call(sites.putSite, both, admin);
    await call(jobs.createJobs, { jobs: [{ site_id: site }, { site_id: site }] }, admin);
    registration_token = (await call(operators.createKey, { kind: 'registration', uses: 1 }, admin)).secret!;
  });
  await sendsOn(west, site, east);

  const [news, drain] = [[] as WorkerNews[], new AbortController()];
  const secrets = secretInMemory();
  const worker = runWorker({
    ...{
      mesh: { server: west.url },
      node_id: 'wanderer',
      capabilities: { sites: [site] },
      secrets,
      registration_token,
    },
    ...{ want_sites: [site], wait_s: 0, drain: drain.signal },
    crawl: () => Promise.reject(new Error('There was nothing to crawl.')),
    tell: (one) => void news.push(one),
  });
  await eventually(async () => news.some(({ event }) => event === 'idle'));
  drain.abort();
  await worker;
  expect(news.filter(({ event }) => event === 'elsewhere')).toEqual([
    { event: 'elsewhere', site_id: site, owner: 'east', url: east.url },
  ]);

  const gift = { site_id: site, cluster: 'west', url: west.url, expected_epoch: 0 };
  await administering(east, (call) => call(operators.claimSite, gift, admin));
  await sendsOn(east, site, west);
  const [first] = await eventually(async () => {
    const { jobs } = await lease(west, site);
    return jobs!.length > 0 && jobs!;
  });

  // The one that gave the site away dies and comes back: it knows whom it gave it to.
  await kill(east);
  expect((await ask(west, '/v1/jobs/finish', { job_id: first!.id, ...first, success: true })).state).toBe('done');
  await start(east);
  await sendsOn(east, site, west);

  // The owner dies with a lease out: nobody takes its site meanwhile, and the lease holds when it is back.
  const [second] = (await lease(west, site)).jobs!;
  expect(second).toBeDefined();
  await kill(west);
  await sendsOn(east, site, west);
  await start(west);
  await sendsOn(east, site, west);
  expect((await ask(west, '/v1/jobs/finish', { job_id: second!.id, ...second, success: true })).state).toBe('done');
});
