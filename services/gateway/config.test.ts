import { readConfig, type ConfigError } from '#libs/config/read-config';
import { GatewayConfig } from './config.js';

const cloud = {
  APP_MODE: 'cloud',
  RABBITMQ_URL: 'amqp://user:password@host:5672',
  SECRET_KEY: 'kJ8sd7f6g5h4j3k2l1qazwsxedcrfvtgbyhnujmik',
};

test('on one’s own machine only a key is needed', () => {
  expect(readConfig(GatewayConfig, { SECRET_KEY: 'k' })).toMatchObject({
    HOST: '127.0.0.1',
    PORT: 8000,
    ACCESS_TOKEN_EXPIRE_MINUTES: 10_080,
    RATE_LIMIT_PER_MINUTE: 30_000,
    AUTH_RATE_LIMIT_PER_MINUTE: 3000,
    DOCUMENT_LIMIT_MB: 64,
    TRUSTED_PROXIES: [],
  });
});

test('in the cloud the limits are lower', () => {
  expect(readConfig(GatewayConfig, cloud)).toMatchObject({
    RATE_LIMIT_PER_MINUTE: 1200,
    AUTH_RATE_LIMIT_PER_MINUTE: 30,
  });
});

test('trusted proxies are addresses, networks, or the names of the private ones', () => {
  const TRUSTED_PROXIES = '10.0.0.0/8, 192.168.1.7,::1, fd00::/8,loopback';
  expect(readConfig(GatewayConfig, { ...cloud, TRUSTED_PROXIES }).TRUSTED_PROXIES).toHaveLength(5);
});

test('every wrong setting is named at once', () => {
  const wrong = {
    ...cloud,
    ACCESS_TOKEN_EXPIRE_MINUTES: '0',
    RATE_LIMIT_PER_MINUTE: 'many',
    BODY_LIMIT_MB: '1e9',
    TRUSTED_PROXIES: '10.0.0.0/33,*',
    REDIS_URL: 'localhost:6379',
    CLOUD_API_URL: 'example.org',
  };
  try {
    readConfig(GatewayConfig, wrong);
  } catch (error) {
    const names = (error as ConfigError).complaints.map((line) => line.split(':')[0]);
    expect(new Set(names)).toEqual(new Set(Object.keys(wrong).filter((name) => !(name in cloud))));
  }
  expect.assertions(1);
});
