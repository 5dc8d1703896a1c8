import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { freePort } from '#libs/database/free-port';
import { migrate } from '#libs/database/migrate';
import { eventually, serviceProcess } from '#libs/testing/child-process';

/** A service that is started before its schema is there: in a cluster, before the migration has run. */
test.each(['projects', 'mesh', 'intel'])(
  '%s waits for its migrations, alive and not ready, and then works',
  async (service) => {
    const name = `early_${randomUUID().replaceAll('-', '')}`;
    const server = new pg.Client({ connectionString: process.env.DATABASE_URL });
    await server.connect();
    await server.query(`create database ${name}`);
    const url = new URL(process.env.DATABASE_URL!);
    url.pathname = `/${name}`;
    const port = await freePort();
    const started = serviceProcess(`${service}/main`, {
      ...process.env,
      DATABASE_URL: url.href,
      RABBITMQ_URL: `in-process:${name}`,
      OPS_PORT: String(port),
      SECRET_KEY: 'a key for tests only',
      LOG_LEVEL: 'warn',
      LOG_FORMAT: 'json',
    });
    const ask = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).status;
    try {
      await eventually(() => Promise.resolve(started.output().includes('waits for migrations')));
      expect([await ask('/livez'), await ask('/readyz')]).toEqual([200, 503]);
      await migrate(url.href);
      await eventually(async () => (await ask('/readyz')) === 200);
    } finally {
      started.signal('SIGTERM');
      await started.ended;
      await server.query(`drop database ${name} with (force)`);
      await server.end();
    }
  },
);
