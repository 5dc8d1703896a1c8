import type { Socket } from 'node:net';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { AppError } from '#libs/errors/app-error';
import { postgresData, ROLE, type PostgresData } from './postgres-data.js';
import { explainPostgresFailure } from './postgres-failure.js';
import {
  doesNotAnswer,
  findPostgres,
  isAlive,
  launchPostgres,
  stopPostgres,
  type PostgresProcess,
} from './postgres-process.js';

export interface EmbeddedPostgresOptions {
  /** Everything is kept in its folder `postgres`; it is made when it is not there. */
  directory: string;
  database?: string;
  onLog?: (line: string) => void;
  /** False only for data that is thrown away: nothing waits for the disk, and a power cut loses all of it. */
  durable?: boolean;
}

export interface EmbeddedPostgres {
  /** With its password; the role is a superuser of this server. */
  url: string;
  /** Shuts down fast (open connections are cut, nothing committed is lost) and waits for the end. */
  stop(): Promise<void>;
  /** Whether the data directory was made by this call. */
  fresh: boolean;
  /** Whether the server was running already, left by a process that was killed. */
  adopted: boolean;
}

/**
 * Gives a running PostgreSQL whose data is in `directory`: starts it, or adopts the one that a killed process left there.
 * It listens on a free loopback port and asks for a password that only the owner of the directory can read.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { database = 'evidverse', onLog = () => {}, durable = true } = options;
  const directory = resolve(options.directory);
  try {
    const place = { ...(await postgresData(directory)), durable, onLog };
    const server = await adoptOrLaunch(place);
    const stop = await claim(server, place, database);
    const { password, fresh } = place;
    return { url: urlOf(server.port, password, database), fresh, adopted: server.child === undefined, stop };
  } catch (error) {
    throw explainPostgresFailure(error, directory);
  }
}

interface Place extends PostgresData {
  durable: boolean;
  onLog: (line: string) => void;
}

/**
 * Goes round until a server of ours answers, because another process may start or stop one at the same moment:
 * a running one is adopted, or stopped when it is of another build, and a port taken meanwhile is replaced.
 */
async function adoptOrLaunch(place: Place): Promise<PostgresProcess> {
  const began = Date.now();
  for (;;) {
    try {
      const { running, staleProcess } = findPostgres(place.data);
      if (running === undefined) return await launchPostgres({ ...place, staleProcess });
      if (!running.isReady) throw doesNotAnswer(running.pid, place.data);
      const server = { ...running, data: place.data };
      if (await mayAdopt(server, place)) return server;
    } catch (error) {
      if (Date.now() - began > patienceWith(error)) throw error;
      await sleep(100);
    }
  }
}

/** What may pass by itself, and how many milliseconds it is given. */
function patienceWith(error: unknown): number {
  const { message, code = '' } = error as NodeJS.ErrnoException;
  const [, owner] = /is used by process (\d+)/.exec(message) ?? [];
  if (owner !== undefined) return isAlive(Number(owner)) ? 0 : 3_000; // the server has yet to notice that its owner was killed
  if (/Address already in use|could not create any TCP\/IP sockets/.test(message)) return 10_000; // the next turn takes another port
  if (/pre-existing shared memory block/.test(message)) return 60_000; // processes of a killed server are ending
  const comesOrGoes = /^Connection terminated|lock file "postmaster.pid" already exists|does not answer/;
  return comesOrGoes.test(message) || /^(57P0\d|ECONN\w+)$/.test(code) ? 120_000 : 0;
}

/** A running server of the same version and durability is kept; any other is stopped, and the caller looks again. */
async function mayAdopt(server: PostgresProcess, place: Place): Promise<boolean> {
  const { password, data, programs, durable, onLog } = place;
  const client = await connect(server.port, password);
  try {
    const owner = await ownerOf(client);
    if (owner !== undefined) throw isUsed(data, owner);
    const { rows } = await client.query<{ version: string; fsync: string }>(
      `select current_setting('server_version') as version, current_setting('fsync') as fsync`,
    );
    if (rows[0]?.version === programs.version && (rows[0].fsync === 'on') === durable) return true;
  } finally {
    await client.end();
  }
  onLog(`stopping PostgreSQL (process ${server.pid}), which was left running with other settings`);
  await stopPostgres(server);
  return false;
}

/** One connection of the owner holds this lock for as long as the owner lives, so nobody adopts a server in use. */
const CLAIM = 4_903_117;

async function ownerOf(client: pg.Client): Promise<string | undefined> {
  const { rows } = await client.query<{ owner: string }>(
    `select application_name as owner from pg_stat_activity join pg_locks using (pid)
     where locktype = 'advisory' and objid = ${CLAIM} and granted`,
  );
  return rows[0]?.owner;
}

/** Makes the server ours, with its database, and gives what stops it. When another process was quicker, it stays theirs. */
async function claim(
  server: PostgresProcess,
  { password, data }: Place,
  database: string,
): Promise<() => Promise<void>> {
  let owner: string | undefined;
  try {
    const client = await connect(server.port, password);
    const { rows } = await client.query<{ ours: boolean }>(`select pg_try_advisory_lock(${CLAIM}) as ours`);
    if (rows[0]?.ours) {
      await createDatabase(client, database);
      return stopOnce(server, client);
    }
    owner = await ownerOf(client);
    await client.end();
  } catch (error) {
    if (server.child) await stopPostgres(server);
    throw error;
  }
  throw isUsed(data, owner ?? 'another process');
}

async function createDatabase(client: pg.Client, database: string): Promise<void> {
  const { rowCount } = await client.query('select from pg_database where datname = $1', [database]);
  if (rowCount === 0) await client.query(`create database ${client.escapeIdentifier(database)}`);
}

async function connect(port: number, password: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: urlOf(port, password, 'postgres'),
    application_name: `process ${process.pid}`,
    connectionTimeoutMillis: 30_000,
  });
  client.on('error', () => {}); // the server went away: whoever uses it learns that by itself
  await client.connect();
  return client;
}

function urlOf(port: number, password: string, database: string): string {
  return `postgres://${ROLE}:${password}@127.0.0.1:${port}/${encodeURI(database)}`;
}

/** The claim must not keep a process alive that has nothing else to do, but stopping must. */
function stopOnce(server: PostgresProcess, client: pg.Client): () => Promise<void> {
  const { stream } = (client as unknown as { connection: { stream: Socket } }).connection;
  stream.unref();
  let stopped: Promise<void> | undefined;
  const stop = async () => {
    stream.ref();
    await client.end().catch(() => {});
    await stopPostgres(server);
  };
  return () => (stopped ??= stop());
}

function isUsed(data: string, owner: string): AppError {
  return new AppError(
    'unavailable',
    `The database in ${data} is used by ${owner}. Stop that one first, or choose another directory.`,
  );
}
