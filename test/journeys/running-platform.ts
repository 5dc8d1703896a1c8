import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { freePort } from '#libs/database/free-port';
import { testDatabase } from '#libs/testing/database';
import { startPlatform } from '../../services/local/start-platform.js';

/** A whole platform in this process, with a database, a folder and a bus of its own; `close` leaves nothing behind. */
export interface RunningPlatform {
  readonly url: string;
  readonly folder: string;
  readonly databaseUrl: string;
  close(): Promise<void>;
}

/** Starts one; `settings` stand over the usual ones. */
export async function runPlatform(settings: Record<string, string> = {}): Promise<RunningPlatform> {
  const database = await testDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'platform-'));
  const platform = await startPlatform({
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
