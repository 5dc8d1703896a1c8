import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApiError } from './api-error.js';
import { connect, senderFor } from './api.js';
import { bearer } from './credentials.js';
import { eachFrom, eachOf } from './pages.js';
import { tokensInMemory, sessionCredentials, signIn } from './session.js';
import { uploadFile } from './upload.js';

/** A server of strangers: it answers whatever the test wants, one answer after the other. */
type Play = (request: IncomingMessage & { text: string }, response: ServerResponse) => void;
const heard: (IncomingMessage & { text: string })[] = [];
let plays: Play[] = [];
const server = createServer((request, response) => {
  let text = '';
  request.on('data', (bytes) => (text += String(bytes)));
  request.on('end', () => {
    const told = Object.assign(request, { text });
    heard.push(told);
    (plays.shift() ?? ((_, answer) => answer.writeHead(500).end()))(told, response);
  });
});
const waits: number[] = [];
let url: string;

beforeAll(async () => {
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());
beforeEach(() => {
  plays = [];
  heard.length = 0;
  waits.length = 0;
});

const answers =
  (status: number, body: unknown, headers: Record<string, string> = {}): Play =>
  (_, response) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
const hangsUp: Play = ({ socket }) => socket.destroy();
const quick = {
  pause: (ms: number) => {
    waits.push(ms);
    return Promise.resolve();
  },
  random: () => 0,
};
const api = (token?: string) => connect({ server: url, ...quick, ...(token && { credentials: bearer(token) }) });
const project = { path: { project_id: 'p' } };

describe('a call', () => {
  it('puts fields into path, query, headers and body, and names itself by an id', async () => {
    plays = [answers(200, { a: 1 }, { etag: '"x"' })];
    const told = await api('t').ask('put', '/api/v1/projects/{project_id}/workspace', {
      path: { project_id: 'a/b ü' },
      query: { branch_name: 'main & more' },
      header: { 'if-match': '"w"' },
      body: { scenes: [] },
    });
    expect(heard[0]).toMatchObject({ method: 'PUT', text: '{"scenes":[]}' });
    expect(heard[0]!.url).toBe('/api/v1/projects/a%2Fb%20%C3%BC/workspace?branch_name=main+%26+more');
    expect(heard[0]!.headers).toMatchObject({ authorization: 'Bearer t', 'if-match': '"w"' });
    expect(heard[0]!.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    expect(told).toMatchObject({ data: { a: 1 }, status: 200 });
    expect(told.headers.get('etag')).toBe('"x"');
  });

  it('is not sent when a field of its path would lead elsewhere', async () => {
    for (const project_id of ['', '..', '.'])
      await expect(api().get('/api/v1/projects/{project_id}', { path: { project_id } })).rejects.toThrow(TypeError);
    expect(heard).toEqual([]);
  });

  it('reads numbers that a double cannot carry without losing a digit', async () => {
    plays = [(_, response) => response.end('{"n":12345678901234567890.5}')];
    expect(JSON.stringify(await api().get('/api/v1/projects/{project_id}', project))).toBe(
      '{"n":12345678901234567890.5}',
    );
  });

  it('fails with the code, the words and the id that the server gave', async () => {
    plays = [answers(409, { detail: 'It moved.', code: 'conflict', details: { head: 'h' } }, { 'x-request-id': 'r1' })];
    const failure = await api()
      .get('/api/v1/projects/{project_id}', project)
      .catch((thrown: unknown) => thrown);
    expect(failure).toBeInstanceOf(ApiError);
    expect(failure).toMatchObject({
      status: 409,
      code: 'conflict',
      message: 'It moved.',
      request_id: 'r1',
      details: { head: 'h' },
    });
  });

  it('names every field that the server found wrong', async () => {
    plays = [
      answers(422, { detail: [{ loc: ['body', 'name'], msg: 'Field required', type: 'missing' }], code: 'invalid' }),
    ];
    await expect(api().post('/api/v1/projects', { body: { name: 'x' } })).rejects.toThrow('name: Field required');
  });

  it('goes nowhere else with a token or a password, and tells where it was sent', async () => {
    const elsewhere = url.replace('127.0.0.1', 'localhost');
    for (const status of [301, 302, 307, 308]) {
      plays = [answers(status, {}, { location: `${elsewhere}/taken` }), answers(200, { access_token: 'x' })];
      const asked = api('secret').post('/v1/worker/token', { body: { node_id: 'n', secret: 'node_secret' } });
      await expect(asked).rejects.toMatchObject({
        code: 'invalid',
        status,
        message: expect.stringContaining(elsewhere),
      });
    }
    expect(heard.map((one) => one.url)).toEqual(Array(4).fill('/v1/worker/token'));
  });

  it('takes no part of a file to where its signed address is redirected', async () => {
    const elsewhere = url.replace('127.0.0.1', 'localhost');
    const upload = { id: 'u', state: 'open', size: 3, part_count: 1, part_size: null, uploaded_parts: [] };
    for (const status of [301, 307, 308]) {
      plays = [
        answers(200, { uploads: [{ ...upload, url: `${url}/store?signature=s` }] }),
        answers(status, {}, { location: `${elsewhere}/taken` }),
        answers(200, {}),
      ];
      const one = connect({ server: url, ...quick, retries: 0 });
      await expect(uploadFile(one, new Blob(['abc']), { filename: 'a.txt' })).rejects.toMatchObject({
        code: 'invalid',
        status,
        message: expect.stringContaining(elsewhere),
      });
    }
    expect(heard.map((one) => one.url)).not.toContain('/taken');
  });

  it('says so when what answers is no server of ours', async () => {
    plays = [(_, response) => response.end('<html>')];
    await expect(api().get('/api/v1/projects/{project_id}', project)).rejects.toThrow('Is this the address');
  });
});

describe('asking again', () => {
  const away = answers(503, { detail: 'Away', code: 'unavailable' }, { 'retry-after': '1' });

  it('happens for a question that changes nothing, a little later each time', async () => {
    plays = [hangsUp, hangsUp, answers(200, [])];
    expect(await api().get('/api/v1/projects')).toEqual([]);
    expect(waits).toEqual([125, 250]);
  });

  it('waits as long as the server asks, and not for half an hour', async () => {
    plays = [away, answers(200, []), answers(429, { detail: 'Slow' }, { 'retry-after': '1800' })];
    await api().get('/api/v1/projects');
    expect(waits).toEqual([1000]);
    await expect(api().get('/api/v1/projects')).rejects.toMatchObject({ status: 429 });
    expect(waits).toEqual([1000]);
  });

  it('never happens for a change that may have been made already', async () => {
    for (const play of [hangsUp, away]) {
      plays = [play, answers(200, {})];
      heard.length = 0;
      await expect(api().post('/api/v1/projects', { body: { name: 'x' } })).rejects.toMatchObject({
        code: 'unavailable',
      });
      expect(heard).toHaveLength(1);
    }
  });

  it('happens for a change that has a key by which the server knows it again', async () => {
    plays = [hangsUp, answers(200, {})];
    await api().post('/v1/jobs', { body: { jobs: [{ site_id: 's' }] } as never, idempotency_key: 'k' });
    expect(heard.map(({ headers }) => headers['idempotency-key'])).toEqual(['k', 'k']);
    expect(heard[0]!.headers['x-request-id']).toBe(heard[1]!.headers['x-request-id']);
  });

  it('happens for a change that was turned away unseen for coming too often', async () => {
    plays = [answers(429, { detail: 'Slow' }, { 'retry-after': '2' }), answers(200, {})];
    await api().post('/api/v1/projects', { body: { name: 'x' } });
    expect(waits).toEqual([2000]);
  });

  it('ends after five attempts, and at once when the caller gives up', async () => {
    plays = Array.from({ length: 9 }, () => hangsUp);
    await expect(api().get('/api/v1/projects')).rejects.toMatchObject({ status: 0, code: 'unavailable' });
    expect(heard).toHaveLength(5);
    const over = AbortSignal.abort(new Error('enough'));
    await expect(api().get('/api/v1/projects', { signal: over })).rejects.toThrow('enough');
  });

  it('tells an address that nobody answers at', async () => {
    const nobody = connect({ server: 'http://127.0.0.1:1', ...quick });
    await expect(nobody.get('/api/v1/projects')).rejects.toThrow('http://127.0.0.1:1 cannot be reached: bad port.');
    const gone = createServer().listen(0, '127.0.0.1');
    await once(gone, 'listening');
    const { port } = gone.address() as AddressInfo;
    gone.close();
    await once(gone, 'close');
    const away = connect({ server: `http://127.0.0.1:${port}`, ...quick, retries: 0 });
    await expect(away.get('/api/v1/projects')).rejects.toThrow('nobody answers there, ECONNREFUSED');
  });

  it('gives up on a server that says nothing', async () => {
    plays = [() => undefined];
    const impatient = connect({ server: url, ...quick, retries: 0, timeout_ms: 50 });
    await expect(impatient.get('/api/v1/projects')).rejects.toThrow('did not answer in time');
  });
});

describe('a session', () => {
  const pair = (name: string) => ({
    access_token: name,
    refresh_token: `${name}-r`,
    expires_in: 900,
    token_type: 'bearer',
  });
  const refused = answers(401, { detail: 'Could not validate credentials', code: 'unauthorized' });
  const start = async () => {
    plays = [answers(200, pair('one'))];
    const store = tokensInMemory(await signIn(senderFor({ server: url, ...quick }), 'a@b.c', 'secret'));
    heard.length = 0;
    return {
      store,
      api: connect({
        server: url,
        ...quick,
        credentials: sessionCredentials(senderFor({ server: url, ...quick }), store),
      }),
    };
  };

  it('trades its refresh token once, however many calls were refused', async () => {
    const { store, api: mine } = await start();
    const byToken: Play = (request, response) => {
      if (request.url === '/api/v1/auth/refresh') return answers(200, pair('two'))(request, response);
      return (request.headers.authorization === 'Bearer two' ? answers(200, []) : refused)(request, response);
    };
    plays = Array.from({ length: 12 }, () => byToken);
    await Promise.all([1, 2, 3].map(() => mine.get('/api/v1/projects')));
    expect(heard.filter((request) => request.url?.endsWith('/refresh'))).toHaveLength(1);
    expect(await store.read()).toMatchObject({ access_token: 'two', refresh_token: 'two-r' });
  });

  it('is over when its refresh token is refused, and the refusal is told', async () => {
    const { store, api: mine } = await start();
    plays = [refused, refused];
    await expect(mine.get('/api/v1/projects')).rejects.toMatchObject({ status: 401 });
    expect(await store.read()).toBeNull();
  });

  it('is kept when the server is only away while the token is traded', async () => {
    const { store, api: mine } = await start();
    plays = [refused, hangsUp];
    await expect(mine.get('/api/v1/projects')).rejects.toMatchObject({ code: 'unavailable' });
    expect(await store.read()).toMatchObject({ access_token: 'one' });
  });
});

describe('a long list', () => {
  it('is read page by page, and only as far as somebody reads', async () => {
    plays = [answers(200, { items: [1, 2], next: 'b' }), answers(200, { items: [3], next: null })];
    const read = async (limit: number) => {
      const all: unknown[] = [];
      for await (const one of eachOf((after) => api().get('/api/v1/tasks', { query: { after } })))
        if (all.push(one) === limit) break;
      return all;
    };
    expect(await read(9)).toEqual([1, 2, 3]);
    expect(heard.map((request) => request.url)).toEqual(['/api/v1/tasks', '/api/v1/tasks?after=b']);
    plays = [answers(200, { items: [1, 2], next: 'b' })];
    expect(await read(1)).toEqual([1]);
    plays = [answers(200, [1, 2]), answers(200, [3])];
    const older: unknown[] = [];
    for await (const one of eachFrom((skip, limit) => api().get('/api/v1/projects', { query: { skip, limit } }), 2))
      older.push(one);
    expect(older).toEqual([1, 2, 3]);
  });
});
