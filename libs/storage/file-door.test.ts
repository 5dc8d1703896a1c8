import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { fastify } from 'fastify';
import { freePort } from '#libs/database/free-port';
import { registerFileDoor } from './file-door.js';
import { FilesystemStore } from './filesystem-store.js';

@Module({})
class EmptyModule {}

type Open = (store: FilesystemStore, port: number) => Promise<() => Promise<unknown>>;

const HOUSES: Record<string, Open> = {
  'a Fastify that parses every body': async (store, port) => {
    const door = fastify({ forceCloseConnections: true });
    const types = ['*', 'application/octet-stream', 'application/x-www-form-urlencoded'];
    door.addContentTypeParser(types, { parseAs: 'buffer', bodyLimit: 1 }, (_request, body, done) => done(null, body));
    await registerFileDoor(door, store, { prefix: '/files', maxBytes: MAX_BYTES });
    await door.listen({ port, host: '127.0.0.1' });
    return () => door.close();
  },
  'the Fastify of a Nest application with its own rules for browsers': async (store, port) => {
    const app = await NestFactory.create<NestFastifyApplication>(
      EmptyModule,
      new FastifyAdapter({ forceCloseConnections: true }),
      {
        logger: false,
      },
    );
    app.enableCors({ origin: ['https://app.example.org'], credentials: true });
    app.setGlobalPrefix('api');
    await registerFileDoor(app.getHttpAdapter().getInstance(), store, { prefix: '/files', maxBytes: MAX_BYTES });
    await app.listen(port, '127.0.0.1');
    return () => app.close();
  },
};

const MAX_BYTES = 20 * 1024 * 1024;
const MINUTE = { expiresSeconds: 60 };

describe.each(Object.keys(HOUSES))('the door in %s', (house) => {
  let folder: string;
  let store: FilesystemStore;
  let port: number;
  let close: () => Promise<unknown>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'door-'));
    port = await freePort();
    const publicUrl = `http://127.0.0.1:${port}/files`;
    store = new FilesystemStore({ folder, publicUrl, signingKey: randomBytes(32) });
    close = await HOUSES[house]!(store, port);
    await store.put('page', Buffer.from('<script>alert(1)</script>'), { contentType: 'text/html' });
    await store.put('digits', Buffer.from('0123456789'), { contentType: 'text/plain' });
  });

  afterAll(async () => {
    await close();
    await rm(folder, { recursive: true });
  });

  const put = async (key: string, init: RequestInit) =>
    fetch(await store.presignPut(key, MINUTE), { ...init, method: 'PUT' });

  test('nothing that was uploaded can run as a page of ours', async () => {
    const { headers } = await fetch(await store.presignGet('page', MINUTE));
    expect(headers.get('content-security-policy')).toMatch(/^sandbox; default-src 'none'/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
  });

  test('HEAD tells what GET would give, by the same link', async () => {
    const answer = await fetch(await store.presignGet('digits', MINUTE), { method: 'HEAD' });
    expect([answer.status, await answer.text()]).toEqual([200, '']);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-length': '10',
      'content-type': 'text/plain',
      'accept-ranges': 'bytes',
      'last-modified': (await store.head('digits'))!.last_modified.toUTCString(),
      etag: `"${createHash('md5').update('0123456789').digest('hex')}"`,
    });
  });

  test.each([
    ['bytes=0-0', 206, '0'],
    ['bytes=-1', 206, '9'],
    ['bytes=5-', 206, '56789'],
    ['bytes=0-999999', 206, '0123456789'],
    ['bytes=10-', 416, ''],
    ['bytes=-0', 416, ''],
    ['bytes=0-1,4-5', 200, '0123456789'],
    ['bytes=5-2', 200, '0123456789'],
    ['bytes=x', 200, '0123456789'],
    ['lines=1-2', 200, '0123456789'],
  ])('the range %s is answered with %i', async (range, status, text) => {
    const answer = await fetch(await store.presignGet('digits', MINUTE), { headers: { range } });
    expect(answer.status).toBe(status);
    if (status === 416) {
      expect(answer.headers.get('content-range')).toBe('bytes */10');
      expect(await answer.json()).toMatchObject({ code: 'invalid' });
    } else {
      expect(await answer.text()).toBe(text);
      expect(answer.headers.get('content-length')).toBe(String(text.length));
    }
  });

  test('a range is given only of the version that was meant', async () => {
    const url = await store.presignGet('digits', MINUTE);
    const etag = (await fetch(url)).headers.get('etag')!;
    const ranged = async (ifRange: string) =>
      (await fetch(url, { headers: { range: 'bytes=1-2', 'if-range': ifRange } })).status;
    expect([await ranged(etag), await ranged('"other"')]).toEqual([206, 200]);
  });

  test('what the client has already is not sent again', async () => {
    const url = await store.presignGet('digits', MINUTE);
    const etag = (await fetch(url)).headers.get('etag')!;
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const answer = await fetch(url, { headers: { 'if-none-match': known } });
      expect([answer.status, await answer.text(), answer.headers.get('etag')]).toEqual([304, '', etag]);
    }
    expect((await fetch(url, { headers: { 'if-none-match': '"other"' } })).status).toBe(200);
  });

  test.each(['https://app.example.org', 'https://anywhere.example'])(
    'a browser at %s may read and send',
    async (origin) => {
      const url = await store.presignPut('from afar', MINUTE);
      const asked = {
        origin,
        'access-control-request-method': 'PUT',
        'access-control-request-headers': 'content-type,x-odd',
      };
      const preflight = await fetch(url, { method: 'OPTIONS', headers: asked });
      expect(preflight.status).toBe(204);
      expect(Object.fromEntries(preflight.headers)).toMatchObject({
        'access-control-allow-origin': '*',
        'access-control-allow-methods': 'GET, HEAD, PUT',
        'access-control-allow-headers': 'content-type,x-odd',
      });
      const sent = await put('from afar', { body: 'x', headers: { origin } });
      const given = await fetch(await store.presignGet('from afar', MINUTE), { headers: { origin } });
      for (const { status, headers } of [sent, given, preflight]) {
        expect(status).toBeLessThan(300);
        expect(headers.get('access-control-allow-origin')).toBe('*');
        expect(headers.get('access-control-allow-credentials')).toBeNull();
        expect(headers.get('cross-origin-resource-policy')).toBe('cross-origin');
      }
      expect(sent.headers.get('access-control-expose-headers')).toContain('ETag');
    },
  );

  test.each([
    'application/json',
    'multipart/form-data; boundary=x',
    'application/x-www-form-urlencoded',
    'text/plain',
    'video/mp4',
    'no type at all',
    ';',
  ])('a body of type %s is taken as it is', async (type) => {
    const sent = await put('typed', { body: '{"not json', headers: { 'content-type': type } });
    expect(sent.status).toBe(200);
    expect(await store.head('typed')).toMatchObject({ size: 10, content_type: type });
  });

  test('a body without type or without length is taken', async () => {
    expect((await put('bare', { body: new Uint8Array([1, 2, 3]) })).status).toBe(200);
    expect(await store.head('bare')).toMatchObject({ size: 3, content_type: 'application/octet-stream' });
    expect((await put('empty', {})).status).toBe(200);
    expect(await store.head('empty')).toMatchObject({ size: 0 });
    const body = new Blob([randomBytes(3_000_000)]).stream();
    expect((await put('chunked', { body, duplex: 'half' } as RequestInit)).status).toBe(200);
    expect(await store.head('chunked')).toMatchObject({ size: 3_000_000 });
  });

  test('a body larger than allowed is refused, with or without its length said before', async () => {
    const tooMuch = new Uint8Array(MAX_BYTES + 1);
    const streamed = new Blob([tooMuch]).stream();
    const answers = await Promise.allSettled([
      put('much', { body: tooMuch }),
      put('much', { body: streamed, duplex: 'half' } as RequestInit),
    ]);
    // The connection is closed on a sender that goes on and on; whether it still reads the answer is a race.
    for (const answer of answers) if (answer.status === 'fulfilled') expect(answer.value.status).toBe(413);
    expect(await store.head('much')).toBeUndefined();
    expect((await put('just enough', { body: new Uint8Array(MAX_BYTES) })).status).toBe(200);
  });

  test('an upload that breaks off leaves nothing', async () => {
    const { pathname, search } = new URL(await store.presignPut('broken off', MINUTE));
    const socket = connect(port, '127.0.0.1');
    socket.write(`PUT ${pathname}${search} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n`);
    socket.write(randomBytes(200_000));
    while ((await readdir(join(folder, 'claims'))).length === 0) await new Promise(setImmediate);
    socket.destroy();
    while ((await readdir(join(folder, 'claims'))).length > 0) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(await store.head('broken off')).toBeUndefined();
  });

  test('a refused link is answered in JSON with a reason', async () => {
    const url = new URL(await store.presignGet('digits', MINUTE));
    url.searchParams.set('expires', '1');
    const forged = await fetch(url);
    expect([forged.status, await forged.json()]).toEqual([
      403,
      { detail: 'The signature of this link does not fit. Ask for a new link.', code: 'unauthorized' },
    ]);
    const bare = await fetch(`http://127.0.0.1:${port}/files/digits`);
    expect([bare.status, bare.headers.get('access-control-allow-origin')]).toEqual([403, '*']);
    expect((await fetch(`http://127.0.0.1:${port}/files/`)).status).toBe(400);
    const missing = await fetch(await store.presignGet('missing', MINUTE));
    expect([missing.status, await missing.json()]).toEqual([
      404,
      { detail: 'There is no object missing.', code: 'not_found' },
    ]);
    const deleted = await fetch(await store.presignGet('digits', MINUTE), { method: 'DELETE' });
    expect([deleted.status, deleted.headers.get('allow')]).toEqual([405, 'GET, HEAD, PUT, OPTIONS']);
  });

  test.each([
    '..%2f..%2fetc%2fpasswd',
    '%2e%2e/%2e%2e/etc/passwd',
    'a/%2e%2e/digits',
    'digits%00',
    'a%5c..%5c..%5cx',
    '%252e%252e/x',
    'digits/',
    '/digits',
  ])('the path %s reaches nothing', async (path) => {
    const { search } = new URL(await store.presignGet('digits', MINUTE));
    const socket = connect(port, '127.0.0.1');
    socket.end(`GET /files/${path}${search} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 (400|403|404) /);
    expect(answer.toString()).not.toContain('0123456789');
  });

  test('a small refused upload is heard out, so that the sender hears why', async () => {
    const url = (await store.presignGet('digits', MINUTE)).toString();
    const answer = await fetch(url, { method: 'PUT', body: new Uint8Array(500_000) });
    expect([answer.status, await answer.json()]).toMatchObject([403, { code: 'unauthorized' }]);
  });
});
