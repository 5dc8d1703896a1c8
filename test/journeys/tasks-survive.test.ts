import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testDatabase, type TestDatabase } from '#libs/testing/database';
import { emptyRedis, testRedisUrl } from '#libs/testing/redis';
import { PlatformProcesses } from '../../scripts/chaos/platform-processes.js';
import { drillTasks } from '../../scripts/chaos/tasks-drill.js';

/** A short `npm run chaos:tasks` on servers that others use too: only what is ours is killed or emptied. */
let database: TestDatabase;
let platform: PlatformProcesses | undefined;
const folder = mkdtempSync(join(tmpdir(), 'survive-'));
const given = (name: string): string => {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`${name} is not set. Run the tests with: npm test`);
  return value;
};

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(async () => {
  await platform?.stop();
  await database?.drop();
  rmSync(folder, { recursive: true, force: true });
});

test('whatever is killed, every film is published, and none twice', async () => {
  const redisUrl = testRedisUrl('tasks survive');
  platform = await PlatformProcesses.start({
    APP_MODE: 'local',
    LOG_FORMAT: 'json',
    LOG_LEVEL: 'fatal',
    DATABASE_URL: database.url,
    RABBITMQ_URL: given('RABBITMQ_URL'),
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
}, 180_000);
