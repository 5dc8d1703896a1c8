import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { connect, senderFor } from '#libs/client/api/api';
import { sessionCredentials, signIn, tokensInMemory } from '#libs/client/api/session';
import { WORKS } from '#libs/testing/seeds/catalogue';
import { runPlatform, type RunningPlatform } from '../journeys/running-platform.js';
import { installClient, type InstalledClient } from './installed-client.js';

/** The package installed elsewhere, and its command as a stranger finds it. */
const ADMIN = { email: 'op@example.org', password: 'correct horse battery' };
let client: InstalledClient;
let platform: RunningPlatform;
beforeAll(async () => {
  [client, platform] = await Promise.all([
    installClient(),
    runPlatform({ ADMIN_EMAIL: ADMIN.email, ADMIN_PASSWORD: ADMIN.password, INTEL_SNAPSHOT_MINUTES: '0' }),
  ]);
  const sender = senderFor({ server: platform.url });
  const store = tokensInMemory(await signIn(sender, ADMIN.email, ADMIN.password));
  const admin = connect({ ...sender, credentials: sessionCredentials(sender, store) });
  await admin.post('/v1/works/import', { body: { source: 'test', works: WORKS } as never });
  await admin.post('/v1/admin/snapshots/build', { timeout_ms: 60_000 } as never);
});
afterAll(() => client?.remove());

function evidverse(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const env = {
    PATH: process.env.PATH,
    EVIDVERSE_HOME: join(client.folder, 'home'),
    EVIDVERSE_SERVER: platform.url,
    EVIDVERSE_PASSWORD: ADMIN.password,
  };
  const command = [join(client.folder, 'node_modules', '.bin', 'evidverse'), ...args];
  return new Promise((resolve) => {
    execFile(process.execPath, command, { cwd: client.folder, env }, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    );
  });
}

test('the installed command tells what there is, signs in, and knows who one is', async () => {
  expect(await evidverse('--help')).toMatchObject({
    code: 0,
    out: expect.stringContaining('Usage: evidverse') as string,
  });
  expect(await evidverse('login', '--email', ADMIN.email)).toMatchObject({ code: 0 });
  expect((await evidverse('whoami')).out).toContain(ADMIN.email);
});

test('titles are answered by the server, and by the snapshot kept here once the server is gone', async () => {
  const asked = ['resolve', '钢铁侠', 'nothing of ours'];
  const there = await evidverse(...asked);
  expect(there.out).toContain('iron-man-2008-movie');
  expect((await evidverse('snapshot', 'info')).err).toContain('evidverse snapshot sync');
  const synced = await evidverse('snapshot', 'sync');
  expect([synced.code, synced.err]).toEqual([0, '']);
  expect((await evidverse('snapshot', 'sync')).out).toContain('still is the newest');
  await platform.close();
  expect(await evidverse(...asked, '--offline')).toMatchObject({ code: 1, out: there.out });
  expect(JSON.parse((await evidverse('--json', 'search', 'iron man', '--offline')).out)).toMatchObject([
    { release_key: 'iron-man-2008-movie' },
  ]);
  expect((await evidverse('snapshot', 'info')).out).toContain('less than a minute ago');
  expect((await evidverse('snapshot', 'sync')).code).toBe(1);
});
