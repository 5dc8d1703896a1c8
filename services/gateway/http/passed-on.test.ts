import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { passedOn } from './passed-on.js';

const packed = gzipSync(Buffer.alloc(400_000, 'a long file '));
let store: Server;
let link: string;
beforeAll(async () => {
  store = createServer((request, response) => {
    const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
    if (request.url === '/there' && start !== undefined) {
      const part = packed.subarray(Number(start), Number(end) + 1);
      return void response.writeHead(206, { 'content-length': part.length }).end(part);
    }
    if (!/^.(there|whole)$/.test(request.url!)) return void response.writeHead(403).end();
    response.writeHead(200, { 'content-length': packed.length, 'cache-control': 'private' }).end(packed);
  });
  await new Promise<void>((resolve) => store.listen(0, '127.0.0.1', resolve));
  link = `http://127.0.0.1:${(store.address() as AddressInfo).port}/there`;
});
afterAll(() => new Promise((resolve) => store.close(resolve)));

test('the bytes of the store come as they are, with their length and the headers that they shall have', async () => {
  const answer = await passedOn(link, { etag: '"e"', 'cache-control': 'public, max-age=60', 'content-type': 'x/y' });
  expect(answer.status).toBe(200);
  expect(Object.fromEntries(answer.headers)).toEqual({
    etag: '"e"',
    'cache-control': 'public, max-age=60',
    'content-type': 'x/y',
    'content-length': String(packed.length),
  });
  expect(Buffer.from(await answer.arrayBuffer()).equals(packed)).toBe(true);
});

test('where the store refuses or is out of reach, the asker is sent there, and no cache keeps that', async () => {
  for (const away of [link.replace('there', 'gone'), 'http://127.0.0.1:9/there']) {
    const answer = await passedOn(away, { etag: '"e"' });
    expect([answer.status, answer.headers.get('location'), answer.headers.get('cache-control')]).toEqual([
      302,
      away,
      'no-store',
    ]);
  }
});

test('of a part no more is fetched than that; from a store that knows no parts the whole comes', async () => {
  const wish = { start: 10, length: 5, size: packed.length };
  const some = await passedOn(link, {}, wish);
  expect([some.status, some.headers.get('content-range'), some.headers.get('content-length')]).toEqual([206, `bytes 10-14/${packed.length}`, '5']); // prettier-ignore
  expect(Buffer.from(await some.arrayBuffer())).toEqual(packed.subarray(10, 15));
  const all = await passedOn(link.replace('there', 'whole'), {}, wish);
  expect([all.status, all.headers.get('content-range')]).toEqual([200, null]);
  expect(Buffer.from(await all.arrayBuffer()).equals(packed)).toBe(true);
});
