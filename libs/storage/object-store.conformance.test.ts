import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { fastify } from 'fastify';
import { freePort } from '#libs/database/free-port';
import type { AppError } from '#libs/errors/app-error';
import type { ByteRange } from './byte-range.js';
import { registerFileDoor } from './file-door.js';
import { FilesystemStore } from './filesystem-store.js';
import type { ObjectStore, ObjectTraits } from './object-store.js';
import { S3Store } from './s3-store.js';

interface Opened {
  store: ObjectStore;
  close(): Promise<void>;
}

async function openFolder(): Promise<Opened> {
  const folder = await mkdtemp(join(tmpdir(), 'objects-'));
  const port = await freePort();
  const publicUrl = `http://127.0.0.1:${port}/files`;
  const store = new FilesystemStore({ folder, publicUrl, signingKey: randomBytes(32) });
  const door = fastify();
  await registerFileDoor(door, store, { prefix: '/files' });
  await door.listen({ port, host: '127.0.0.1' });
  const close = async () => {
    await door.close();
    await rm(folder, { recursive: true });
  };
  return { store, close };
}

async function openS3(): Promise<Opened> {
  const { S3_ENDPOINT_URL, S3_ACCESS_KEY, S3_SECRET_KEY, S3_BUCKET_NAME, S3_REGION_NAME } = process.env;
  if (!S3_ENDPOINT_URL)
    throw new Error(
      'No S3 server to test against: S3_ENDPOINT_URL is not set. `npm test` starts one and sets it; or set S3_ENDPOINT_URL, S3_ACCESS_KEY and S3_SECRET_KEY to one of your own.',
    );
  const store = new S3Store({
    endpoint: S3_ENDPOINT_URL,
    region: S3_REGION_NAME ?? 'us-east-1',
    bucket: S3_BUCKET_NAME ?? 'evidverse-bucket',
    accessKey: S3_ACCESS_KEY ?? '',
    secretKey: S3_SECRET_KEY ?? '',
    // The least that S3 takes, so that the roads for large objects are walked too.
    sizes: { piece: 5 * MIB, largestCopy: 6 * MIB, copiedPart: 5 * MIB },
  });
  return { store, close: async () => undefined };
}

const MIB = 1024 * 1024;
const ADAPTERS = { 'a folder': openFolder, 'an S3 server': openS3 };

describe.each(Object.keys(ADAPTERS) as (keyof typeof ADAPTERS)[])('in %s', (adapter) => {
  const strict = adapter === 'a folder';
  const room = `conformance/${randomUUID()}`;
  const at = (name: string) => `${room}/${name}`;
  let store: ObjectStore;
  let opened: Opened | undefined;

  beforeAll(async () => {
    opened = await ADAPTERS[adapter]();
    store = opened.store;
    await store.ensureBucket();
  });

  afterAll(async () => {
    if (opened === undefined) return;
    for await (const { key, upload_id } of store.listUploads({ prefix: room })) await store.abortUpload(key, upload_id);
    await store.delete(await keysOf(store, room));
    await opened.close();
  });

  const put = (name: string, text: string | Buffer = name, options = {}) =>
    store.put(at(name), Buffer.from(text), options);
  const read = async (name: string, range?: ByteRange) =>
    (await buffer((await store.get(at(name), { range })).body)).toString();

  test('a bucket that is there already is left as it is', async () => {
    await put('kept');
    await store.ensureBucket();
    await store.ready();
    expect(await read('kept')).toBe('kept');
  });

  test('rules for tidying up are set once and leave what is there alone', async () => {
    await put('kept');
    const tidy = { prefixes: [at('old/')], days: 30 };
    await store.ensureBucket({ tidy });
    await store.ensureBucket({ tidy });
    expect(await read('kept')).toBe('kept');
  });

  test('what was put is given back with its type and metadata', async () => {
    const metadata = { content_sha256: 'ab12', title: 'Ämter & "Würden" 100 % 日本', spaced: ' two  spaces ' };
    const written = await put('whole', 'hello', { contentType: 'text/plain; charset=utf-8', metadata });
    expect(written).toEqual({ size: 5, etag: md5('hello') });
    const head = await store.head(at('whole'));
    expect(head).toEqual({
      key: at('whole'),
      size: 5,
      etag: md5('hello'),
      content_type: 'text/plain; charset=utf-8',
      metadata,
      last_modified: expect.any(Date),
    });
    expect(Math.abs(head!.last_modified.getTime() - Date.now())).toBeLessThan(60_000);
    const { body, span, ...given } = await store.get(at('whole'));
    expect([given, span, (await buffer(body)).toString()]).toEqual([head, { start: 0, length: 5 }, 'hello']);
  });

  test('an empty object is an object', async () => {
    await put('empty', '');
    expect(await store.head(at('empty'))).toMatchObject({ size: 0, etag: md5('') });
    expect(await read('empty')).toBe('');
    await store.put(at('empty stream'), Readable.from([]));
    expect(await read('empty stream')).toBe('');
  });

  test.each([3, 5, 12])('a stream of %i MiB is stored whole', async (mib) => {
    const bytes = randomBytes(mib * MIB + (mib === 5 ? 0 : 7));
    const { size } = await store.put(at('streamed'), Readable.from(chunksOf(bytes, 100_000)), {
      contentType: 'video/mp4',
    });
    expect(size).toBe(bytes.length);
    const { body, content_type } = await store.get(at('streamed'));
    expect(content_type).toBe('video/mp4');
    expect(md5(await buffer(body))).toBe(md5(bytes));
  });

  test.each([0, 11])('a stream that breaks after %i MiB leaves nothing', async (mib) => {
    async function* broken() {
      yield* chunksOf(randomBytes(mib * MIB), MIB);
      throw new Error('the camera fell into the water');
    }
    await expect(store.put(at('broken'), Readable.from(broken()))).rejects.toThrow('the camera fell into the water');
    expect(await store.head(at('broken'))).toBeUndefined();
    expect(await all(store.listUploads({ prefix: at('broken') }))).toEqual([]);
  });

  test('a second put replaces the first', async () => {
    await put('replaced', 'old and long', { metadata: { one: '1' } });
    await put('replaced', 'new');
    expect(await read('replaced')).toBe('new');
    expect((await store.head(at('replaced')))!.metadata).toEqual({});
  });

  test('what is not there is undefined or not_found', async () => {
    expect(await store.head(at('never'))).toBeUndefined();
    await expect(store.get(at('never'))).rejects.toMatchObject({
      code: 'not_found',
      message: `There is no object ${at('never')}.`,
    });
    await expect(store.copy(at('never'), at('copy'))).rejects.toMatchObject({ code: 'not_found' });
    await expect(fetch(await store.presignGet(at('never'), MINUTE))).resolves.toMatchObject({ status: 404 });
  });

  test.each<[ByteRange, string]>([
    [{ start: 0, end: 0 }, '0'],
    [{ start: 2, end: 4 }, '234'],
    [{ start: 7 }, '789'],
    [{ start: 8, end: 500 }, '89'],
    [{ last: 3 }, '789'],
    [{ last: 500 }, '0123456789'],
  ])('the range %j is given', async (range, expected) => {
    await put('digits', '0123456789');
    const { body, size, span } = await store.get(at('digits'), { range });
    expect((await buffer(body)).toString()).toBe(expected);
    expect([size, span]).toEqual([10, { start: Number(expected[0]), length: expected.length }]);
  });

  test.each<ByteRange>([{ start: 10 }, { start: 4, end: 2 }, { last: 0 }, { start: -1 }, { start: 0.5 }])(
    'the range %j, which names no byte, is refused',
    async (range) => {
      await put('digits', '0123456789');
      await expect(store.get(at('digits'), { range })).rejects.toMatchObject({ code: 'invalid' });
    },
  );

  test('deleting is done once or many times, for one or for many', async () => {
    const names = ['gone 1', 'gone & <2>', "gone '3'", 'gone/ä日'];
    for (const name of names) await put(name);
    await store.delete(at('gone 1'));
    await store.delete(at('gone 1'));
    await store.delete([...names.map(at), at('never was')]);
    await store.delete([]);
    for (const name of names) expect(await store.head(at(name))).toBeUndefined();
  });

  test('a copy has the bytes, type and metadata, and lives on by itself', async () => {
    await put('original ü+&', 'text', { contentType: 'text/css', metadata: { by: 'ada' } });
    expect(await store.copy(at('original ü+&'), at('copies/one'))).toEqual({ size: 4, etag: md5('text') });
    await store.delete(at('original ü+&'));
    expect(await store.head(at('copies/one'))).toMatchObject({
      size: 4,
      content_type: 'text/css',
      metadata: { by: 'ada' },
    });
    expect(await read('copies/one')).toBe('text');
    await store.copy(at('copies/one'), at('copies/one'));
    expect(await read('copies/one')).toBe('text');
  });

  test('a copy too large for one step is made of parts', async () => {
    const bytes = randomBytes(13 * MIB);
    await store.put(at('large'), bytes, { contentType: 'video/webm', metadata: { reel: '7' } });
    expect(await store.copy(at('large'), at('large copy'))).toMatchObject({ size: bytes.length });
    const copied = await store.get(at('large copy'));
    expect(copied).toMatchObject({ content_type: 'video/webm', metadata: { reel: '7' } });
    expect(md5(await buffer(copied.body))).toBe(md5(bytes));
  });

  test('with ifAbsent an object that is there stays', async () => {
    await put('first', 'first', { ifAbsent: true });
    await expect(put('first', 'second', { ifAbsent: true })).rejects.toMatchObject({ code: 'conflict' });
    await expect(store.put(at('first'), Readable.from(['second']), { ifAbsent: true })).rejects.toMatchObject({
      code: 'conflict',
    });
    await put('other', 'other');
    await expect(store.copy(at('other'), at('first'), { ifAbsent: true })).rejects.toMatchObject({ code: 'conflict' });
    expect(await read('first')).toBe('first');
    await store.copy(at('other'), at('third'), { ifAbsent: true });
    expect(await read('third')).toBe('other');
  });

  test('of many that put with ifAbsent at once, one is served and its bytes stay whole', async () => {
    const answers = await Promise.allSettled(
      Array.from({ length: 12 }, (_none, index) => put('raced', String(index).repeat(1000), { ifAbsent: true })),
    );
    const refused = answers
      .filter((answer) => answer.status === 'rejected')
      .map(({ reason }) => (reason as AppError).code);
    expect(new Set(refused).size).toBeLessThanOrEqual(1);
    expect(refused[0] ?? 'conflict').toBe('conflict');
    if (strict) expect(refused).toHaveLength(11);
    else expect(refused.length).toBeLessThan(12);
    expect(await read('raced')).toMatch(/^(\d+)\1{999}$/);
  });

  test('300 keys are listed in order, by prefix, and from a place on', async () => {
    const names = Array.from({ length: 300 }, (_none, index) => `many/${String(index * 7919).padStart(8, '0')}`);
    for (const some of inTens(names)) await Promise.all(some.map((name) => put(name, name)));
    const sorted = names.map(at).sort();
    expect(await keysOf(store, at('many/'))).toEqual(sorted);
    expect(await keysOf(store, at('many/'), sorted[149])).toEqual(sorted.slice(150));
    expect(await keysOf(store, at('many/'), `${sorted[149]!}!`)).toEqual(sorted.slice(150));
    expect(await keysOf(store, at('many/0000'))).toEqual(sorted.filter((key) => key.startsWith(at('many/0000'))));
    expect(await keysOf(store, at('many/none'))).toEqual([]);
    const [first] = await all(store.list({ prefix: sorted[0] }));
    expect(first).toMatchObject({
      key: sorted[0],
      etag: md5(sorted[0]!.slice(room.length + 1)),
      last_modified: expect.any(Date),
    });
    expect(first!.size).toBe(13);
  });

  test('a walk over the list may be left at any time', async () => {
    await put('walk/1');
    await put('walk/2');
    for await (const { key } of store.list({ prefix: at('walk/') })) {
      expect(key).toBe(at('walk/1'));
      break;
    }
  });

  const ODD = [
    'a',
    'a/b',
    'a/b/c',
    'A',
    'a b',
    'a+b',
    'a%2Fb',
    'a%',
    'a&<x>"\'`',
    '日本/映画 ☆.mp4',
    'e\u0301',
    '\u00e9',
    '😀',
    '...',
    'a\\b',
    '..\\a',
    '~',
    '-',
    '0',
    '007',
    '1e5',
    '0x10',
    '1.0',
    'true',
    'null',
    '?x=1#f',
    'a;b=c',
    ' lead',
    'trail ',
    'con',
    'nul.txt',
    // With the room before them, 64 bytes and more: where names on a disk go on in another folder.
    'eleven char',
    'eleven chars',
    'eleven charming',
    `long ${'x'.repeat(255)}`,
    `${'ä'.repeat(400)}`,
    `deep${'/d'.repeat(200)}`,
    '*',
    '$(x)',
    '@:,!()[]{}|^',
  ];

  test('any text that may be a key is one, and no two are mixed up', async () => {
    for (const some of inTens(ODD)) await Promise.all(some.map((name) => put(`odd/${name}`, name)));
    const bytewise = ODD.map((name) => Buffer.from(at(`odd/${name}`))).sort(Buffer.compare);
    expect(await keysOf(store, at('odd/'))).toEqual(bytewise.map(String));
    for (const name of ODD) expect(await read(`odd/${name}`)).toBe(name);
  });

  test('links work for any key', async () => {
    for (const some of inTens(ODD))
      await Promise.all(
        some.map(async (name) => {
          const sent = await fetch(await store.presignPut(at(`link/${name}`), MINUTE), { method: 'PUT', body: name });
          expect([name, sent.status]).toEqual([name, 200]);
          const given = await fetch(await store.presignGet(at(`link/${name}`), MINUTE));
          expect([name, given.status, await given.text()]).toEqual([name, 200, name]);
        }),
      );
  });

  test.each([
    '../up',
    'a/../b',
    'a/..',
    '.',
    'a/./b',
    '/lead',
    'a//b',
    'trail/',
    '',
    'a\0b',
    'a\nb',
    '\u007f',
    '\ud800',
    'x'.repeat(1025),
    'ä'.repeat(513),
  ])('a key that some store or link would twist is refused by everything (%#)', async (key) => {
    const refusals = [
      () => store.put(key, Buffer.from('x')),
      () => store.get(key),
      () => store.head(key),
      () => store.delete(key),
      () => store.delete([at('fine'), key]),
      () => store.copy(key, at('fine')),
      () => store.copy(at('fine'), key),
      () => store.presignPut(key, MINUTE),
      () => store.presignGet(key, MINUTE),
      () => store.createUpload(key),
      () => store.presignPart(key, 'id', 1, MINUTE),
      () => store.listParts(key, randomUUID()),
      () => store.completeUpload(key, randomUUID(), [{ part_number: 1, etag: md5('') }]),
      () => store.abortUpload(key, randomUUID()),
    ];
    await put('fine');
    for (const refusal of refusals) await expect(refusal()).rejects.toMatchObject({ code: 'invalid' });
  });

  test.each([
    { contentType: 'text/html\r\nx: y' },
    { contentType: '' },
    { metadata: { 'Bad-Name': 'x' } },
    { metadata: { a: '' } },
    { metadata: { a: 'x\ny' } },
    { metadata: { a: 'x'.repeat(2100) } },
  ] as ObjectTraits[])('traits that some store would lose or change are refused (%#)', async (options) => {
    await expect(put('traits', 'x', options)).rejects.toMatchObject({ code: 'invalid' });
    await expect(store.createUpload(at('traits'), options)).rejects.toMatchObject({ code: 'invalid' });
  });

  test('a link takes a PUT of any type, and the object has that type', async () => {
    const bytes = randomBytes(3 * MIB);
    const url = await store.presignPut(at('sent'), MINUTE);
    for (const type of [
      'video/mp4',
      'application/json',
      'multipart/form-data; boundary=x',
      'text/plain',
      'x-odd/very+odd; a="b"',
    ]) {
      const sent = await fetch(url, {
        method: 'PUT',
        body: bytes,
        headers: { 'content-type': type, origin: 'http://localhost:3000' },
      });
      expect([type, sent.status, sent.headers.get('etag')]).toEqual([type, 200, `"${md5(bytes)}"`]);
      expect(sent.headers.get('access-control-allow-origin')).toBe('*');
      expect(await store.head(at('sent'))).toMatchObject({ content_type: type, size: bytes.length });
    }
    const untyped = await fetch(url, { method: 'PUT', body: new Uint8Array(bytes.subarray(0, 10)) });
    expect(untyped.status).toBe(200);
    expect(await store.head(at('sent'))).toMatchObject({ size: 10 });
    expect(new URL(url).searchParams.get('X-Amz-SignedHeaders') ?? 'host').toBe('host');
  });

  test('a link for one type takes that type alone', async () => {
    const url = await store.presignPut(at('typed'), { ...MINUTE, contentType: 'image/png' });
    const send = (type: string) => fetch(url, { method: 'PUT', body: 'x', headers: { 'content-type': type } });
    expect((await send('text/html')).status).toBe(403);
    expect(await store.head(at('typed'))).toBeUndefined();
    expect((await send('image/png')).status).toBe(200);
    expect(await store.head(at('typed'))).toMatchObject({ content_type: 'image/png' });
  });

  test('a link gives the object with ranges, under another name and type when asked to', async () => {
    await put('given', '0123456789', { contentType: 'text/plain' });
    const url = await store.presignGet(at('given'), MINUTE);
    const whole = await fetch(url, { headers: { origin: 'https://app.example.org' } });
    expect([whole.status, await whole.text(), whole.headers.get('content-type')]).toEqual([
      200,
      '0123456789',
      'text/plain',
    ]);
    expect(whole.headers.get('access-control-allow-origin')).toBe('*');
    expect(whole.headers.get('etag')).toBe(`"${md5('0123456789')}"`);
    const ranged = async (range: string) => {
      const answer = await fetch(url, { headers: { range } });
      return [answer.status, answer.headers.get('content-range'), answer.status < 300 ? await answer.text() : ''];
    };
    expect(await ranged('bytes=2-4')).toEqual([206, 'bytes 2-4/10', '234']);
    expect(await ranged('bytes=-3')).toEqual([206, 'bytes 7-9/10', '789']);
    expect(await ranged('bytes=8-')).toEqual([206, 'bytes 8-9/10', '89']);
    expect((await ranged('bytes=10-'))[0]).toBe(416);
    const unchanged = await fetch(url, { headers: { 'if-none-match': whole.headers.get('etag')! } });
    expect(unchanged.status).toBe(304);
    const saved = await fetch(
      await store.presignGet(at('given'), { ...MINUTE, filename: 'Schöne "Tage".srt', contentType: 'text/vtt' }),
    );
    expect(saved.headers.get('content-type')).toBe('text/vtt');
    expect(saved.headers.get('content-disposition')).toBe(
      `attachment; filename="Sch_ne _Tage_.srt"; filename*=UTF-8''Sch%C3%B6ne%20%22Tage%22.srt`,
    );
  });

  test('a browser is told beforehand that it may send and read', async () => {
    const url = await store.presignPut(at('preflight'), MINUTE);
    const asked = {
      origin: 'https://app.example.org',
      'access-control-request-method': 'PUT',
      'access-control-request-headers': 'content-type',
    };
    const answer = await fetch(url, { method: 'OPTIONS', headers: asked });
    expect(answer.status).toBeLessThan(300);
    expect(['*', asked.origin]).toContain(answer.headers.get('access-control-allow-origin'));
    expect(answer.headers.get('access-control-allow-credentials')).not.toBe('true');
    expect(answer.headers.get('access-control-allow-methods')).toContain('PUT');
    expect(answer.headers.get('access-control-allow-headers')).toContain('content-type');
  });

  test('a link that was changed is refused, and nothing happens', async () => {
    await put('mine', 'secret');
    await put('yours', 'secret too');
    const get = await store.presignGet(at('mine'), MINUTE);
    const send = await store.presignPut(at('mine'), MINUTE);
    const changed = (url: string, change: (url: URL) => void) => {
      const other = new URL(url);
      change(other);
      return other;
    };
    const status = async (url: URL | string, method = 'GET') =>
      (await fetch(url, { method, ...(method === 'PUT' && { body: 'overwritten' }) })).status;
    const expiry = strict ? 'expires' : 'X-Amz-Expires';
    const signature = strict ? 'signature' : 'X-Amz-Signature';
    const other = (url: URL) => url.searchParams.set(signature, 'A'.repeat(url.searchParams.get(signature)!.length));
    expect(await status(changed(get, (url) => (url.pathname = url.pathname.replace(/mine$/, 'yours'))))).toBe(403);
    expect(await status(changed(get, (url) => url.searchParams.set(expiry, strict ? '99999999999' : '604800')))).toBe(
      403,
    );
    expect(await status(changed(get, other))).toBe(403);
    expect(await status(changed(get, (url) => url.searchParams.delete(signature)))).toBeGreaterThanOrEqual(400);
    expect(await status(changed(get, (url) => url.searchParams.set('response-content-type', 'text/html')))).toBe(403);
    expect(await status(changed(get, (url) => (url.search = '')))).toBe(403);
    expect(await status(get, 'PUT')).toBe(403);
    expect(await status(send, 'GET')).toBe(403);
    expect(
      await status(
        changed(send, (url) => (url.pathname = url.pathname.replace(/mine$/, 'yours'))),
        'PUT',
      ),
    ).toBe(403);
    expect([await read('mine'), await read('yours')]).toEqual(['secret', 'secret too']);
    expect(await status(get)).toBe(200);
  });

  test('a link that has expired is refused', async () => {
    await put('brief', 'x');
    const get = await store.presignGet(at('brief'), { expiresSeconds: 1 });
    const send = await store.presignPut(at('brief'), { expiresSeconds: 1 });
    await sleep(2500);
    expect((await fetch(get)).status).toBe(403);
    expect((await fetch(send, { method: 'PUT', body: 'y' })).status).toBe(403);
    expect(await read('brief')).toBe('x');
  });

  test.each([0, -1, 1.5, 604_801, NaN])('a link for %d seconds is refused', async (expiresSeconds) => {
    await expect(store.presignGet(at('x'), { expiresSeconds })).rejects.toMatchObject({ code: 'invalid' });
    await expect(store.presignPut(at('x'), { expiresSeconds })).rejects.toMatchObject({ code: 'invalid' });
    await expect(store.presignPart(at('x'), 'id', 1, { expiresSeconds })).rejects.toMatchObject({ code: 'invalid' });
  });

  describe('an upload in parts', () => {
    const bytes = randomBytes(12 * MIB + 5);
    const parts = [bytes.subarray(0, 5 * MIB), bytes.subarray(5 * MIB, 11 * MIB), bytes.subarray(11 * MIB)];
    const send = async (key: string, id: string, number: number, body = parts[number - 1]!) => {
      const url = await store.presignPart(key, id, number, MINUTE);
      const answer = await fetch(url, { method: 'PUT', body: new Uint8Array(body) });
      expect(answer.status).toBe(200);
      return { part_number: number, etag: answer.headers.get('etag')! };
    };

    test('is resumed from what the store really has, and takes parts in any order', async () => {
      const key = at('film.mp4');
      const id = await store.createUpload(key, { contentType: 'video/mp4', metadata: { reel: '3' } });
      const third = await send(key, id, 3);
      await send(key, id, 1, Buffer.alloc(5 * MIB));
      const first = await send(key, id, 1);
      expect(await store.listParts(key, id)).toEqual([
        { part_number: 1, size: 5 * MIB, etag: md5(parts[0]!) },
        { part_number: 3, size: parts[2]!.length, etag: md5(parts[2]!) },
      ]);
      expect(await store.head(key)).toBeUndefined();
      expect(await keysOf(store, key)).toEqual([]);
      expect(await all(store.listUploads({ prefix: key }))).toEqual([
        { key, upload_id: id, initiated: expect.any(Date) },
      ]);
      expect(await all(store.listUploads({ prefix: `${key}x` }))).toEqual([]);

      const second = await send(key, id, 2);
      const written = await store.completeUpload(key, id, [third, first, second]);
      expect(written).toEqual({ size: bytes.length, etag: expect.stringMatching(/^[0-9a-f]{32}-3$/) });
      expect(await store.head(key)).toMatchObject({ ...written, content_type: 'video/mp4', metadata: { reel: '3' } });
      expect(md5(await buffer((await store.get(key)).body))).toBe(md5(bytes));
      const across = await store.get(key, { range: { start: 5 * MIB - 2, end: 11 * MIB + 1 } });
      expect((await buffer(across.body)).equals(bytes.subarray(5 * MIB - 2, 11 * MIB + 2))).toBe(true);
      expect(await all(store.listUploads({ prefix: key }))).toEqual([]);

      expect(await store.completeUpload(key, id, [first, second, third])).toEqual(written);
      await store.abortUpload(key, id);
      expect(await store.head(key)).toMatchObject(written);
      await expect(store.listParts(key, id)).rejects.toMatchObject({ code: 'not_found' });
      expect((await fetch(await store.presignPart(key, id, 1, MINUTE), { method: 'PUT', body: 'x' })).status).toBe(404);
    });

    test('replaces what was there only when it is completed', async () => {
      const key = at('replaced by parts');
      await store.put(key, Buffer.from('before'));
      const id = await store.createUpload(key);
      const first = await send(key, id, 1);
      const third = await send(key, id, 3);
      expect(await read('replaced by parts')).toBe('before');
      await store.completeUpload(key, id, [first, third]);
      expect(md5(await buffer((await store.get(key)).body))).toBe(md5(Buffer.concat([parts[0]!, parts[2]!])));
    });

    test('whose parts are not those that are named, or are too small, is refused and stays open', async () => {
      const key = at('refused');
      const id = await store.createUpload(key);
      const small = await send(key, id, 1, Buffer.alloc(100));
      const second = await send(key, id, 2);
      const wrong = { part_number: 2, etag: md5('wrong') };
      const refused = [
        [small, second],
        [second],
        [small, second, { ...wrong, part_number: 3 }],
        [small, wrong],
        [second, second],
        [],
      ];
      for (const named of refused)
        await expect(store.completeUpload(key, id, named)).rejects.toMatchObject({ code: 'invalid' });
      for (const number of [0, 1.5, 10_001])
        await expect(store.presignPart(key, id, number, MINUTE)).rejects.toMatchObject({ code: 'invalid' });
      expect(await store.listParts(key, id)).toHaveLength(2);
      expect(await store.head(key)).toBeUndefined();
      const first = await send(key, id, 1);
      await store.completeUpload(key, id, [first, second]);
      expect(await store.head(key)).toMatchObject({ size: 11 * MIB });
    });

    test('that was aborted is gone', async () => {
      const key = at('aborted');
      const id = await store.createUpload(key);
      const first = await send(key, id, 1);
      await store.abortUpload(key, id);
      await store.abortUpload(key, id);
      await store.abortUpload(key, randomUUID());
      expect(await all(store.listUploads({ prefix: key }))).toEqual([]);
      await expect(store.listParts(key, id)).rejects.toMatchObject({ code: 'not_found' });
      await expect(store.completeUpload(key, id, [first])).rejects.toMatchObject({ code: 'not_found' });
      expect(await store.head(key)).toBeUndefined();
    });

    test('is one of several for the same key, and each has its own parts', async () => {
      const key = at('twice');
      const [one, two] = [await store.createUpload(key), await store.createUpload(key)];
      const first = await send(key, one, 1, Buffer.from('one'));
      const second = await send(key, two, 1, Buffer.from('two'));
      expect((await all(store.listUploads({ prefix: key }))).map(({ upload_id }) => upload_id).sort()).toEqual(
        [one, two].sort(),
      );
      await store.completeUpload(key, two, [second]);
      expect(await read('twice')).toBe('two');
      await store.completeUpload(key, one, [first]);
      expect(await read('twice')).toBe('one');
    });
  });
});

const MINUTE = { expiresSeconds: 60 };

function md5(bytes: string | Buffer): string {
  return createHash('md5').update(bytes).digest('hex');
}

function* chunksOf(bytes: Buffer, size: number): Generator<Buffer> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

function inTens<T>(items: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(items.length / 10) }, (_none, ten) => items.slice(ten * 10, ten * 10 + 10));
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

async function keysOf(store: ObjectStore, prefix: string, startAfter?: string): Promise<string[]> {
  return (await all(store.list({ prefix, startAfter }))).map(({ key }) => key);
}
