import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '#libs/database/free-port';
import { eventually, serviceProcess, type ServiceProcess } from '#libs/testing/child-process';

/** The all-in-one entry as a process, with everything embedded: what `npm start` starts. */
let folder: string;
let port: number;
let platform: ServiceProcess | undefined;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'evidverse-'));
  chmodSync(folder, 0o755);
  port = await freePort();
});
afterAll(async () => {
  platform?.signal('SIGTERM');
  await platform?.ended;
  rmSync(folder, { recursive: true, force: true });
});

const start = () => serviceProcess('local/main', { DATA_DIR: folder, PORT: String(port), LOG_LEVEL: 'warn' });
const url = () => `http://localhost:${port}`;
const isUp = () => eventually(async () => (await fetch(`${url()}/readyz`)).ok);
const account = { email: 'ada@example.org', password: 'secret words' };
const login = () =>
  fetch(`${url()}/api/v1/auth/login`, {
    method: 'POST',
    body: new URLSearchParams({ username: account.email, password: account.password }),
  });

test('it starts in an empty folder, tells where to go, and answers', async () => {
  platform = start();
  await isUp();
  await eventually(async () => platform!.output().includes(`${url()}/docs`));
  const registered = await fetch(`${url()}/api/v1/auth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(account),
  });
  expect(registered.status).toBe(200);
});

test('a second one on the same folder is refused in words, and harms nothing', async () => {
  const second = serviceProcess('local/main', { DATA_DIR: folder, PORT: String(await freePort()), LOG_LEVEL: 'warn' });
  expect(await second.ended).toBe(1);
  expect(second.output()).toContain('DATA_DIR: another platform');
  expect(second.output()).not.toMatch(/^\s+at /m);
  expect((await login()).status).toBe(200);
});

test('Ctrl-C ends it cleanly, and the next start has everything', async () => {
  platform!.signal('SIGINT');
  expect(await platform!.ended).toBe(0);
  platform = start();
  await isUp();
  expect((await login()).status).toBe(200);
});

test('after kill -9 the next start has everything too', async () => {
  platform!.signal('SIGKILL');
  await platform!.ended;
  platform = start();
  await isUp();
  expect((await login()).status).toBe(200);
});

test('wrong settings are all named at once, without a stack, and nothing starts', async () => {
  const wrong = serviceProcess('gateway/main', {
    APP_MODE: 'cloud',
    SECRET_KEY: 'short',
    PORT: 'many',
    BACKEND_CORS_ORIGINS: '*',
  });
  expect(await wrong.ended).toBe(1);
  for (const name of ['SECRET_KEY', 'PORT', 'BACKEND_CORS_ORIGINS', 'RABBITMQ_URL'])
    expect(wrong.output()).toContain(`${name}:`);
  expect(wrong.output()).not.toMatch(/^\s+at /m);
});
