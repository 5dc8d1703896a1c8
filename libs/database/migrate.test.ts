import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { SERVICES } from '#libs/contracts/contract';
import { connectionOptions, roleOf } from './connection-options.js';
import { startEmbeddedPostgres, type EmbeddedPostgres } from './embedded-postgres.js';
import { migrate, pendingMigrations } from './migrate.js';

/** On a server of its own, because roles belong to the whole server: the first test finds none of ours. */
let server: EmbeddedPostgres;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'migrate-'));
  chmodSync(folder, 0o755);
  server = await startEmbeddedPostgres({ directory: folder });
});
afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('an owner who is no superuser but may make roles can migrate; of several at once each waits for the other', async () => {
  const url = await newDatabase('first', 'createrole');
  const told: string[] = [];
  const applied = await Promise.all([1, 2, 3].map(() => migrate(url, (line) => told.push(line))));
  expect(applied.map((names) => names.length).sort()).toEqual([0, 0, told.length]);
  expect(new Set(told).size).toBe(told.length);
  await onDatabase(url, async (client) => {
    const query = async (sql: string) => (await client.query<{ name: string }>(sql)).rows;
    for (const service of SERVICES) expect(await pendingMigrations(query, service)).toEqual([]);
  });
  await worksFor(url);
});

test('several databases of one server can be migrated at once', async () => {
  const urls = [await newDatabase('second', 'superuser'), await newDatabase('fifth', 'superuser')];
  const [one, other] = await Promise.all(urls.map((url) => migrate(url)));
  expect(one).toEqual(other);
});

test('an owner who may make nothing can migrate where the roles are there and given to them', async () => {
  const url = await newDatabase('third', 'nocreaterole');
  await expect(migrate(url)).rejects.toThrow(/permission denied|admin option/i);
  for (const service of SERVICES)
    await onDatabase(server.url, (client) => client.query(`grant ${roleOf(service)} to third`));
  expect((await migrate(url)).length).toBeGreaterThan(0);
  await worksFor(url);
});

test('a migration that fails leaves nothing of itself, and is applied once what was in its way is gone', async () => {
  const url = await newDatabase('fourth', 'superuser');
  await onDatabase(url, (client) => client.query('create schema projects; create table projects.sessions (id int)'));
  await expect(migrate(url)).rejects.toThrow('relation "sessions" already exists');
  await onDatabase(url, async (client) => {
    expect(await tables(client)).toEqual(['inbox', 'migrations', 'outbox', 'sessions']);
    await client.query('drop table projects.sessions');
  });
  await migrate(url);
  await onDatabase(url, async (client) => expect(await tables(client)).toContain('users'));
});

test('every foreign key can be followed backwards by an index', async () => {
  const url = await newDatabase('sixth', 'superuser');
  await migrate(url);
  await onDatabase(url, async (client) => {
    const { rows } = await client.query<{ key: string }>(
      `select conrelid::regclass || '.' || attname as key
       from pg_constraint join pg_attribute on attrelid = conrelid and attnum = conkey[1]
       where contype = 'f' and not exists (select from pg_index where indrelid = conrelid and indkey[0] = conkey[1])`,
    );
    expect(rows).toEqual([]);
  });
});

async function tables(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ tablename: string }>(
    `select tablename from pg_tables where schemaname = 'projects' order by 1`,
  );
  return rows.map(({ tablename }) => tablename);
}

/** A database of one's own, and the address with which its owner of the same name reaches it. */
async function newDatabase(name: string, right: 'superuser' | 'createrole' | 'nocreaterole'): Promise<string> {
  await onDatabase(server.url, async (client) => {
    await client.query(`create role ${name} login ${right} password 'secret'`);
    await client.query(`create database ${name} owner ${name}`);
  });
  const url = new URL(server.url);
  Object.assign(url, { username: name, password: 'secret', pathname: `/${name}` });
  return url.href;
}

async function onDatabase<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** A service that is given the owner's address works as its own role, and cannot do what only the owner can. */
async function worksFor(url: string): Promise<void> {
  const source = new DataSource(connectionOptions('projects', { DATABASE_URL: url, DATABASE_POOL_SIZE: 1 }, []));
  await source.initialize();
  expect(await source.query('select current_user as me')).toEqual([{ me: 'evidverse_projects' }]);
  await source.query(`insert into users (email, password_hash) values ('ada@example.org', 'x')`);
  await source.query(
    `insert into anchors (project_id, name, reference_image_url) select gen_random_uuid(), '', '' where false`,
  );
  await expect(source.query('drop table users')).rejects.toThrow(/must be owner/);
  await expect(source.query('select 1 from media.outbox')).rejects.toThrow(/permission denied/);
  await source.destroy();
}
