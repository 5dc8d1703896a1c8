import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '#libs/database/embedded-postgres';
import { findPostgres } from '#libs/database/postgres-process';
import type { BackingService } from './backing-service.js';

/** PostgreSQL: the embedded one, thrown away at the end unless it is told where to keep its data. */
export const postgres: BackingService = {
  name: 'postgres',
  title: 'PostgreSQL',
  address: 'DATABASE_URL',
  credentials: [],
  variables: ['DATABASE_URL'],
  programs: {},

  async check(address) {
    const client = new pg.Client({ connectionString: address, connectionTimeoutMillis: 5000 });
    client.on('error', () => {});
    await client.connect();
    await client.end();
  },

  async start(workplace, { keep }) {
    const directory = keep ?? workplace.makeFolder('postgres');
    const server = await startEmbeddedPostgres({ directory, durable: keep !== undefined });
    workplace.atClose(() => server.stop());
    const pid = findPostgres(join(directory, 'postgres')).running?.pid;
    if (keep === undefined && pid !== undefined) workplace.remember(pid);
    return { DATABASE_URL: server.url };
  },
};
