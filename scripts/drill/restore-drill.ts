import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '#libs/database/free-port';
import { startPlatform } from '../../services/local/start-platform.js';
import { Api } from '../demo/api.js';
import {
  archiveEverything,
  drillFolders,
  restoreTo,
  startArchiving,
  takeBaseBackup,
  withClient,
} from './recoverable-postgres.js';

/** What was there again after the restoration, and how long it took to have it. */
export interface DrillResult {
  /** Names of the projects that the restored platform shows to their owner. */
  readonly projects: string[];
  /** The moment that was asked for, by the clock of the lost server. */
  readonly moment: string;
  readonly restoredInMs: number;
}

/**
 * A loss and a return, for real: a platform works on a server that archives its WAL; a base backup is taken; people go
 * on; somebody destroys everything, and more is written after it; the server is lost with its disk. Then it is brought
 * back to the moment before the destruction, and the platform is started on it, with the secret it had: what the
 * database keeps sealed opens with nothing else.
 */
export async function restoreDrill(directory: string, say: (line: string) => void): Promise<DrillResult> {
  const folders = await drillFolders(directory);
  const server = await startArchiving(folders);
  say('a PostgreSQL that archives its WAL is up, and the platform on it');
  const secret = randomUUID();
  const ada = { email: `ada-${randomUUID()}@example.org`, password: randomUUID() };
  let moment = '';
  await withPlatform(server.url, secret, join(directory, 'first'), async (url) => {
    const api = await signedUp(url, ada);
    await api.post('/projects/', { name: 'before the backup' });
    await takeBaseBackup(server.url, folders);
    say('a base backup was taken while it worked');
    await api.post('/projects/', { name: 'after the backup' });
    moment = await clockOf(server.url);
    say(`a second before the destruction it is ${moment}`);
    await withClient(server.url, (client) => client.query('select pg_sleep(1)'));
    await api.post('/projects/', { name: 'in the last second' });
    await withClient(server.url, (client) => client.query('truncate projects.users, projects.projects cascade'));
    await archiveEverything(server.url);
  });
  await server.stop();
  await rm(folders.lost, { recursive: true });
  say('everything was emptied, and then the server was lost with its disk');

  const began = Date.now();
  const restored = await restoreTo(moment, folders);
  const restoredInMs = Date.now() - began;
  say(`the base backup and the WAL until ${moment} are a server again after ${restoredInMs} ms`);
  try {
    return await withPlatform(restored.url, secret, join(directory, 'second'), async (url) => {
      const api = await signedIn(url, ada);
      const projects = await api.get<{ name: string }[]>('/projects/');
      await api.post('/projects/', { name: 'life goes on' });
      return { projects: projects.map(({ name }) => name).sort(), moment, restoredInMs };
    });
  } finally {
    await restored.stop();
  }
}

async function withPlatform<T>(
  databaseUrl: string,
  secret: string,
  folder: string,
  work: (url: string) => Promise<T>,
): Promise<T> {
  await mkdir(folder, { recursive: true });
  const environment = {
    DATABASE_URL: databaseUrl,
    SECRET_KEY: secret,
    DATA_DIR: folder,
    PORT: String(await freePort()),
    LOG_LEVEL: 'silent',
  };
  const platform = await startPlatform({ ...environment, RABBITMQ_URL: `in-process:${randomUUID()}` });
  try {
    return await work(platform.url);
  } finally {
    await platform.close();
  }
}

interface Account {
  email: string;
  password: string;
}

async function signedUp(url: string, account: Account): Promise<Api> {
  await new Api(url).post('/auth/register', account);
  return signedIn(url, account);
}

async function signedIn(url: string, { email, password }: Account): Promise<Api> {
  const form = new URLSearchParams({ username: email, password });
  const { access_token } = await new Api(url).post<{ access_token: string }>('/auth/login', form);
  return new Api(url).as(access_token);
}

const clockOf = (url: string): Promise<string> =>
  withClient(url, async (client) => {
    const { rows } = await client.query<{ now: string }>('select clock_timestamp()::text as now');
    return rows[0]!.now;
  });
