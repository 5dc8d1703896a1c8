import { tmpdir } from 'node:os';
import { readConfig, type ConfigError } from '#libs/config/read-config';
import { FilesystemStore } from './filesystem-store.js';
import { S3Store } from './s3-store.js';
import { openStore, StorageConfig } from './storage-config.js';

const folder = { DATA_DIR: tmpdir(), PUBLIC_URL: 'http://localhost:8000/', SECRET_KEY: 'secret' };
const s3 = { S3_ENDPOINT_URL: 'http://localhost:9000', S3_ACCESS_KEY: 'key', S3_SECRET_KEY: 'secret' };

test('with S3_ENDPOINT_URL the store is S3, without it a folder', async () => {
  const config = readConfig(StorageConfig, {});
  expect(config).toMatchObject({ S3_BUCKET_NAME: 'evidverse-bucket', S3_REGION_NAME: 'us-east-1' });
  expect(openStore({ ...config, ...folder })).toBeInstanceOf(FilesystemStore);
  expect(openStore(readConfig(StorageConfig, s3))).toBeInstanceOf(S3Store);
});

test('links to a folder stand below PUBLIC_URL and hold as long as SECRET_KEY is the same', async () => {
  const link = async (SECRET_KEY: string) => {
    const store = openStore({ ...readConfig(StorageConfig, {}), ...folder, SECRET_KEY }) as FilesystemStore;
    return { store, url: new URL(await store.presignGet('a/b', { expiresSeconds: 60 })) };
  };
  const { url } = await link('secret');
  expect(`${url.origin}${url.pathname}`).toBe('http://localhost:8000/files/a/b');
  const [same, other] = [(await link('secret')).store, (await link('another')).store];
  expect(() => same.checkLink('GET', 'a/b', url.searchParams)).not.toThrow();
  expect(() => other.checkLink('GET', 'a/b', url.searchParams)).toThrow('does not fit');
});

test('what is missing is said by name', () => {
  const config = readConfig(StorageConfig, {});
  expect(() => openStore(config)).toThrow('DATA_DIR, PUBLIC_URL and SECRET_KEY');
  expect(() => openStore({ ...config, S3_ENDPOINT_URL: s3.S3_ENDPOINT_URL })).toThrow('S3_ACCESS_KEY');
});

test('in cloud mode a folder is not enough', () => {
  const complaints = (environment: Record<string, string>) => {
    try {
      readConfig(StorageConfig, { APP_MODE: 'cloud', ...environment });
      return [];
    } catch (error) {
      return (error as ConfigError).complaints.map((line) => line.split(':')[0]);
    }
  };
  expect(complaints({})).toEqual(['S3_ENDPOINT_URL', 'S3_ACCESS_KEY', 'S3_SECRET_KEY']);
  expect(complaints(s3)).toEqual([]);
  expect(complaints({ ...s3, S3_ENDPOINT_URL: 'https://host/path', S3_BUCKET_NAME: 'Films' })).toEqual([
    'S3_ENDPOINT_URL',
    'S3_BUCKET_NAME',
  ]);
});
