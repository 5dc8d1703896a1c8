import { fastify, type FastifyInstance } from 'fastify';
import type { AppMode } from '#libs/config/read-config';
import { letPagesIn } from './let-pages-in.js';
import type { Auth, Route } from './route.js';

const ROUTES: readonly [string, string, Auth][] = [
  ['GET', '/snap/*', 'none'],
  ['GET', '/v1/alias/resolve', 'own'],
  ['GET', '/v1/recommend/trending', 'optional'],
  ['GET', '/v1/jobs', 'required'],
  ['POST', '/v1/resolve', 'own'],
  ['GET', '/t/:token/v1/alias/resolve', 'own'],
  ['GET', '/api/v1/projects/feed', 'optional'],
];
const doors: FastifyInstance[] = [];
afterAll(() => Promise.all(doors.map((door) => door.close())));

async function door(APP_MODE: AppMode): Promise<FastifyInstance> {
  const made = fastify();
  doors.push(made);
  await letPagesIn(made, { APP_MODE, BACKEND_CORS_ORIGINS: ['https://app.example.org'] });
  for (const [method, url, auth] of ROUTES)
    made.route({ method, url, config: { route: { auth } as Route }, handler: () => ({ it: 'is' }) });
  return made;
}
const origin = 'https://library.example';
async function headers(at: FastifyInstance, line: string, sent: Record<string, string>) {
  const [method, url] = line.split(' ') as ['GET', string];
  return (await at.inject({ method, url, headers: sent })).headers;
}
const allowed = async (at: FastifyInstance, line: string, sent: Record<string, string> = { origin }) =>
  (await headers(at, line, sent))['access-control-allow-origin'];

test.each(['/snap/pointer.json', '/v1/alias/resolve?q=x', '/v1/recommend/trending'])(
  'in the cloud pages of any origin read %s, with a token of their own and a tag',
  async (path) => {
    const cloud = await door('cloud');
    for (const sent of [{ origin }, { origin: 'null' }]) {
      const answer = await headers(cloud, `GET ${path}`, sent);
      expect(answer).toMatchObject({ 'access-control-allow-origin': '*' });
      expect(answer['access-control-allow-credentials']).toBeUndefined();
      expect(answer['access-control-expose-headers']).toContain('ETag');
    }
    const asked = { 'access-control-request-method': 'GET', 'access-control-request-headers': 'authorization' };
    expect(await headers(cloud, `OPTIONS ${path}`, { origin, ...asked })).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-allow-headers': 'authorization',
    });
  },
);

test('a file of a snapshot is answered alike whoever asks, so that caches in between keep it once', async () => {
  const cloud = await door('cloud');
  for (const sent of [{}, { origin }, { origin: 'https://app.example.org' }] as Record<string, string>[]) {
    const answer = await headers(cloud, 'GET /snap/pointer.json', sent);
    expect([answer['access-control-allow-origin'], answer.vary]).toEqual(['*', undefined]);
  }
});

test('they do nothing there, and read nothing that needs a token or is not of titles and sites', async () => {
  const cloud = await door('cloud');
  for (const line of ['GET /v1/jobs', 'POST /v1/resolve', 'GET /t/mine/v1/alias/resolve', 'GET /api/v1/projects/feed'])
    expect([line, await allowed(cloud, line)]).toEqual([line, undefined]);
  for (const method of ['POST', 'PUT', 'DELETE']) {
    const asked = { origin, 'access-control-request-method': method };
    expect(await allowed(cloud, 'OPTIONS /v1/resolve', asked)).toBeUndefined();
  }
});

test('a front end that is listed comes everywhere, with credentials', async () => {
  const cloud = await door('cloud');
  for (const line of ['GET /api/v1/projects/feed', 'GET /v1/alias/resolve', 'POST /v1/resolve'])
    expect(await headers(cloud, line, { origin: 'https://app.example.org' })).toMatchObject({
      'access-control-allow-origin': 'https://app.example.org',
      'access-control-allow-credentials': 'true',
    });
});

test('on a person’s own machine only that person’s pages read anything', async () => {
  const local = await door('local');
  for (const line of ['GET /snap/pointer.json', 'GET /v1/alias/resolve']) {
    expect(await allowed(local, line)).toBeUndefined();
    expect(await allowed(local, line, { origin: 'http://localhost:5173' })).toBe('http://localhost:5173');
  }
});
