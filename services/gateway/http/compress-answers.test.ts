import zlib from 'node:zlib';
import fastify from 'fastify';
import { compressAnswers, takesGzip } from './compress-answers.js';

const long = { commits: Array.from({ length: 500 }, (_, at) => ({ id: `${at}`.padStart(64, '0'), message: 'é' })) };
const server = fastify();
compressAnswers(server);
server.get('/long', (_request, reply) => reply.header('vary', 'Origin').send(long));
server.post('/long', (_request, reply) => reply.send(long));
server.get('/short', (_request, reply) => reply.send({ ok: true }));
server.get('/bytes', (_request, reply) => reply.type('application/json').send(Buffer.from(JSON.stringify(long))));
afterAll(() => server.close());

const ask = (url: string, method: 'GET' | 'POST' = 'GET', encoding: string | undefined = 'br, gzip;q=0.8') =>
  server.inject({ method, url, headers: encoding === '' ? {} : { 'accept-encoding': encoding } });

test('long JSON is read as gzip by who takes it so, and is the same', async () => {
  const { headers, rawPayload } = await ask('/long');
  expect(headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'Origin, accept-encoding' });
  expect(JSON.parse(zlib.gunzipSync(rawPayload).toString())).toEqual(long);
  expect(Number(headers['content-length'])).toBe(rawPayload.length);
  const plain = await ask('/long', 'GET', '');
  expect([plain.headers['content-encoding'], plain.headers.vary, plain.json()]).toEqual([
    undefined,
    'Origin, accept-encoding',
    long,
  ]);
});

test('what is short, what is bytes and what answers a change is sent as it is', async () => {
  for (const answer of [await ask('/short'), await ask('/bytes'), await ask('/long', 'POST')])
    expect(answer.headers['content-encoding']).toBeUndefined();
});

test.each([
  ['gzip', true],
  ['deflate, GZIP; q=0.5', true],
  ['*', true],
  ['gzip;q=0, *', false],
  ['br', false],
  ['', false],
  [undefined, false],
])('of %p it is known whether gzip is taken', (accepted, taken) => {
  expect(takesGzip(accepted)).toBe(taken);
});
