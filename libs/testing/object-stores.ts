import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fastify } from 'fastify';
import type { Environment } from '#libs/config/read-config';
import { freePort } from '#libs/database/free-port';
import { registerFileDoor } from '#libs/storage/file-door';
import type { FilesystemStore } from '#libs/storage/filesystem-store';
import type { ObjectStore } from '#libs/storage/object-store';
import { openStore } from '#libs/storage/storage-config';

/** The kinds of store that everything must work on. */
export const STORE_KINDS = ['a folder', 'an S3 server'] as const;
export type StoreKind = (typeof STORE_KINDS)[number];

export interface TestStore {
  /** What makes services use this store. */
  readonly environment: Environment;
  /** The very store, to look behind the services. */
  readonly store: ObjectStore;
  close(): Promise<void>;
}

/** An empty store of one's own whose links work: a folder with its door, or a bucket on the server of S3_ENDPOINT_URL. */
export async function testStore(kind: StoreKind): Promise<TestStore> {
  return kind === 'a folder' ? folderStore() : bucketStore();
}

async function folderStore(): Promise<TestStore> {
  const DATA_DIR = await mkdtemp(join(tmpdir(), 'media-'));
  const port = await freePort();
  const environment = { DATA_DIR, PUBLIC_URL: `http://127.0.0.1:${port}`, SECRET_KEY: 'a key for tests only' };
  const store = openStore({ ...environment, S3_BUCKET_NAME: 'unused', S3_REGION_NAME: 'unused' } as never);
  const door = fastify();
  await registerFileDoor(door, store as FilesystemStore, { prefix: '/files' });
  await door.listen({ port, host: '127.0.0.1' });
  return {
    environment,
    store,
    close: async () => {
      await door.close();
      await rm(DATA_DIR, { recursive: true, force: true });
    },
  };
}

async function bucketStore(): Promise<TestStore> {
  const { S3_ENDPOINT_URL, S3_ACCESS_KEY, S3_SECRET_KEY, S3_REGION_NAME } = process.env;
  if (!S3_ENDPOINT_URL) throw new Error('S3_ENDPOINT_URL is not set. Run the tests with: npm test');
  const S3_BUCKET_NAME = `test-${randomUUID()}`;
  const environment = {
    ...{ S3_ENDPOINT_URL, S3_ACCESS_KEY, S3_SECRET_KEY, S3_BUCKET_NAME },
    S3_REGION_NAME: S3_REGION_NAME ?? 'us-east-1',
  };
  const store = openStore(environment as never);
  return {
    environment,
    store,
    close: async () => {
      for await (const { key, upload_id } of store.listUploads()) await store.abortUpload(key, upload_id);
      const keys: string[] = [];
      for await (const { key } of store.list()) keys.push(key);
      await store.delete(keys);
    },
  };
}
