import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import pg from 'pg';
import { freePort } from '#libs/database/free-port';
import { eventually } from '#libs/testing/child-process';
import { runServices, type RunningServices } from '#libs/testing/running';
import { startGateway, type RunningGateway } from '../../services/gateway/start-gateway.js';
import { mesh } from '../../services/mesh/service.js';
import { projects } from '../../services/projects/service.js';

/** What VabHub's nodes and their operators meet on the wire. */
const KEY = 'a key that every old node has';
let running: RunningServices;
let gateway: RunningGateway;
let admin: string;
let door: string;
beforeAll(async () => {
  const port = String(await freePort());
  door = `http://127.0.0.1:${port}`;
  const settings = {
    NETWORK_SHARED_KEY: KEY,
    MESH_MIN_INTERVAL_MS: '0',
    MESH_PORT: port,
    MESH_NEW_NODES_PER_HOUR: '30',
    ADMIN_EMAIL: 'op@example.org',
    ADMIN_PASSWORD: 'correct horse battery',
  };
  running = await runServices([projects, mesh], settings);
  gateway = await startGateway({ ...running.environment, PORT: String(await freePort()), DATABASE_URL: undefined });
  const form = new URLSearchParams({ username: 'op@example.org', password: 'correct horse battery' });
  const signedIn = await fetch(`${gateway.url}/api/v1/auth/login`, { method: 'POST', body: form });
  admin = `Bearer ${((await signedIn.json()) as { access_token: string }).access_token}`;
});
afterAll(async () => {
  await gateway.close();
  await running.close();
});

interface Answer {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
}

async function send(
  method: string,
  path: string,
  body: unknown,
  headers: Record<string, string>,
  at = gateway.url,
): Promise<Answer> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const answer = await fetch(at + path, {
    method,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: text }),
  });
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Record<string, unknown> };
}
const asNode = (path: string, body: unknown, key = KEY, at = gateway.url) =>
  send('POST', path, body, { 'x-network-key': key }, at);
const asAdmin = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
  send(method, path, body, { authorization: admin, ...headers });

async function siteWith(jobs: number): Promise<string> {
  const site = `s-${randomUUID().slice(0, 8)}`;
  await asAdmin('PUT', `/v1/sites/${site}`, { min_interval_ms: 0 });
  await asAdmin(
    'POST',
    '/v1/jobs',
    Array.from({ length: jobs }, (_, n) => ({ site_id: site, payload: { n } })),
  );
  return site;
}

test('a node of old registers, leases and finishes as it always has', async () => {
  const site = await siteWith(1);
  expect(await asNode('/v1/worker/register', { node_id: 'old', capabilities: { sites: [site] } })).toMatchObject({
    status: 200,
    body: { ok: true },
  });
  const { body } = await asNode('/v1/jobs/lease', { node_id: 'old', want_sites: [site], max_jobs: '5', extra: 1 });
  const [job] = body.jobs as { id: number; site_id: string; payload: object }[];
  expect(job).toMatchObject({ site_id: site, payload: { n: 0 } });
  const finish = {
    job_id: String(job!.id),
    node_id: 'old',
    success: 'yes',
    error_message: null,
    new_cursor_value: 'cursor-123',
  };
  expect(await asNode('/v1/jobs/finish', finish)).toMatchObject({ status: 200, body: { ok: true } });
  expect(await asNode('/v1/jobs/finish', finish)).toMatchObject({ status: 200, body: { ok: true } });
  expect(await asAdmin('GET', `/v1/sites/${site}/cursors/main`)).toMatchObject({
    status: 200,
    body: { value: 'cursor-123', version: 1 },
  });
  expect((await asNode('/v1/jobs/lease', { node_id: 'old', want_sites: [site] })).body).toMatchObject({
    jobs: [],
    reason: 'no_jobs',
  });
});

test.each([
  ['a wrong key', '/v1/jobs/lease', { node_id: 'n' }, 'wrong', 401, 'Invalid network key'],
  ['a wrong key with wrong fields', '/v1/jobs/lease', { node_id: 7 }, 'wrong', 401, 'Invalid network key'],
  ['a wrong key and no JSON', '/v1/jobs/lease', '{"node_id"', 'wrong', 401, 'Invalid network key'],
  ['no JSON', '/v1/jobs/lease', '{"node_id"', KEY, 422, 'json_invalid'],
  ['no name', '/v1/jobs/lease', {}, KEY, 422, 'missing'],
  ['a number for a name', '/v1/worker/register', { node_id: 7, capabilities: {} }, KEY, 422, 'string_type'],
  ['a list of capabilities', '/v1/worker/register', { node_id: 'n', capabilities: [] }, KEY, 422, 'dict_type'],
  ['sites that are no list', '/v1/jobs/lease', { node_id: 'n', want_sites: 'ttg' }, KEY, 422, 'list_type'],
  ['perhaps a success', '/v1/jobs/finish', { job_id: 1, node_id: 'n', success: 'perhaps' }, KEY, 422, 'bool_parsing'],
  ['half a job', '/v1/jobs/finish', { job_id: 1.5, node_id: 'n', success: true }, KEY, 422, 'int_from_float'],
  [
    'an unknown job',
    '/v1/jobs/finish',
    { job_id: 999_999_999, node_id: 'n', success: true },
    KEY,
    404,
    'Job not found',
  ],
  [
    'a job beyond 32 bits',
    '/v1/jobs/finish',
    { job_id: 2 ** 40, node_id: 'n', success: true },
    KEY,
    404,
    'Job not found',
  ],
  [
    'a job beyond 64 bits',
    '/v1/jobs/finish',
    '{"job_id": 99999999999999999999, "node_id": "n", "success": true}',
    KEY,
    422,
    'int_type',
  ],
  ['less than no jobs', '/v1/jobs/lease', { node_id: 'n', max_jobs: -1 }, KEY, 422, 'greater_than_equal'],
  ['a long name', '/v1/jobs/lease', { node_id: 'n'.repeat(129) }, KEY, 422, 'string_too_long'],
  ['a name with U+0000', '/v1/jobs/lease', { node_id: 'n\0' }, KEY, 422, 'value_error'],
  [
    'large capabilities',
    '/v1/worker/register',
    { node_id: 'n', capabilities: { a: 'x'.repeat(1100) } },
    KEY,
    422,
    'value_error',
  ],
])('%s is refused in words', async (_what, path, body, key, status, words) => {
  const answer = await asNode(path, body, key);
  // The mesh's own door says the same, word for word.
  const { status: same, body: wordsOfDoor } = await asNode(path, body, key, door);
  expect([same, wordsOfDoor]).toEqual([answer.status, answer.body]);
  expect(answer.status).toBe(status);
  const { detail } = answer.body as { detail: string | { type: string }[] };
  expect(typeof detail === 'string' ? detail : detail[0]!.type).toBe(words);
});

test('who shows nothing is a stranger, an unknown path is not found, and a wrong method is told the right one', async () => {
  expect(await send('POST', '/v1/jobs/lease', { node_id: 'n' }, {})).toMatchObject({
    status: 401,
    body: { detail: 'Invalid network key' },
  });
  expect(await send('POST', '/v1/jobs/nothing/at/all', {}, {})).toMatchObject({
    status: 404,
    body: { detail: 'Not Found' },
  });
  const wrong = await send('GET', '/v1/jobs/lease', undefined, { authorization: admin });
  expect([404, 405, 422]).toContain(wrong.status);
  expect(await asNode('/v1/jobs/lease', { node_id: '', max_jobs: 0 })).toMatchObject({
    status: 200,
    body: { jobs: [] },
  });
});

test('two first registrations and two first cursors at once are both right', async () => {
  const site = await siteWith(2);
  const twins = await Promise.all(
    [1, 2, 3].map((n) => asNode('/v1/worker/register', { node_id: `twin-${site}`, capabilities: { n } })),
  );
  expect(twins.map(({ status }) => status)).toEqual([200, 200, 200]);
});

test('a job whose stored payload is no object hurts no other', async () => {
  const site = await siteWith(2);
  const database = new pg.Client({ connectionString: running.databaseUrl, options: '-c search_path=mesh' });
  await database.connect();
  await database.query(
    `update jobs set payload = '[1]' where id = (select min(j.id) from jobs j join sites t on t.id = j.site where t.site_id = $1)`,
    [site],
  );
  await database.end();
  const first = await asNode('/v1/jobs/lease', { node_id: 'p', want_sites: [site] });
  expect(first).toMatchObject({ status: 200, body: { jobs: [{ payload: {} }] } });
  const [job] = first.body.jobs as { id: number }[];
  await asNode('/v1/jobs/finish', { job_id: job!.id, node_id: 'p', success: true });
  expect(await asNode('/v1/jobs/lease', { node_id: 'p', want_sites: [site] })).toMatchObject({
    body: { jobs: [{ payload: { n: 1 } }] },
  });
});

test('cursors and sites answer with their version, and change only from it', async () => {
  const site = await siteWith(0);
  const path = `/v1/sites/${site}/cursors/main`;
  const set = await asAdmin('PUT', path, { value: 'a' }, { 'if-match': '"0"' });
  expect([set.status, set.headers.get('etag')]).toEqual([200, '"1"']);
  expect(await asAdmin('PUT', path, { value: 'b' }, { 'if-match': '"0"' })).toMatchObject({ status: 412 });
  const known = await asAdmin('GET', `/v1/sites/${site}`);
  expect(
    await asAdmin('PUT', `/v1/sites/${site}`, { paused: true }, { 'if-match': known.headers.get('etag')! }),
  ).toMatchObject({ status: 200 });
  expect(
    await asAdmin('PUT', `/v1/sites/${site}`, { paused: true }, { 'if-match': known.headers.get('etag')! }),
  ).toMatchObject({ status: 412 });
  expect(await send('GET', `/v1/sites/${site}`, undefined, {})).toMatchObject({ status: 401 });
  expect(await asAdmin('POST', '/v1/jobs', { site_id: site, kind: 'dance' })).toMatchObject({ status: 422 });
});

test('what happens is read as a stream', async () => {
  const { site_id } = (await asAdmin('PUT', `/v1/sites/s-${randomUUID().slice(0, 8)}`, {})).body as { site_id: string };
  const read = new Promise<string>((resolve, reject) => {
    const ask = request(`${gateway.url}/v1/events?after=0`, { headers: { authorization: admin } }, (answer) => {
      let text = '';
      answer.on('data', (chunk: Buffer) => {
        text += chunk.toString();
        if (!text.includes(site_id)) return;
        resolve(text);
        ask.destroy();
      });
    });
    ask.on('error', reject).end();
  });
  expect(await read).toMatch(/event: site\.set\ndata: /);
});

test('a stream goes on no longer than the session it was opened with', async () => {
  const form = new URLSearchParams({ username: 'op@example.org', password: 'correct horse battery' });
  const signedIn = await fetch(`${gateway.url}/api/v1/auth/login`, { method: 'POST', body: form });
  const authorization = `Bearer ${((await signedIn.json()) as { access_token: string }).access_token}`;
  const site = `s-${randomUUID().slice(0, 8)}`;
  const now = (await asAdmin('PUT', `/v1/sites/${site}`, {})).body.site_id as string;
  const answer = await fetch(`${gateway.url}/v1/events?after=0`, { headers: { authorization } });
  let text = '';
  let isSignedOut = false;
  for await (const chunk of answer.body!) {
    text += Buffer.from(chunk as Uint8Array).toString();
    if (isSignedOut || !text.includes(now)) continue;
    expect((await send('POST', '/api/v1/auth/logout', undefined, { authorization })).status).toBe(200);
    isSignedOut = true;
    // What was asked for before is still told; nothing is asked for after.
    await asAdmin('PUT', `/v1/sites/${site}-next`, {});
  }
  expect(text).toMatch(/event: failure\ndata: \{"detail":"This session has ended\. Sign in again\."/);
});

test('at the door of the mesh a worker that hangs up while it waits takes nothing with it', async () => {
  const site = await siteWith(0);
  const hangUp = new AbortController();
  const lost = fetch(`${door}/v1/jobs/lease`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-network-key': KEY },
    body: JSON.stringify({ node_id: 'lost', want_sites: [site], wait_s: 30 }),
    signal: hangUp.signal,
  });
  const waiting = async () => (await asAdmin('GET', `/v1/sites/${site}/explain`)).body.waiting_workers;
  await eventually(async () => (await waiting()) === 1);
  hangUp.abort();
  await expect(lost).rejects.toThrow();
  await eventually(async () => (await waiting()) === 0);
  await asAdmin('POST', '/v1/jobs', { site_id: site });
  expect(await asNode('/v1/jobs/lease', { node_id: 'there', want_sites: [site] }, KEY, door)).toMatchObject({
    body: { jobs: [{ site_id: site }] },
  });
});

test('one address brings in only so many names with the shared key, at whichever door, and no other pays for it', async () => {
  const ask = (n: number, at: string, more: object = {}) =>
    asNode('/v1/jobs/lease', { node_id: `crowd-${n}`, want_sites: ['nowhere'], ...more }, KEY, at);
  const answers: Answer[] = [];
  for (let n = 0; n < 40; n++) answers.push(await ask(n, n % 2 === 0 ? door : gateway.url));
  expect(answers.filter(({ status }) => status === 429).length).toBeGreaterThanOrEqual(10);
  expect(answers.at(-1)!.headers.get('retry-after')).toMatch(/^\d+$/);
  for (const at of [door, gateway.url]) {
    expect(await ask(0, at)).toMatchObject({ status: 200 });
    // Nobody says himself where he comes from.
    expect(await ask(39, at, { address: '192.0.2.7' })).toMatchObject({ status: 429 });
    expect(await fromElsewhere(at, { node_id: `elsewhere-${new URL(at).port}`, want_sites: ['nowhere'] })).toBe(200);
  }
  // A wrong key is refused as such, whatever the name.
  expect(await asNode('/v1/jobs/lease', { node_id: 'crowd-99' }, 'wrong', door)).toMatchObject({ status: 401 });
});

/** What a worker is answered that asks from another address of this machine. */
function fromElsewhere(at: string, body: object): Promise<number | undefined> {
  const headers = { 'content-type': 'application/json', 'x-network-key': KEY };
  return new Promise((resolve, reject) => {
    const asked = request(`${at}/v1/jobs/lease`, { method: 'POST', headers, localAddress: '127.0.0.9' }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    asked.on('error', reject).end(JSON.stringify(body));
  });
}
