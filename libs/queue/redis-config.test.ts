import type { ConfigError } from '#libs/config/read-config';
import { readConfig, type Environment } from '#libs/config/read-config';
import { RedisConfig } from './redis-config.js';

function complaints(environment: Environment): readonly string[] {
  try {
    readConfig(RedisConfig, environment);
    return [];
  } catch (error) {
    return (error as ConfigError).complaints;
  }
}

test('local mode needs no Redis', () => {
  expect(complaints({})).toEqual([]);
});

test('cloud mode needs one', () => {
  expect(complaints({ APP_MODE: 'cloud' })).toEqual(['REDIS_URL: is required']);
  expect(complaints({ APP_MODE: 'cloud', REDIS_URL: 'rediss://:key@redis:6380/2' })).toEqual([]);
});

test('something else than Redis is refused in either mode', () => {
  for (const APP_MODE of ['local', 'cloud'])
    expect(complaints({ APP_MODE, REDIS_URL: 'http://redis' })).toEqual([
      'REDIS_URL: redis://user:password@host:6379 is expected',
    ]);
});
