import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { Caller } from '#libs/contracts/caller';
import { runServices, type RunningServices } from './running.js';

type Service = Parameters<typeof runServices>[0][number];

/** A mesh that a file of tests has for itself: whom to ask, who may do everything, and its tables. */
export interface MeshForTests {
  readonly call: RunningServices['broker']['call'];
  readonly admin: Caller;
  /** The key that everybody has. */
  readonly network_key: string;
  readonly lease_s: number;
  readonly database: pg.Pool;
}

/** Runs a mesh without pauses between crawls from before the first test of a file to after its last. */
export function meshForTests(mesh: Service, settings: Record<string, string> = {}): MeshForTests {
  const [network_key, lease_s] = ['a key for tests', 30];
  const database = new pg.Pool({ options: '-c search_path=mesh' });
  let running: RunningServices;
  beforeAll(async () => {
    running = await runServices([mesh], {
      NETWORK_SHARED_KEY: network_key,
      LEASE_DURATION_SECONDS: String(lease_s),
      MESH_MIN_INTERVAL_MS: '0',
      ...settings,
    });
    database.options.connectionString = running.databaseUrl;
  });
  afterAll(async () => {
    await database.end();
    await running.close();
  });
  return {
    call: (...args) => running.broker.call(...args),
    admin: { user_id: randomUUID(), role: 'admin', session_id: randomUUID() },
    network_key,
    lease_s,
    database,
  };
}
