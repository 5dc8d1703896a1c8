import { BROKER_WAIT_MS, testBroker, type TestBroker } from '#libs/testing/broker';
import { freePort } from '#libs/database/free-port';
import { testDatabase, type TestDatabase } from '#libs/testing/database';
import { eventually, serviceProcess, type ServiceProcess } from '#libs/testing/child-process';
import { cuttableLink, type CuttableLink } from '#libs/testing/cuttable-link';

/**
 * The gateway and the projects service as processes of their own, over real RabbitMQ and PostgreSQL behind wires that
 * can be cut: what was acknowledged stays, what is lost is said, and everything heals by itself.
 */
let database: TestDatabase;
let postgres: CuttableLink;
let broker: TestBroker;
let rabbit: CuttableLink;
let gateway: ServiceProcess;
let projects: ServiceProcess;
let url: string;
let token: string;
let project: string;

const environment = () => ({
  APP_MODE: 'local',
  LOG_FORMAT: 'json',
  DATABASE_URL: postgres.url,
  RABBITMQ_URL: rabbit.url,
  SECRET_KEY: 'a key for tests only',
});
const startProjects = () => serviceProcess('projects/main', environment());

beforeAll(async () => {
  broker = await testBroker();
  database = await testDatabase();
  [postgres, rabbit] = await Promise.all([cuttableLink(database.url), cuttableLink(broker.url)]);
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  gateway = serviceProcess('gateway/main', { ...environment(), PORT: String(port) });
  projects = startProjects();
  await eventually(async () => (await fetch(`${url}/readyz`)).ok);
  const account = { email: 'ada@example.org', password: 'secret words' };
  await eventually(async () => (await post('/auth/register', account)).status === 200);
  const signedIn = await fetch(`${url}/api/v1/auth/login`, {
    method: 'POST',
    body: new URLSearchParams({ username: account.email, password: account.password }),
  });
  token = ((await signedIn.json()) as { access_token: string }).access_token;
  project = ((await (await post('/projects', { name: 'Film' })).json()) as { id: string }).id;
}, BROKER_WAIT_MS + 300_000);

afterAll(async () => {
  for (const service of [gateway, projects]) service?.signal('SIGTERM');
  await Promise.all([gateway?.ended, projects?.ended]);
  await Promise.all([postgres?.close(), rabbit?.close()]);
  await database?.drop();
  await broker?.close();
});

function post(path: string, body?: object): Promise<Response> {
  return fetch(`${url}/api/v1${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body ?? {}),
    signal: AbortSignal.timeout(60_000),
  });
}
const get = (path: string) => fetch(`${url}/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } });
const commit = (n: number) => post('/commits', { project_id: project, message: `commit ${n}`, video_assets: { n } });
const messages = async () => {
  const { commits } = (await (await get(`/projects/${project}/graph`)).json()) as { commits: { message: string }[] };
  return commits.map(({ message }) => message);
};

test('a service killed in the middle of its work loses nothing that it acknowledged', async () => {
  const acknowledged: string[] = [];
  const statuses = new Set<number>();
  const work = Array.from({ length: 40 }, async (_, n) => {
    await new Promise((resolve) => setTimeout(resolve, n * 15));
    const response = await commit(n);
    statuses.add(response.status);
    if (response.ok) acknowledged.push(`commit ${n}`);
  });
  await new Promise((resolve) => setTimeout(resolve, 300));
  await eventually(async () => acknowledged.length > 0);
  projects.signal('SIGKILL');
  expect(await projects.ended).toBe('SIGKILL');
  projects = startProjects();
  await Promise.all(work);
  expect([...statuses].filter((status) => status !== 200 && status !== 503)).toEqual([]);
  expect(acknowledged.length).toBeGreaterThan(0);
  await eventually(async () => (await commit(1000)).ok);
  expect(await messages()).toEqual(expect.arrayContaining(acknowledged));
});

test('while no service is there the answer is 503 with a reason, at once', async () => {
  projects.signal('SIGTERM');
  expect(await projects.ended).toBe(0);
  await new Promise((resolve) => setTimeout(resolve, 5200));
  const response = await get('/users/me');
  expect(response.status).toBe(503);
  expect(response.headers.get('retry-after')).toBe('1');
  expect(await response.json()).toMatchObject({
    code: 'unavailable',
    detail: expect.stringContaining('Nobody answers'),
  });
  projects = startProjects();
  await eventually(async () => (await get('/users/me')).ok);
});

test('a lost database is 503 with a reason, and heals by itself', async () => {
  postgres.cut();
  const response = await commit(2000);
  expect(response.status).toBe(503);
  expect(await response.json()).toMatchObject({ code: 'unavailable' });
  postgres.mend();
  await eventually(async () => (await commit(2001)).ok);
  expect(await messages()).toContain('commit 2001');
});

test('a lost broker is 503 with a reason and not ready, and heals by itself', async () => {
  rabbit.cut();
  const response = await get('/projects/feed');
  expect(response.status).toBe(503);
  expect(await response.json()).toMatchObject({ code: 'unavailable' });
  expect((await fetch(`${url}/readyz`)).status).toBe(503);
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  rabbit.mend();
  await eventually(async () => (await get('/projects/feed')).ok);
  await eventually(async () => (await fetch(`${url}/readyz`)).ok);
});
