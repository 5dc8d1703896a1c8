import { join } from 'node:path';
import { Redis } from 'ioredis';
import { packageRoot } from '#libs/config/package-root';
import { startEmbeddedPostgres } from '#libs/database/embedded-postgres';
import { migrate } from '#libs/database/migrate';
import { findPostgres } from '#libs/database/postgres-process';
import { startBackingServices } from './backing-services/start-backing-services.js';
import { PlatformProcesses } from './chaos/platform-processes.js';
import { steadyLink } from './chaos/steady-link.js';
import { drillTasks, type Breaker } from './chaos/tasks-drill.js';
import { interruption } from './interruption.js';

/**
 * `npm run chaos:tasks -- 1000`: so many kill -9 over gateway, tasks service, workers, Redis (FLUSHALL) and PostgreSQL,
 * while films are being published. Ends with 1 when a task was lost or had an effect twice.
 */
const kills = Number(process.argv[2] ?? 60);
const folder = join(packageRoot(), '.cache', 'chaos');
const say = (line: string) => console.log(line);
const services = await startBackingServices({
  which: ['postgres', 'rabbitmq', 'redis'],
  directory: folder,
  say,
  environment: {},
  signal: interruption(),
});
// A PostgreSQL of its own that writes to the disk: one that is killed must have kept what it had promised.
const directory = join(folder, `postgres-${process.pid}`);
let postgres = await startEmbeddedPostgres({ directory });
const link = await steadyLink(postgres.url);
const { REDIS_URL, RABBITMQ_URL } = services.env as { REDIS_URL: string; RABBITMQ_URL: string };
const redis = new Redis(REDIS_URL, { maxRetriesPerRequest: null });
const breakers: Breaker[] = [
  { name: 'Redis FLUSHALL', breakIt: async () => void (await redis.flushall()) },
  {
    name: 'PostgreSQL',
    breakIt: async () => {
      const pid = findPostgres(join(directory, 'postgres')).running?.pid;
      if (pid !== undefined) process.kill(pid, 'SIGKILL');
      await new Promise((resolve) => setTimeout(resolve, 300));
      postgres = await startEmbeddedPostgres({ directory });
      link.leadTo(postgres.url);
    },
  },
];
let platform: PlatformProcesses | undefined;
try {
  await migrate(postgres.url);
  platform = await PlatformProcesses.start({
    APP_MODE: 'local',
    LOG_FORMAT: 'json',
    LOG_LEVEL: 'fatal',
    DATABASE_URL: link.url,
    RABBITMQ_URL,
    REDIS_URL,
    DATA_DIR: join(folder, `data-${process.pid}`),
    SECRET_KEY: 'a key for drills only',
    OUTBOUND_ALLOWED_HOSTS: '127.0.0.1',
    TASKS_PER_USER: '16',
  });
  const report = await drillTasks({ platform, breakers, kills, pauseMs: 700, say });
  say(JSON.stringify(report, null, 2));
  process.exitCode = report.lost.length + report.doubled.length > 0 ? 1 : 0;
} finally {
  await platform?.stop();
  link.close();
  redis.disconnect();
  await postgres.stop();
  await services.stop();
}
