import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '#libs/config/read-config';
import { freePort } from '#libs/database/free-port';
import { testDatabase } from './database.js';

/** A whole platform in this process, with a database, a folder and a bus of its own; `close` leaves nothing behind. */
export interface RunningPlatform {
  readonly url: string;
  readonly folder: string;
  readonly databaseUrl: string;
  close(): Promise<void>;
}

interface Started {
  readonly url: string;
  close(): Promise<void>;
}

/** Starts one by what is given, which is `startPlatform`; `settings` stand over the usual ones. */
export async function platformBy(
  start: (environment: Environment) => Promise<Started>,
  settings: Record<string, string> = {},
): Promise<RunningPlatform> {
  const database = await testDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'platform-'));
  const platform = await start({
    DATABASE_URL: database.url,
    DATA_DIR: folder,
    PORT: String(await freePort()),
    LOG_LEVEL: 'error',
    LOG_FORMAT: 'json',
    RABBITMQ_URL: `in-process:${randomUUID()}`,
    ...settings,
  });
  return {
    url: platform.url,
    folder,
    databaseUrl: database.url,
    close: async () => {
      await platform.close();
      await database.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
