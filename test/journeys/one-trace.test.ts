import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { freePort } from '#libs/database/free-port';
import { eventually, serviceProcess, type ServiceProcess } from '#libs/testing/child-process';
import { testDatabase, type TestDatabase } from '#libs/testing/database';

interface Span {
  traceId: string;
  name: string;
  service: string;
}

/** A collector in the test, and two processes over real RabbitMQ and PostgreSQL that report to it. */
const spans: Span[] = [];
let collector: Server;
let database: TestDatabase;
let processes: ServiceProcess[] = [];
let url: string;

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
  database = await testDatabase();
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  const environment = {
    LOG_FORMAT: 'json',
    LOG_LEVEL: 'debug',
    DATABASE_URL: database.url,
    RABBITMQ_URL: process.env.RABBITMQ_URL,
    SECRET_KEY: 'a key for tests only',
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(collector.address() as AddressInfo).port}`,
    OTEL_BSP_SCHEDULE_DELAY: '100',
  };
  processes = [
    serviceProcess('gateway/main', { ...environment, PORT: String(port) }),
    serviceProcess('projects/main', environment),
  ];
  await eventually(async () => (await fetch(`${url}/api/v1/projects/feed`)).ok, 40_000);
}, 60_000);
afterAll(async () => {
  for (const one of processes) one.signal('SIGTERM');
  await Promise.all(processes.map(({ ended }) => ended));
  collector.close();
  await database?.drop();
}, 60_000);

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
    return (
      tree.some(({ name }) => /INSERT/.test(name)) && tree.some(({ name }) => name === 'projects.registerUser') && tree
    );
  });
  expect(new Set(trace.map(({ service }) => service))).toEqual(new Set(['gateway', 'projects']));
  expect(trace.filter(({ name }) => /publish|process|send/i.test(name)).length).toBeGreaterThanOrEqual(2);
}, 40_000);

test('the request id is in the lines of every service that the request touched', async () => {
  const answer = await fetch(`${url}/api/v1/auth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-request-id': 'follow-me-8' },
    body: JSON.stringify({ email: 'bo@example.org', password: 'secret words' }),
  });
  expect(answer.status).toBe(200);
  const lines = () =>
    processes.map((one) =>
      one
        .output()
        .split('\n')
        .filter((line) => line.includes('"request_id":"follow-me-8"')),
    );
  const [gateway, projects] = await eventually(async () => lines().every((found) => found.length > 0) && lines());
  for (const line of [...gateway!, ...projects!])
    expect(JSON.parse(line)).toMatchObject({
      request_id: 'follow-me-8',
      trace_id: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
});

function spansOf(body: string): Span[] {
  interface Exported {
    resourceSpans: {
      resource: { attributes: { key: string; value: { stringValue?: string } }[] };
      scopeSpans: { spans: { traceId: string; name: string }[] }[];
    }[];
  }
  return (JSON.parse(body) as Exported).resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = resource.attributes.find(({ key }) => key === 'service.name')?.value.stringValue ?? '';
    return scopeSpans.flatMap((scope) => scope.spans.map(({ traceId, name }) => ({ traceId, name, service })));
  });
}
