import { randomUUID } from 'node:crypto';
import { connect, senderFor, type Api } from '#libs/client/api/api';
import { sessionCredentials, signIn, tokensInMemory } from '#libs/client/api/session';
import { CrawlFailure, type Crawl } from '#libs/client/worker/crawl';
import { LeaseLost } from '#libs/client/worker/held-lease';
import { runWorker, type WorkerOptions } from '#libs/client/worker/run-worker';
import type { WorkerNews } from '#libs/client/worker/worker-news';
import { freePort } from '#libs/database/free-port';
import { eventually } from '#libs/testing/child-process';
import { runServices, type RunningServices } from '#libs/testing/running';
import { secretInMemory } from '#libs/testing/secret-in-memory';
import { startGateway, type RunningGateway } from '../../services/gateway/start-gateway.js';
import { mesh } from '../../services/mesh/service.js';
import { projects } from '../../services/projects/service.js';

/** The worker of the client library at the real mesh, over HTTP, with leases of a few seconds. */
const LEASE_S = 4;
let running: RunningServices;
let gateway: RunningGateway;
let admin: Api;
beforeAll(async () => {
  running = await runServices([projects, mesh], {
    MESH_MIN_INTERVAL_MS: '0',
    MESH_PORT: String(await freePort()),
    LEASE_DURATION_SECONDS: String(LEASE_S),
    ADMIN_EMAIL: 'op@example.org',
    ADMIN_PASSWORD: 'correct horse battery',
  });
  gateway = await startGateway({ ...running.environment, PORT: String(await freePort()), DATABASE_URL: undefined });
  const sender = senderFor({ server: gateway.url });
  const store = tokensInMemory(await signIn(sender, 'op@example.org', 'correct horse battery'));
  admin = connect({ ...sender, credentials: sessionCredentials(sender, store) });
});
afterAll(async () => {
  await gateway.close();
  await running.close();
});

/** A site of its own with so many jobs, and a token with which workers may enrol for it. */
async function siteWith(jobs: number, wish: object = {}) {
  const site_id = `s-${randomUUID().slice(0, 8)}`;
  await admin.put('/v1/sites/{site_id}', { path: { site_id }, body: { min_interval_ms: 0, max_workers: 2 } as never });
  const drafts = Array.from({ length: jobs }, (_, n) => ({ site_id, payload: { n }, ...wish }));
  if (jobs > 0) await admin.post('/v1/jobs', { body: drafts as never, idempotency_key: randomUUID() });
  const { secret } = await admin.post('/v1/admin/keys', { body: { kind: 'registration', sites: [site_id], uses: 10 } });
  return { site_id, registration_token: secret! };
}

/** Runs a worker until the test drains it. */
function start(at: { site_id: string; registration_token: string }, crawl: Crawl, more: Partial<WorkerOptions> = {}) {
  const news: WorkerNews[] = [];
  const drain = new AbortController();
  const done = runWorker({
    mesh: { server: gateway.url },
    node_id: `n-${randomUUID().slice(0, 8)}`,
    secrets: secretInMemory(),
    registration_token: at.registration_token,
    capabilities: { sites: [at.site_id] },
    want_sites: [at.site_id],
    wait_s: 2,
    crawl,
    drain: drain.signal,
    tell: (told) => news.push(told),
    ...more,
  });
  const told = (event: WorkerNews['event']) =>
    eventually(() => Promise.resolve(news.find((one) => one.event === event)));
  return {
    news,
    told,
    done,
    stop: () => {
      drain.abort();
      return done;
    },
  };
}

const jobsOf = async (site_id: string) => (await admin.get('/v1/jobs', { query: { site_id } as never })).items;

test('a worker enrols, crawls every job once, and moves the cursor with its reports', async () => {
  const site = await siteWith(6);
  const crawled: unknown[] = [];
  const worker = start(site, async ({ payload }, { progress }) => {
    crawled.push(payload.n);
    await progress(`half of ${String(payload.n)}`);
    return { new_cursor_value: `after ${String(payload.n)}`, stats: { pages: 1, status: 200 } };
  });
  await eventually(async () => (await jobsOf(site.site_id)).every(({ state }) => state === 'done'));
  await worker.stop();
  expect(crawled.sort()).toEqual([0, 1, 2, 3, 4, 5]);
  const path = { site_id: site.site_id, name: 'main' };
  const cursor = await admin.get('/v1/sites/{site_id}/cursors/{name}', { path });
  expect(cursor).toMatchObject({ value: `after ${String(crawled.at(-1))}`, version: 12 });
  expect(worker.news.map(({ event }) => event)).toEqual(expect.arrayContaining(['registered', 'draining', 'stopped']));
});

test('two workers share the jobs of a site, and none is crawled twice', async () => {
  const site = await siteWith(20);
  const crawled: unknown[] = [];
  const crawl: Crawl = ({ payload }) => {
    crawled.push(payload.n);
    return Promise.resolve({});
  };
  const workers = [start(site, crawl, { at_once: 2 }), start(site, crawl)];
  await eventually(async () => (await jobsOf(site.site_id)).every(({ state }) => state === 'done'));
  await Promise.all(workers.map((worker) => worker.stop()));
  expect(crawled.sort((a, b) => Number(a) - Number(b))).toEqual(Array.from({ length: 20 }, (_, n) => n));
});

test('a crawl longer than its lease keeps it by heartbeats', async () => {
  const site = await siteWith(1);
  const worker = start(site, async (_, { signal }) => {
    await new Promise((resolve) => setTimeout(resolve, LEASE_S * 1500));
    signal.throwIfAborted();
  });
  expect(await worker.told('finished')).toMatchObject({ success: true });
  await worker.stop();
  expect(await jobsOf(site.site_id)).toMatchObject([{ state: 'done', attempts: 1 }]);
});

test('a crawl whose lease is taken away stops at once and reports nothing, and a drained worker ends', async () => {
  const site = await siteWith(1);
  let why: unknown;
  const node_id = `n-${randomUUID().slice(0, 8)}`;
  const crawl: Crawl = (_, { signal }) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject((why = signal.reason) as Error));
    });
  const worker = start(site, crawl, { node_id });
  await worker.told('started');
  await admin.delete('/v1/worker/{node_id}', { path: { node_id } });
  await worker.done;
  expect(worker.news.map(({ event }) => event)).toEqual(['registered', 'started', 'draining', 'lost', 'stopped']);
  expect(why).toBeInstanceOf(LeaseLost);
});

test('a worker that hears nothing any more gives its lease up before somebody else gets it', async () => {
  const site = await siteWith(1);
  let isCut = false;
  const cut: typeof fetch = (...wish) => (isCut ? Promise.reject(new TypeError('the line is cut')) : fetch(...wish));
  const ends: { who: string; at: number }[] = [];
  const crawlAs =
    (who: string): Crawl =>
    (_, { signal }) =>
      new Promise((resolve) => {
        if (who === 'second') {
          ends.push({ who, at: performance.now() });
          resolve({});
        }
        isCut = true;
        signal.addEventListener('abort', () => {
          ends.push({ who, at: performance.now() });
          resolve({});
        });
      });
  const first = start(site, crawlAs('first'), { mesh: { server: gateway.url, fetch: cut, retries: 0 } });
  await first.told('started');
  const second = start(site, crawlAs('second'));
  expect(await second.told('finished')).toMatchObject({ success: true });
  expect(ends.map(({ who }) => who)).toEqual(['first', 'second']);
  expect(first.news.find(({ event }) => event === 'lost')).toMatchObject({ reason: 'not_extended' });
  isCut = false;
  await Promise.all([first.stop(), second.stop()]);
});

test('a crawl that fails says why, and whether to try again', async () => {
  const site = await siteWith(1, { max_attempts: 3 });
  const worker = start(site, () => Promise.reject(new CrawlFailure('The site has moved.', { retryable: false })));
  expect(await worker.told('finished')).toMatchObject({ success: false, error: 'The site has moved.' });
  await worker.stop();
  expect((await jobsOf(site.site_id))[0]).toMatchObject({ last_error: 'The site has moved.', attempts: 1 });
  expect((await jobsOf(site.site_id))[0]!.state).not.toBe('pending');
});

test('a report that the mesh does not take is told as a failure, and the worker goes on', async () => {
  const site = await siteWith(2, { max_attempts: 1 });
  const worker = start(
    site,
    ({ payload }) => Promise.resolve(payload.n === 0 ? { stats: { pages: 'many' } } : {}) as never,
  );
  await eventually(() => Promise.resolve(worker.news.filter(({ event }) => event === 'finished').length === 2));
  await worker.stop();
  const states = (await jobsOf(site.site_id)).map(({ payload, last_error }) => [payload.n, last_error]);
  expect(states).toContainEqual([0, expect.stringContaining('The report was refused')]);
  expect(states).toContainEqual([1, null]);
});

test('a name that holds a key is not told to anybody, and the others are', async () => {
  const site = await siteWith(1);
  const observations = ['https://example.org/download.php?id=1', 'Fortune Cookie'].map((title) => ({ title }));
  const worker = start(site, () => Promise.resolve({ observations }) as never);
  expect(await worker.told('finished')).toMatchObject({ success: true });
  await worker.stop();
  expect(worker.news.find(({ event }) => event === 'withheld')).toMatchObject({ count: 1 });
});

test('a name that the mesh does not take costs neither the others nor the crawl, and is told', async () => {
  const site = await siteWith(1);
  const observations = [{ title: 'Fortune Cookie' }, { title: 'long '.repeat(61) }];
  const worker = start(site, () => Promise.resolve({ observations }));
  expect(await worker.told('finished')).toMatchObject({ success: true });
  await worker.stop();
  expect(worker.news.find(({ event }) => event === 'not_taken')).toMatchObject({
    refused: [{ at: 1, field: 'title' }],
  });
});

test('a node that is revoked while it works stops at once and is told why', async () => {
  const site = await siteWith(1);
  const node_id = `n-${randomUUID().slice(0, 8)}`;
  const crawl: Crawl = (_, { signal }) =>
    new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
  const worker = start(site, crawl, { node_id });
  worker.done.catch(() => undefined);
  await worker.told('started');
  await admin.patch('/v1/workers/{node_id}', { path: { node_id }, body: { state: 'revoked' } });
  await expect(worker.done).rejects.toMatchObject({ code: 'unauthorized', status: 401 });
});

test('a worker that must go ends what it has begun, or hands it back without burning an attempt', async () => {
  const site = await siteWith(1);
  const worker = start(
    site,
    (_, { signal }) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('stopped')))),
    { grace_ms: 100 },
  );
  await worker.told('started');
  await worker.stop();
  expect(worker.news.map(({ event }) => event)).toEqual(expect.arrayContaining(['released', 'stopped']));
  const again = start(site, () => Promise.resolve());
  expect(await again.told('finished')).toMatchObject({ success: true });
  await again.stop();
});

test('a node without a secret or a good registration token is refused in plain words', async () => {
  const nobody = start({ site_id: 'x', registration_token: 'guessed' }, () => Promise.resolve());
  await expect(nobody.done).rejects.toThrow('This registration token is not good any more');
});
