import { createHash, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { packageRoot } from '#libs/config/package-root';
import { migrate } from '#libs/database/migrate';

/** PostgreSQL's SQLSTATE of a database that somebody is connected to. */
const OBJECT_IN_USE = '55006';

export interface TestDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/**
 * A migrated database of one's own on the server of DATABASE_URL, cloned from a template in a few milliseconds. The
 * template is made once for each state of the migrations, whoever comes first.
 */
export async function testDatabase(): Promise<TestDatabase> {
  const server = process.env.DATABASE_URL;
  if (server === undefined || server === '') throw new Error('DATABASE_URL is not set. Run the tests with: npm test');
  const template = `evidverse_template_${fingerprint()}`;
  const name = `evidverse_test_${randomUUID().replaceAll('-', '')}`;
  await onServer(server, async (client) => {
    await client.query('select pg_advisory_lock(730502093)');
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [template]);
    if (rowCount === 0) await makeTemplate(client, server, template);
    await client.query(`create database ${name} template ${template}`);
  });
  return { url: at(server, name), drop: () => onServer(server, (client) => drop(client, name)) };
}

/**
 * Drops it once nobody is connected any more, and with force from who stays longer than PostgreSQL waits (5 s). A pool
 * says that it has ended before its connections are closed; cut off in between, one of them fails a test that is over.
 */
async function drop(client: pg.Client, name: string): Promise<void> {
  try {
    await client.query(`drop database if exists ${name}`);
  } catch (error) {
    if ((error as pg.DatabaseError).code !== OBJECT_IN_USE) throw error;
    await client.query(`drop database if exists ${name} with (force)`);
  }
}

async function makeTemplate(client: pg.Client, server: string, template: string): Promise<void> {
  const draft = `${template}_draft`;
  await client.query(`drop database if exists ${draft} with (force)`);
  await client.query(`create database ${draft}`);
  await migrate(at(server, draft));
  await client.query(`alter database ${draft} rename to ${template}`);
}

async function onServer<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function at(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
}

function fingerprint(): string {
  const hash = createHash('sha256');
  const folder = join(packageRoot(), 'migrations');
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort())
    if (file.endsWith('.sql')) hash.update(file).update(readFileSync(join(folder, file)));
  return hash.digest('hex').slice(0, 16);
}
