import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { S3Store } from './s3-store.js';

const servers: Server[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close().closeAllConnections())));

/** A server that answers each request with the next of the given answers, and tells what it was asked. */
async function serverThat(...answers: { status: number; body?: string; headers?: Record<string, string> }[]) {
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    const { status, body = '', headers = {} } = answers[Math.min(asked.push(request), answers.length) - 1]!;
    request.resume().on('end', () => response.writeHead(status, headers).end(request.method === 'HEAD' ? '' : body));
  });
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

const storeAt = (endpoint: string, publicEndpoint?: string) =>
  new S3Store({
    endpoint,
    publicEndpoint,
    region: 'eu-west-3',
    bucket: 'films',
    accessKey: 'key',
    secretKey: 'secret',
  });
const error = (code: string) =>
  `<?xml version="1.0"?><Error><Code>${code}</Code><Message>Said the server.</Message></Error>`;

test('a server that is not there is unavailable', async () => {
  const { endpoint } = await serverThat({ status: 200 });
  await new Promise((resolve) => servers.pop()!.close(resolve));
  const store = storeAt(endpoint);
  const unavailable = { code: 'unavailable', message: 'The object store cannot be reached. Try again in a moment.' };
  await expect(store.head('a')).rejects.toMatchObject(unavailable);
  await expect(store.put('a', Buffer.from('x'))).rejects.toMatchObject(unavailable);
  await expect(store.ready()).rejects.toMatchObject(unavailable);
  await expect(store.ensureBucket()).rejects.toMatchObject(unavailable);
});

test('a server that is busy is asked again, and answers', async () => {
  const { endpoint, asked } = await serverThat(
    { status: 503, body: error('SlowDown') },
    { status: 500, body: '<html>proxy</html>' },
    { status: 200, headers: { etag: '"e"' } },
  );
  expect(await storeAt(endpoint).put('a', Buffer.from('xyz'))).toEqual({ size: 3, etag: 'e' });
  expect(asked).toHaveLength(3);
});

test('a server that stays busy is unavailable', async () => {
  const { endpoint, asked } = await serverThat({ status: 503, body: error('SlowDown') });
  await expect(storeAt(endpoint).get('a')).rejects.toMatchObject({ code: 'unavailable' });
  expect(asked).toHaveLength(3);
});

test('a write that must be the first is not sent twice', async () => {
  const { endpoint, asked } = await serverThat({ status: 404 }, { status: 500 });
  await expect(storeAt(endpoint).put('a', Buffer.from('x'), { ifAbsent: true })).rejects.toMatchObject({
    code: 'unavailable',
  });
  expect(asked.map(({ method }) => method)).toEqual(['HEAD', 'PUT']);
  expect(asked[1]!.headers['if-none-match']).toBe('*');
});

test('a server that refuses If-None-Match because it knows none gets the write without it', async () => {
  const { endpoint, asked } = await serverThat(
    { status: 404 },
    { status: 501, body: error('NotImplemented') },
    { status: 200, headers: { etag: '"e"' } },
  );
  await storeAt(endpoint).put('a', Buffer.from('x'), { ifAbsent: true });
  expect(asked[2]!.headers['if-none-match']).toBeUndefined();
});

test.each([
  [412, 'PreconditionFailed'],
  [409, 'ConditionalRequestConflict'],
])('the answer %i to a write that must be the first is a conflict', async (status, code) => {
  const { endpoint } = await serverThat({ status: 404 }, { status, body: error(code) });
  const put = storeAt(endpoint).put('a', Buffer.from('x'), { ifAbsent: true });
  await expect(put).rejects.toMatchObject({ code: 'conflict', message: 'There is an object a already.' });
});

test('an error told with status 200 is an error', async () => {
  const head = { status: 200, headers: { etag: '"e"', 'content-length': '1' } };
  const { endpoint } = await serverThat(head, { status: 200, body: error('InternalError') });
  await expect(storeAt(endpoint).copy('a', 'b')).rejects.toMatchObject({ code: 'unavailable' });
});

test('a source that changes while it is copied is told apart from a target that is there', async () => {
  const head = { status: 200, headers: { etag: '"e"', 'content-length': '1' } };
  const changed = { status: 412, body: error('PreconditionFailed') };
  const first = await serverThat(head, changed);
  await expect(storeAt(first.endpoint).copy('a', 'b')).rejects.toMatchObject({ code: 'unavailable' });
  const second = await serverThat(head, { status: 404 }, changed, head);
  await expect(storeAt(second.endpoint).copy('a', 'b', { ifAbsent: true })).rejects.toMatchObject({ code: 'conflict' });
  const third = await serverThat(head, { status: 404 }, changed, { status: 404 });
  await expect(storeAt(third.endpoint).copy('a', 'b', { ifAbsent: true })).rejects.toMatchObject({
    code: 'unavailable',
  });
});

test('a key that is refused is nothing that trying again would mend', async () => {
  const { endpoint, asked } = await serverThat({ status: 403, body: error('SignatureDoesNotMatch') });
  await expect(storeAt(endpoint).get('a')).rejects.toMatchObject({
    code: 'internal',
    message: expect.stringContaining('SignatureDoesNotMatch'),
  });
  expect(asked).toHaveLength(1);
});

test('a bucket that is missing is said to be missing', async () => {
  const { endpoint } = await serverThat({ status: 404, body: error('NoSuchBucket') });
  await expect(storeAt(endpoint).ready()).rejects.toMatchObject({
    code: 'unavailable',
    message: 'The object store has no bucket films yet.',
  });
  await expect(storeAt(endpoint).get('a')).rejects.toMatchObject({ code: 'unavailable' });
});

test('a bucket is made in its region, and a server that does not know CORS rules is left alone', async () => {
  const { endpoint, asked } = await serverThat(
    { status: 404 },
    { status: 200 },
    { status: 404, body: error('NoSuchCORSConfiguration') },
    { status: 501, body: error('NotImplemented') },
  );
  await storeAt(endpoint).ensureBucket();
  expect(asked.map(({ method, url }) => `${method} ${url}`)).toEqual([
    'HEAD /films',
    'PUT /films',
    'GET /films?cors=',
    'PUT /films?cors=',
  ]);
});

test('CORS rules of the operator stay', async () => {
  const { endpoint, asked } = await serverThat({ status: 200 }, { status: 200, body: '<CORSConfiguration/>' });
  await storeAt(endpoint).ensureBucket();
  expect(asked).toHaveLength(2);
});

test('links carry the public address, requests go to the other', async () => {
  const store = storeAt('http://minio:9000', 'https://files.example.org');
  expect(await store.presignGet('a b/ü', { expiresSeconds: 60 })).toMatch(
    /^https:\/\/files\.example\.org\/films\/a%20b\/%C3%BC\?/,
  );
  expect(await store.presignPut('a', { expiresSeconds: 60 })).toMatch(/X-Amz-SignedHeaders=host&/);
  const amazon = storeAt('https://s3.amazonaws.com');
  expect(await amazon.presignGet('a', { expiresSeconds: 60 })).toMatch(
    /^https:\/\/films\.s3\.[a-z0-9.-]*eu-west-3\.amazonaws\.com\/a\?/,
  );
});

test.each(['host:9000', 'http://', 'ftp://host', 'http://host/path', 'http://user@host', 'http://host/?x=1'])(
  'the endpoint %s is refused',
  (endpoint) => {
    expect(() => storeAt(endpoint)).toThrow(expect.objectContaining({ code: 'invalid' }));
  },
);

test('a bucket without rules is told to end uploads that were left open; one with rules keeps its own', async () => {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    const { method, url = '' } = request;
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      if (method === 'PUT') bodies.push(`${url} ${body}`);
      const isMissing = method === 'GET' && url.includes('lifecycle') && bodies.length === 0;
      if (isMissing) response.writeHead(404).end(error('NoSuchLifecycleConfiguration'));
      else response.writeHead(200).end('<Rules/>');
    });
  });
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  const store = storeAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const tidy = { prefixes: ['quarantine/'], days: 30 };
  await store.ensureBucket({ tidy });
  await store.ensureBucket({ tidy });
  expect(bodies).toHaveLength(1);
  expect(bodies[0]).toMatch(/^\/films\/?\?lifecycle/);
  expect(bodies[0]).toContain('<DaysAfterInitiation>30</DaysAfterInitiation>');
  expect(bodies[0]).toContain(
    '<Prefix>quarantine/</Prefix></Filter><Status>Enabled</Status><Expiration><Days>30</Days>',
  );
});
