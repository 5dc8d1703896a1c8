import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BROKER_WAIT_MS, testBroker, type TestBroker } from '#libs/testing/broker';
import { freePort } from '#libs/database/free-port';
import { eventually, serviceProcess, type ServiceProcess } from '#libs/testing/child-process';
import { testDatabase, type TestDatabase } from '#libs/testing/database';
import { testRedisUrl } from '#libs/testing/redis';

interface Span {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  service: string;
  attributes: Record<string, string | undefined>;
}

/** A collector in the test, and processes over real RabbitMQ, PostgreSQL and Redis that report to it. */
const spans: Span[] = [];
let broker: TestBroker;
let collector: Server;
let database: TestDatabase;
let processes: ServiceProcess[] = [];
let url: string;
const folder = mkdtempSync(join(tmpdir(), 'one-trace-'));

beforeAll(async () => {
  collector = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      spans.push(...spansOf(body));
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  broker = await testBroker();
  database = await testDatabase();
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  const environment = {
    APP_MODE: 'local',
    LOG_FORMAT: 'json',
    LOG_LEVEL: 'debug',
    DATABASE_URL: database.url,
    RABBITMQ_URL: broker.url,
    REDIS_URL: testRedisUrl('one trace'),
    DATA_DIR: folder,
    SECRET_KEY: 'a key for tests only',
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(collector.address() as AddressInfo).port}`,
    OTEL_BSP_SCHEDULE_DELAY: '100',
  };
  processes = [
    serviceProcess('gateway/main', { ...environment, PORT: String(port) }),
    ...['projects/main', 'media/main', 'tasks/main', 'tasks/worker'].map((entry) => serviceProcess(entry, environment)),
  ];
  for (const path of ['/readyz', '/api/v1/projects/feed'])
    await eventually(async () => (await fetch(`${url}${path}`)).ok);
}, BROKER_WAIT_MS + 300_000);
afterAll(async () => {
  for (const one of processes) one.signal('SIGTERM');
  await Promise.all(processes.map(({ ended }) => ended));
  collector.close();
  await database?.drop();
  await broker?.close();
  rmSync(folder, { recursive: true, force: true });
});

test('one request is one trace: gateway, broker, service, SQL', async () => {
  spans.length = 0;
  const answer = await fetch(`${url}/api/v1/auth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-request-id': 'follow-me-7' },
    body: JSON.stringify({ email: 'ada@example.org', password: 'secret words' }),
  });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('x-request-id')).toBe('follow-me-7');
  const trace = await eventually(async () => {
    const root = spans.find(({ service, name }) => service === 'gateway' && /POST/.test(name));
    const tree = spans.filter(({ traceId }) => traceId === root?.traceId);
    const told = tree.filter(({ name }) => /publish|process|send/i.test(name));
    const isWhole =
      tree.some(({ name }) => /INSERT/.test(name)) &&
      tree.some(({ name }) => name === 'projects.registerUser') &&
      told.length >= 2;
    return isWhole && tree;
  });
  expect(new Set(trace.map(({ service }) => service))).toEqual(new Set(['gateway', 'projects']));
});

test('a token in the path of a request is in no trace', async () => {
  spans.length = 0;
  await fetch(`${url}/t/ev_secret-token/v1/alias/resolve?q=Iron+Man`);
  const span = await eventually(async () =>
    spans.find(({ service, attributes }) => service === 'gateway' && /^\/t\//.test(attributes['url.path'] ?? '')),
  );
  expect(span!.attributes['url.path']).toBe('/t/…/v1/alias/resolve');
  expect(JSON.stringify(spans)).not.toContain('secret-token');
});

test('the request id is in the lines of every service that the request touched', async () => {
  const answer = await fetch(`${url}/api/v1/auth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-request-id': 'follow-me-8' },
    body: JSON.stringify({ email: 'bo@example.org', password: 'secret words' }),
  });
  expect(answer.status).toBe(200);
  const [gateway, projects] = processes;
  await eventually(async () => [gateway, projects].every((one) => linesOf(one!, 'follow-me-8').length > 0));
  for (const line of [...linesOf(gateway!, 'follow-me-8'), ...linesOf(projects!, 'follow-me-8')])
    expect(JSON.parse(line)).toMatchObject({ trace_id: expect.stringMatching(/^[0-9a-f]{32}$/) });
});

test('what a request asks for and a worker does later is the same trace, in the same words', async () => {
  const call = async <T>(method: string, path: string, body: unknown, headers: Record<string, string> = {}) => {
    const answer = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      body: JSON.stringify(body),
    });
    return (await answer.json()) as T;
  };
  const person = { email: 'cleo@example.org', password: 'secret words' };
  await call('POST', '/auth/register', person);
  const form = new URLSearchParams({ username: person.email, password: person.password });
  const login = await fetch(`${url}/api/v1/auth/login`, { method: 'POST', body: form });
  const { access_token } = (await login.json()) as { access_token: string };
  const authorization = `Bearer ${access_token}`;
  spans.length = 0;
  const headers = { authorization, 'x-request-id': 'follow-me-9' };
  const task_id = await eventually(async () => {
    const wish = { prompt: 'a lighthouse keeper' };
    return (await call<{ task_id?: string }>('POST', '/generate/character', wish, headers)).task_id;
  });
  await eventually(async () => {
    const task = await call<{ status: string }>('GET', `/tasks/${task_id}`, undefined, { authorization });
    return task.status === 'SUCCESS';
  });

  const tree = await eventually(async () => {
    const done = spans.find(({ name }) => name === 'tasks.generate.character');
    const found = spans.filter(({ traceId }) => traceId === done?.traceId);
    const reached = (service: string, name: RegExp) =>
      found.some((span) => span.service === service && name.test(span.name));
    const isWhole = found.every(
      ({ parentSpanId }) => !parentSpanId || found.some(({ spanId }) => spanId === parentSpanId),
    );
    return (
      reached('gateway', /POST/) && reached('tasks-worker', /SELECT/) && reached('media', /INSERT/) && isWhole && found
    );
  });
  expect(tree.filter(({ parentSpanId }) => !parentSpanId).map(({ service, name }) => [service, name])).toEqual([
    ['gateway', 'POST /api/v1/generate/character'],
  ]);
});

/** What a process has said of a request, line by line; the last line may be coming still. */
function linesOf(one: ServiceProcess, requestId: string): string[] {
  return one
    .output()
    .split('\n')
    .slice(0, -1)
    .filter((line) => line.includes(`"request_id":"${requestId}"`));
}

function spansOf(body: string): Span[] {
  interface Attribute {
    key: string;
    value: { stringValue?: string };
  }
  interface Exported {
    resourceSpans: {
      resource: { attributes: Attribute[] };
      scopeSpans: { spans: (Omit<Span, 'service' | 'attributes'> & { attributes: Attribute[] })[] }[];
    }[];
  }
  return (JSON.parse(body) as Exported).resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const valuesOf = (attributes: Attribute[]) =>
      Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue]));
    const service = valuesOf(resource.attributes)['service.name'] ?? '';
    return scopeSpans.flatMap(({ spans: told }) =>
      told.map((span) => ({ ...span, attributes: valuesOf(span.attributes), service })),
    );
  });
}
