import Fastify, { type FastifyInstance, type HTTPMethods } from 'fastify';
import { keepKnownMethods } from './known-methods.js';

let fastify: FastifyInstance;
beforeAll(async () => {
  fastify = Fastify();
  keepKnownMethods(fastify);
  for (const url of [
    '/v1/alias/resolve',
    '/v1/rules/latest',
    '/v1/index/:key',
    '/t/:token/v1/alias/resolve',
    '/v1/jobs/:id',
    '/v1/works/:key',
  ])
    fastify.get(url, () => ({}));
  fastify.delete('/v1/jobs/:id', () => ({}));
  fastify.post('/v1/jobs/lease', () => ({}));
  await fastify.ready();
});
afterAll(() => fastify.close());

const ask = async (line: string) => {
  const [method, url] = line.split(' ') as [HTTPMethods, string];
  const { statusCode, headers } = await fastify.inject({ method, url } as never);
  return [statusCode, headers.allow];
};

test.each([
  'HEAD /v1/alias/resolve?q=x',
  'HEAD /v1/rules/latest',
  'HEAD /v1/index/a-2000-movie',
  'HEAD /t/tok/v1/alias/resolve?q=x',
])('what clients knew is asked by GET alone, as it was: %s', async (line) =>
  expect(await ask(line)).toEqual([405, 'GET']),
);

test.each(['GET /v1/jobs/lease', 'DELETE /v1/jobs/finish'])('what is posted is no job of that name: %s', async (line) =>
  expect(await ask(line)).toEqual([405, 'POST']),
);

test.each([
  'GET /v1/alias/resolve?q=x',
  'POST /v1/jobs/lease',
  'GET /v1/jobs/7',
  'DELETE /v1/jobs/7',
  'HEAD /v1/works/a-2000-movie',
])('everything else is as it was: %s', async (line) => expect(await ask(line)).toEqual([200, undefined]));
