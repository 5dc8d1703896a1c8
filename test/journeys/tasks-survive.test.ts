import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BROKER_WAIT_MS, testBroker, type TestBroker } from '#libs/testing/broker';
import { testDatabase, type TestDatabase } from '#libs/testing/database';
import { emptyRedis, testRedisUrl } from '#libs/testing/redis';
import { PlatformProcesses } from '../../scripts/chaos/platform-processes.js';
import { drillTasks } from '../../scripts/chaos/tasks-drill.js';

/** A short `npm run chaos:tasks` on servers that others use too: only what is ours is killed or emptied. */
let broker: TestBroker;
let database: TestDatabase;
let platform: PlatformProcesses | undefined;
const folder = mkdtempSync(join(tmpdir(), 'survive-'));

beforeAll(async () => {
  broker = await testBroker();
  database = await testDatabase();
}, BROKER_WAIT_MS);
afterAll(async () => {
  await platform?.stop();
  await database?.drop();
  await broker?.close();
  rmSync(folder, { recursive: true, force: true });
});

test('whatever is killed, every film is published, and none twice', async () => {
  const redisUrl = testRedisUrl('tasks survive');
  platform = await PlatformProcesses.start({
    APP_MODE: 'local',
    LOG_FORMAT: 'json',
    LOG_LEVEL: 'fatal',
    DATABASE_URL: database.url,
    RABBITMQ_URL: broker.url,
    REDIS_URL: redisUrl,
    DATA_DIR: folder,
    SECRET_KEY: 'a key for tests only',
    OUTBOUND_ALLOWED_HOSTS: '127.0.0.1',
    TASKS_PER_USER: '16',
  });
  const flushed = { name: 'Redis FLUSHDB', breakIt: () => emptyRedis(redisUrl) };
  const drill = { platform, breakers: [flushed, flushed], kills: 8, pauseMs: 400, say: () => {} };
  const report = await drillTasks(drill);
  expect(report).toMatchObject({ succeeded: report.accepted, lost: [], doubled: [] });
  expect(report.accepted).toBeGreaterThanOrEqual(8);
}, 480_000);
