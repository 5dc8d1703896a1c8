import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommonConfig, DatabaseConfig, SecretConfig } from './common-config.js';
import type { ConfigError } from './read-config.js';
import { readConfig, type AppMode } from './read-config.js';

const shape = (mode: AppMode) => ({ ...CommonConfig(mode), ...DatabaseConfig(mode), ...SecretConfig(mode) });
const strong = 'kJ8sd7f6g5h4j3k2l1qazwsxedcrfvtgbyhnujmik';

function complaints(environment: Record<string, string>): readonly string[] {
  try {
    readConfig(shape, environment);
    return [];
  } catch (error) {
    return (error as ConfigError).complaints;
  }
}

test('every wrong setting is named at once', () => {
  const lines = complaints({
    APP_MODE: 'cloud',
    SECRET_KEY: 'short',
    DATABASE_URL: 'mysql://x',
    DATABASE_POOL_SIZE: 'many',
  });
  for (const name of ['SECRET_KEY', 'DATABASE_URL', 'DATABASE_POOL_SIZE', 'RABBITMQ_URL'])
    expect(lines.some((line) => line.startsWith(`${name}:`))).toBe(true);
});

test.each(['changeme', 'short', 'a'.repeat(64), 'your-secret-key-for-production-use-only'])(
  'cloud mode refuses the secret %s',
  (SECRET_KEY) => {
    const lines = complaints({ APP_MODE: 'cloud', SECRET_KEY, DATABASE_URL: 'postgres://x', RABBITMQ_URL: 'amqp://x' });
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.every((line) => line.startsWith('SECRET_KEY:'))).toBe(true);
  },
);

test('cloud mode refuses the in-process broker', () => {
  const lines = complaints({
    APP_MODE: 'cloud',
    SECRET_KEY: strong,
    DATABASE_URL: 'postgres://x',
    RABBITMQ_URL: 'in-process',
  });
  expect(lines).toEqual(['RABBITMQ_URL: amqp://user:password@host:5672 is expected']);
});

test('local mode needs a database and a key, and defaults the rest', () => {
  const config = readConfig(shape, { DATABASE_URL: 'postgres://x', SECRET_KEY: 'k' });
  expect(config).toMatchObject({
    APP_MODE: 'local',
    RABBITMQ_URL: 'in-process',
    LOG_FORMAT: 'pretty',
    DATABASE_POOL_SIZE: 10,
  });
});

test('an unknown mode is a complaint, not a guess', () => {
  expect(complaints({ APP_MODE: 'prod' }).some((line) => line.startsWith('APP_MODE'))).toBe(true);
});

test('a secret can come from a file', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'config-')), 'key');
  writeFileSync(path, `${strong}\n`);
  expect(readConfig(shape, { DATABASE_URL: 'postgres://x', SECRET_KEY_FILE: path }).SECRET_KEY).toBe(strong);
  expect(complaints({ DATABASE_URL: 'postgres://x', SECRET_KEY_FILE: `${path}-missing` })[0]).toMatch(
    /^SECRET_KEY_FILE: cannot be read/,
  );
});
