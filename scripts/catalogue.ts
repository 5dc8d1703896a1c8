import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { DataSource } from 'typeorm';
import { DatabaseConfig } from '#libs/config/common-config';
import { readConfig } from '#libs/config/read-config';
import { ImportSource, type WorkLine } from '#libs/contracts/intel-works';
import { connectionOptions } from '#libs/database/connection-options';
import { startEmbeddedPostgres } from '#libs/database/embedded-postgres';
import { migrate } from '#libs/database/migrate';
import { postgresData, ROLE } from '#libs/database/postgres-data';
import { findPostgres } from '#libs/database/postgres-process';
import { BANGUMI_DATA, bangumiWorks } from '../services/intel/works/bangumi-data.js';
import { takeInWorks } from '../services/intel/works/take-in-works.js';
import { workLines } from '../services/intel/works/work-lines.js';

/**
 * `npm run catalogue`: fills the catalogue with the works of bangumi-data; `npm run catalogue -- works.jsonl my-source` with
 * those of a file. Into the database of DATABASE_URL, else that of the local platform, running or not. The same again
 * changes nothing.
 */
const [file, source = file === undefined ? BANGUMI_DATA.source : ''] = process.argv.slice(2);
const named = ImportSource.safeParse(source);
if (!named.success) {
  const reason = source === '' ? 'Say whose titles they are' : named.error.issues[0]!.message;
  process.stderr.write(`${reason}: npm run catalogue -- works.jsonl my-source\n`);
  process.exit(2);
}
const { url, stop } = await database();
const data = new DataSource(connectionOptions('intel', { DATABASE_URL: url, DATABASE_POOL_SIZE: 1 }, []));
try {
  await migrate(url);
  await data.initialize();
  const lines = file === undefined ? bangumiWorks() : await worksOf(file);
  const total = { added: 0, changed: 0, unchanged: 0 };
  for (let at = 0; at < lines.length; at += 250) {
    const done = await data.transaction((manager) => takeInWorks(manager, source, lines.slice(at, at + 250)));
    for (const name of ['added', 'changed', 'unchanged'] as const) total[name] += done[name];
    if (process.stdout.isTTY) process.stdout.write(`\r${Math.min(at + 250, lines.length)} of ${lines.length} works\r`);
  }
  console.log(`${lines.length} works: ${total.added} added, ${total.changed} changed, ${total.unchanged} as they were`);
  if (file === undefined)
    console.log('Titles by bangumi-data (https://github.com/bangumi-data/bangumi-data), CC BY 4.0.');
} catch (error) {
  process.stderr.write(`The catalogue could not be filled: ${(error as Error).message}\n`);
  process.exitCode = 1;
} finally {
  if (data.isInitialized) await data.destroy();
  await stop();
}

async function database(): Promise<{ url: string; stop: () => Promise<void> }> {
  const { DATABASE_URL: given } = readConfig(
    (mode) => ({ DATABASE_URL: DatabaseConfig(mode).DATABASE_URL.optional() }),
    process.env,
  );
  if (given !== undefined) return { url: given, stop: async () => undefined };
  const directory = resolve(process.env.DATA_DIR ?? './data');
  const { data: folder, password } = await postgresData(directory);
  const { running } = findPostgres(folder);
  if (!running) return startEmbeddedPostgres({ directory });
  const url = new URL(`postgres://${ROLE}@127.0.0.1:${running.port}/evidverse`);
  url.password = password;
  return { url: url.href, stop: async () => undefined };
}

async function worksOf(path: string): Promise<WorkLine[]> {
  const works: WorkLine[] = [];
  for await (const { line, work, refused } of workLines(createReadStream(path))) {
    if (work) works.push(work);
    if (refused !== undefined) process.stderr.write(`line ${line} is left out: ${refused}\n`);
  }
  return works;
}
