import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { DataSource, type MigrationInterface, type QueryRunner } from 'typeorm';
import { SERVICES, type ServiceName } from '#libs/contracts/contract';
import { packageRoot } from '#libs/config/package-root';
import { roleOf } from './connection-options.js';

/** One lock for all who migrate: the second waits, finds nothing to do, and goes on. */
const LOCK = 7_305_020_931;

/**
 * Brings every schema up to date: forward only, each file once and in its own transaction, under an advisory lock.
 * Gives the names of what it applied. The connection must be direct, not through a transaction pooler.
 */
export async function migrate(url: string, say: (line: string) => void = () => {}): Promise<string[]> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'evidverse-migrate',
    connectionTimeoutMillis: 10_000,
  });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [LOCK]);
    const applied: string[] = [];
    for (const service of SERVICES) {
      await prepareSchema(client, service);
      for (const name of await migrateSchema(url, service)) {
        applied.push(name);
        say(`applied ${name}`);
      }
    }
    return applied;
  } finally {
    await client.end();
  }
}

/** What has not been applied yet, by name; a service is ready only when its own list is empty. */
export async function pendingMigrations(
  query: (sql: string) => Promise<{ name: string }[]>,
  service: ServiceName,
): Promise<string[]> {
  const done = new Set((await query(`select name from ${service}.migrations`)).map(({ name }) => name));
  return (await migrationFiles(service)).map(({ name }) => name).filter((name) => !done.has(name));
}

async function migrateSchema(url: string, service: ServiceName): Promise<string[]> {
  const files = await migrationFiles(service);
  const source = new DataSource({
    type: 'postgres',
    url,
    schema: service,
    migrations: await Promise.all(files.map(asMigration)),
    migrationsTableName: 'migrations',
    logger: 'debug', // who asked hears of a failure; the usual one would print it besides
    extra: { max: 1, options: `-c search_path=${service} -c lock_timeout=10s` },
  });
  await source.initialize();
  try {
    return (await source.runMigrations({ transaction: 'each' })).map((migration) => migration.name);
  } finally {
    await source.destroy();
  }
}

/**
 * Schema, role and rights: the service reads and writes rows, and cannot change a table or see a neighbour's. Where the
 * role is there and given to us already, no right to make roles is needed.
 */
async function prepareSchema(client: pg.Client, service: ServiceName): Promise<void> {
  const role = roleOf(service);
  await client.query(`
    do $$ begin
      if not exists (select from pg_roles where rolname = '${role}') then create role ${role} nologin; end if;
    exception when duplicate_object or unique_violation then null;
    end $$;
    do $$ begin
      if not pg_has_role(current_user, '${role}',
          case when current_setting('server_version_num')::int < 160000 then 'member' else 'set' end)
        then grant ${role} to current_user; end if;
    exception when unique_violation then null;
    end $$;
    create schema if not exists ${service};
    grant usage on schema ${service} to ${role};
    alter default privileges in schema ${service} grant select, insert, update, delete on tables to ${role};
    alter default privileges in schema ${service} grant usage on sequences to ${role};
  `);
}

interface MigrationFile {
  name: string;
  path: string;
}

/** The files that every schema has, then the service's own, each in the order of its number. */
async function migrationFiles(service: ServiceName): Promise<MigrationFile[]> {
  const lists = await Promise.all(
    ['every-service', service].map(async (folder, place) => {
      const directory = join(packageRoot(), 'migrations', folder);
      const files = (await readdir(directory)).filter((file) => file.endsWith('.sql')).sort();
      return files.map((file) => ({ name: migrationName(service, file, place), path: join(directory, file) }));
    }),
  );
  return lists.flat();
}

/** TypeORM orders migrations by thirteen digits at the end of their name; ours come from the file's number. */
function migrationName(service: ServiceName, file: string, place: number): string {
  const [, number, title] = /^(\d{4})-([a-z0-9-]+)\.sql$/.exec(file) ?? [];
  if (number === undefined || title === undefined)
    throw new Error(`A migration is named 0001-what-it-does.sql, not ${file}.`);
  return `${service}/${title}-${1_000_000_000_000 + place * 10_000 + Number(number)}`;
}

async function asMigration({ name, path }: MigrationFile): Promise<new () => MigrationInterface> {
  const sql = await readFile(path, 'utf8');
  return class implements MigrationInterface {
    name = name;
    async up(runner: QueryRunner): Promise<void> {
      await runner.query(sql);
    }
    async down(): Promise<void> {
      throw new Error('Migrations only go forward; write a new one.');
    }
  };
}
