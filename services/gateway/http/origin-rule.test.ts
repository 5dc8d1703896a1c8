import { readConfig } from '#libs/config/read-config';
import { GatewayConfig } from '../config.js';
import { originRule, readOrigins } from './origin-rule.js';

const listed = ['https://app.example.org', 'http://localhost:3000'];

test.each([
  [undefined, 'refused'],
  ['https://app.example.org', 'with-credentials'],
  ['http://localhost:3000', 'with-credentials'],
  ['http://localhost:5173', 'token-only'],
  ['http://127.0.0.1:80', 'refused'],
  ['http://127.0.0.1', 'token-only'],
  ['https://localhost', 'refused'],
  ['http://localhost.evil.example', 'refused'],
  ['http://localhost:3000@evil.example', 'refused'],
  ['http://app.example.org', 'refused'],
  ['https://app.example.org.evil.example', 'refused'],
  ['https://app.example.org/', 'refused'],
  ['HTTPS://APP.EXAMPLE.ORG', 'refused'],
  ['null', 'refused'],
  ['', 'refused'],
  ['nonsense', 'refused'],
])('a page of %s is %s', (origin, rule) => {
  expect(originRule(origin, listed)).toBe(rule);
});

test('a list that names everyone lets everyone in, but not with credentials', () => {
  expect(originRule('https://anyone.example', ['*'])).toBe('token-only');
  expect(originRule('null', ['null'])).toBe('token-only');
});

test.each([
  ['https://a.example, https://b.example/', ['https://a.example', 'https://b.example']],
  ['["https://a.example","https://b.example"]', ['https://a.example', 'https://b.example']],
  ['', ['http://localhost', 'http://127.0.0.1', 'http://localhost:3000', 'http://127.0.0.1:3000']],
  [' [] ', ['http://localhost', 'http://127.0.0.1', 'http://localhost:3000', 'http://127.0.0.1:3000']],
])('%j is read as a list', (text, origins) => {
  expect(readOrigins(text, 'cloud')).toEqual({ origins, complaints: [] });
});

test.each(['*', 'null', 'http://app.example.org', 'app.example.org', 'https://a.example/path', '[1]', '["x"'])(
  'cloud mode refuses %j at the start, by name',
  (BACKEND_CORS_ORIGINS) => {
    const environment = {
      APP_MODE: 'cloud',
      RABBITMQ_URL: 'amqp://x',
      SECRET_KEY: 'kJ8sd7f6g5h4j3k2l1qazwsxedcrfvtgbyhnujmik',
      BACKEND_CORS_ORIGINS,
    };
    expect(() => readConfig(GatewayConfig, environment)).toThrow('BACKEND_CORS_ORIGINS: ');
  },
);

test('local mode takes what cloud mode would not, but no nonsense', () => {
  for (const origin of ['*', 'null', 'http://192.168.1.4:3000'])
    expect(readOrigins(origin, 'local').complaints).toEqual([]);
  expect(readOrigins('192.168.1.4', 'local').complaints).toHaveLength(1);
});
