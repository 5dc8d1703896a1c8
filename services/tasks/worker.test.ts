import 'reflect-metadata';
import type { Running, ServiceDefinition } from '#libs/bootstrap/service-definition';
import { startService } from '#libs/bootstrap/start-service';
import type { Environment } from '#libs/config/read-config';
import { renderMetrics } from '#libs/observability/metrics';
import { InProcessQueue } from '#libs/queue/in-process-queue';
import { createLog } from '#libs/observability/logger';
import { testDatabase, type TestDatabase } from '#libs/testing/database';
import { testRedisUrl } from '#libs/testing/redis';
import { tasks, tasksWorker } from './service.js';

let database: TestDatabase;
const running: Running[] = [];
beforeAll(async () => (database = await testDatabase()));
afterEach(async () => {
  for (const service of running.splice(0)) await service.close();
});
afterAll(() => database.drop());

async function start(definition: ServiceDefinition, overrides: Environment): Promise<Running> {
  const service = await startService(definition, {
    LOG_LEVEL: 'fatal',
    LOG_FORMAT: 'json',
    DATABASE_URL: database.url,
    RABBITMQ_URL: 'in-process:worker-test',
    SECRET_KEY: 'a key for tests only',
    ...overrides,
  });
  running.push(service);
  return service;
}

test.each([
  ['in memory', () => undefined],
  ['on Redis', () => testRedisUrl('tasks worker')],
])('the service and its worker are both ready, with the queue %s', async (_where, urlOf) => {
  for (const definition of [tasks, tasksWorker]) {
    const { health } = await start(definition, { REDIS_URL: urlOf() });
    expect(await health.readiness()).toEqual({
      ready: true,
      checks: { broker: 'ok', database: 'ok', 'work queue': 'ok' },
    });
  }
});

test('a worker without its Redis starts, and says what it misses', async () => {
  const { name, health } = await start(tasksWorker, { REDIS_URL: 'redis://127.0.0.1:1' });
  expect(name).toBe('tasks-worker');
  expect(await health.readiness()).toMatchObject({
    ready: false,
    checks: { 'work queue': 'Redis cannot be reached (connect ECONNREFUSED 127.0.0.1:1)' },
  });
});

test('the service shows how full the queue is', async () => {
  const queue = new InProcessQueue(
    'in-process:worker-test tasks',
    createLog({ service: 'test', level: 'silent', format: 'json' }),
  );
  await queue.add({ id: '1:1', name: 'render', data: {} });
  await queue.add({ id: '2:1', name: 'render', data: {} }, { delayMs: 60_000 });
  await start(tasks, {});
  const { body } = await renderMetrics();
  for (const line of ['state="waiting"} 1', 'state="delayed"} 1', 'state="running"} 0'])
    expect(body).toContain(`evidverse_queue_jobs{service="tasks",${line}`);
  const [, oldest] = /^evidverse_queue_oldest_seconds\{service="tasks"\} (\S+)$/m.exec(body)!;
  expect(Number(oldest)).toBeGreaterThan(0);
  await queue.close();
});
