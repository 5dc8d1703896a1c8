import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { Caller } from '#libs/contracts/caller';
import * as jobs from '#libs/contracts/mesh-jobs';
import * as operators from '#libs/contracts/mesh-operators';
import * as sites from '#libs/contracts/mesh-sites';
import { freePort } from '#libs/database/free-port';
import { openKeyring } from '#libs/sealing/sealing-config';
import { eventually } from '#libs/testing/child-process';
import { testDatabase, type TestDatabase } from '#libs/testing/database';
import { runServices, type RunningServices } from '#libs/testing/running';
import { Seals } from '../../services/mesh/nodes/seals.js';
import { identityOf } from '../../services/mesh/operators/identity.js';
import { mesh } from '../../services/mesh/service.js';

/** Two clusters, each with a database and a door of its own, that follow each other's claims. */
interface Cluster {
  name: string;
  url: string;
  key: string;
  database: TestDatabase;
  running: RunningServices;
}
const KEY = 'a key that both clusters have';
const SECRET_KEY = 'what both clusters seal under';
const seals = new Seals(openKeyring({ SECRET_KEY }));
const admin: Caller = { user_id: randomUUID(), role: 'admin', session_id: randomUUID() };
const clusters: Cluster[] = [];

async function prepare(name: string): Promise<Omit<Cluster, 'running'>> {
  const database = await testDatabase();
  const pool = new pg.Pool({ connectionString: database.url, options: '-c search_path=mesh', max: 1 });
  const { publicKey: key } = await identityOf(pool, seals);
  await pool.end();
  return { name, url: `http://127.0.0.1:${await freePort()}`, key, database };
}

beforeAll(async () => {
  const both = [await prepare('east'), await prepare('west')];
  for (const own of both) {
    const peers = both.filter((one) => one !== own);
    const running = await runServices([mesh], {
      DATABASE_URL: own.database.url,
      SECRET_KEY,
      NETWORK_SHARED_KEY: KEY,
      MESH_MIN_INTERVAL_MS: '0',
      // Nodes that race ask without a pause, as often as the machine is fast.
      MESH_NODE_PER_MINUTE: '100000000',
      MESH_ADDRESS_PER_MINUTE: '100000000',
      MESH_PORT: new URL(own.url).port,
      MESH_PUBLIC_URL: own.url,
      MESH_CLUSTER: own.name,
      MESH_PEERS: peers.map(({ name, url, key }) => `${name}=${url}#${key}`).join(' '),
      MESH_PEERS_EVERY_S: '1',
    });
    clusters.push({ ...own, running });
  }
});
afterAll(async () => {
  for (const { running } of clusters) await running.close();
  for (const { database } of clusters) await database.drop();
});

async function siteWithJobs(at: number, site_id: string, count: number): Promise<void> {
  const { broker } = clusters[at]!.running;
  await broker.call(sites.putSite, { site_id, min_interval_ms: 0 }, admin);
  await broker.call(jobs.createJobs, { jobs: Array.from({ length: count }, () => ({ site_id })) }, admin);
}

interface Answer {
  jobs: { id: number; lease_token: string }[];
  reason?: string;
  elsewhere?: { site_id: string; owner: string; url: string }[];
}
async function ask(at: number, path: string, body: object): Promise<Answer> {
  const answer = await fetch(clusters[at]!.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-network-key': KEY },
    body: JSON.stringify(body),
  });
  const told = (await answer.json()) as Answer;
  if (!answer.ok) throw new Error(`${path} was answered with ${answer.status}: ${JSON.stringify(told)}`);
  return told;
}
const lease = (at: number, site: string) => ask(at, '/v1/jobs/lease', { node_id: 'crawler', want_sites: [site] });
const sentOn = (site: string, to: number) => ({
  jobs: [],
  reason: 'owned_elsewhere',
  elsewhere: [{ site_id: site, owner: clusters[to]!.name, url: clusters[to]!.url }],
});
/** Resolves when a cluster knows that another one owns the site. */
const yielded = (at: number, site_id: string) =>
  eventually(async () => {
    const { reason } = await clusters[at]!.running.broker.call(sites.explainSite, { site_id }, admin);
    return reason === 'owned_elsewhere';
  });
const finish = (at: number, { id, lease_token }: Answer['jobs'][number]) =>
  ask(at, '/v1/jobs/finish', { node_id: 'crawler', job_id: id, lease_token, success: true });

test('two clusters that know one site agree on who crawls it, and the other sends nodes there', async () => {
  const site = `both-${randomUUID().slice(0, 8)}`;
  await siteWithJobs(0, site, 2);
  await siteWithJobs(1, site, 2);
  await yielded(1, site);
  expect(await lease(1, site)).toMatchObject(sentOn(site, 0));
  const [job] = (await lease(0, site)).jobs;
  expect(job).toBeDefined();
  await finish(0, job!);
});

test('a site that only one cluster knows is answered by the other with its address', async () => {
  const site = `one-${randomUUID().slice(0, 8)}`;
  await siteWithJobs(1, site, 1);
  await yielded(0, site);
  expect(await lease(0, site)).toMatchObject(sentOn(site, 1));
});

test('a site that is handed over is crawled by the other cluster without anybody doing more', async () => {
  const site = `given-${randomUUID().slice(0, 8)}`;
  await siteWithJobs(0, site, 1);
  await siteWithJobs(1, site, 1);
  await yielded(1, site);
  const gift = { site_id: site, cluster: 'west', url: clusters[1]!.url, expected_epoch: 0 };
  await clusters[0]!.running.broker.call(operators.claimSite, gift, admin);
  expect(await lease(0, site)).toMatchObject(sentOn(site, 1));
  const [job] = await eventually(async () => {
    const { jobs } = await lease(1, site);
    return jobs.length > 0 && jobs;
  });
  await finish(1, job!);
  const { peers } = await clusters[1]!.running.broker.call(operators.listPeers, {}, admin);
  expect(peers).toMatchObject([{ name: 'east', followed_at: expect.any(String) }]);
});

test('when both believe that a site is theirs, the one with the higher epoch keeps it', async () => {
  const site = `split-${randomUUID().slice(0, 8)}`;
  await siteWithJobs(0, site, 1);
  await siteWithJobs(1, site, 1);
  await yielded(1, site);
  // East is away, and west takes what it had.
  const claim = { site_id: site, cluster: 'west', url: clusters[1]!.url, expected_epoch: 0, epoch: 7 };
  await clusters[1]!.running.broker.call(operators.claimSite, claim, admin);
  await yielded(0, site);
  expect(await lease(0, site)).toMatchObject(sentOn(site, 1));
  expect((await lease(1, site)).jobs).toHaveLength(1);
});

test.each([
  ['nothing', undefined],
  ['a name without a signature', 'west'],
  ['a signature that is none', `west.${Math.round(Date.now() / 1000)}.${'A'.repeat(86)}`],
  ['a cluster that is not followed', `north.${Math.round(Date.now() / 1000)}.${'A'.repeat(86)}`],
])('who shows %s learns nothing of the claims', async (_what, peer) => {
  const answer = await fetch(`${clusters[0]!.url}/v1/mesh/claims`, {
    headers: peer === undefined ? {} : { 'x-mesh-peer': peer },
  });
  expect(answer.status).toBe(401);
});

test('a site goes back and forth while nodes ask both clusters for it, and is never crawled by two at once', async () => {
  const site_id = `raced-${randomUUID().slice(0, 8)}`;
  await siteWithJobs(0, site_id, 1000);
  await siteWithJobs(1, site_id, 1000);
  await yielded(1, site_id);
  const crawling = new Set<string>();
  const overlaps: string[][] = [];
  const crawls = [0, 0];
  let isOver = false;
  const crawler = async (node_id: string) => {
    for (let at = 0; !isOver; at = 1 - at) {
      const [job] = (await ask(at, '/v1/jobs/lease', { node_id, want_sites: [site_id] })).jobs;
      if (job === undefined) continue;
      crawling.add(node_id);
      if (crawling.size > 1) overlaps.push([...crawling]);
      // Longer than a site takes to go from one to the other when its heir is told at once.
      await new Promise((resolve) => setTimeout(resolve, 500));
      crawling.delete(node_id);
      crawls[at]!++;
      await ask(at, '/v1/jobs/finish', { node_id, job_id: job.id, lease_token: job.lease_token, success: true });
      // A site that is never left alone could not be given away.
      await new Promise((resolve) => setTimeout(resolve, 700));
    }
  };
  const crawlers = ['a', 'b'].map((name) => crawler(`racer-${name}`));
  let epoch = 0;
  for (const [turn, owner] of [0, 1, 0, 1].entries()) {
    const heir = 1 - owner;
    const { name: cluster, url } = clusters[heir]!;
    const gift = { site_id, cluster, url, expected_epoch: epoch };
    const claim = (at: number, wish: object) =>
      clusters[at]!.running.broker.call(operators.claimSite, { ...gift, ...wish }, admin);
    // While it is being crawled it cannot be given away.
    ({ epoch } = await eventually(() => claim(owner, {}).catch(() => undefined)));
    // Some heirs are told by hand, and race with what they hear from the owner.
    if (turn < 2) await claim(heir, { epoch }).catch(() => undefined);
    const before = crawls[heir]!;
    await eventually(async () => crawls[heir]! > before + 1);
  }
  isOver = true;
  await Promise.all(crawlers);
  expect(overlaps).toEqual([]);
  expect(epoch).toBe(4);
  await yielded(1, site_id);
});
