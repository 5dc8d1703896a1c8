import { once } from 'node:events';
import { Agent, request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { Controller, Module } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import type { Running } from '#libs/bootstrap/service-definition';
import { startService } from '#libs/bootstrap/start-service';
import { CommonConfig } from '#libs/config/common-config';
import { ANONYMOUS, type Caller } from '#libs/contracts/caller';
import {
  checkSession,
  createBranch,
  createCommit,
  createProject,
  endSession,
  forkProject,
  getGraph,
  getMe,
  getProject,
  listProjects,
  login,
  registerUser,
  saveWorkspace,
  searchUsers,
  toggleLike,
  updateProject,
} from '#libs/contracts/projects';
import { AppError } from '#libs/errors/app-error';
import { Handles } from '#libs/messaging/handles';
import { BROKER_WAIT_MS, testBroker } from '#libs/testing/broker';
import { canonicalJson } from '#libs/timeline/canonical-json';
import { parseExact } from '#libs/timeline/exact-json';
import { startGateway, type RunningGateway } from './start-gateway.js';

/** What the platform behind the gateway answers in these stories; ada is signed in, in a session called s1. */
const ended = new Set<string>();
let asked: { input: unknown; caller: Caller } | undefined;
const PROJECT = {
  id: 'p1',
  name: 'Film',
  description: null,
  tags: null,
  is_public: false,
  owner_id: 'ada',
  parent_project_id: null,
  created_at: new Date('2026-01-02T03:04:05.678Z'),
  workspace_data: null,
  likes_count: 0,
  is_liked: false,
};
const ADA = { id: 'ada', email: 'ada@example.org', full_name: null, is_active: true };

let slowIsAsked = (): void => {};

@Controller()
class Projects {
  @Handles(checkSession)
  check({ session_id }: { session_id: string }) {
    return { active: !ended.has(session_id), role: 'user' as const };
  }
  @Handles(login)
  login({ username, password }: { username: string; password: string }) {
    if (password !== 'correct horse') throw new AppError('invalid', 'Incorrect email or password');
    const refresh_expires_at = new Date('2027-01-01');
    return { user_id: username, role: 'user' as const, session_id: 's1', refresh_token: 'r1', refresh_expires_at };
  }
  @Handles(endSession)
  end(_: unknown, caller: Caller) {
    ended.add(caller.session_id as string);
    return { ok: true };
  }
  @Handles(registerUser)
  register(): never {
    throw new AppError('invalid', 'The user with this email already exists in the system');
  }
  @Handles(getMe)
  me(_: unknown, caller: Caller) {
    return { ...ADA, id: caller.user_id as string };
  }
  @Handles(searchUsers)
  search(input: unknown, caller: Caller) {
    asked = { input, caller };
    return [];
  }
  @Handles(listProjects)
  list(input: unknown, caller: Caller) {
    asked = { input, caller };
    return [PROJECT];
  }
  @Handles(createProject)
  create(input: { name: string }) {
    return { ...PROJECT, ...input };
  }
  @Handles(updateProject)
  update(): never {
    throw new Error('db password is hunter2');
  }
  @Handles(createBranch)
  branch(): never {
    throw new AppError('conflict', 'Branch already exists');
  }
  @Handles(createCommit)
  commit({ project_id, message, video_assets }: { project_id: string; message: string; video_assets: object }) {
    if (message === 'long') {
      asked = { input: video_assets, caller: ANONYMOUS };
      const created_at = new Date('2026-01-02T03:04:05.678Z');
      return { id: 'c1', project_id, message, parent_hash: null, video_assets: null, created_at };
    }
    const issue = { code: 'custom', path: ['message'], message: 'Say more', params: { reason: 'value_error' } };
    throw new AppError('invalid', 'no', { issues: [issue] });
  }
  @Handles(forkProject)
  fork() {
    return PROJECT;
  }
  @Handles(getProject)
  async get({ project_id }: { project_id: string }) {
    if (project_id === 'slow') {
      slowIsAsked();
      await new Promise((resolve) => setTimeout(resolve, 400));
    }
    if (project_id === 'foreign') throw new AppError('unauthorized', 'Not enough permissions');
    if (project_id === 'away') throw new AppError('unavailable', 'The database is away.');
    if (project_id === 'nothing') throw new AppError('not_found', 'Project not found');
    return PROJECT;
  }
  @Handles(getGraph)
  graph(_: unknown, caller: Caller): never {
    throw new AppError('unauthorized', caller.user_id === null ? 'Sign in to see this.' : 'Not enough permissions');
  }
  @Handles(saveWorkspace)
  save({ document }: { document: Record<string, unknown> }) {
    return { document, etag: `"saved"` };
  }
  @Handles(toggleLike)
  like() {
    return true;
  }
}

@Module({ controllers: [Projects] })
class StandInModule {}

const SECRET_KEY = 'the key of these stories';
const environment = (bus: string, more: Record<string, string> = {}) => ({
  APP_MODE: 'local',
  LOG_LEVEL: 'silent',
  LOG_FORMAT: 'json',
  RABBITMQ_URL: `in-process:${bus}`,
  SECRET_KEY,
  PORT: '0',
  ...more,
});
const standIn = (bus: string): Promise<Running> =>
  startService({ name: 'projects', config: CommonConfig, load: async () => StandInModule }, environment(bus));

let service: Running;
let gateway: RunningGateway;
beforeAll(async () => {
  service = await standIn('gateway-test');
  gateway = await startGateway(environment('gateway-test'), async (fastify) => {
    fastify.get('/extra', () => ({ from: 'an extra' }));
    fastify.get('/extra/fails', () => {
      throw new AppError('not_found', 'There is no such file.');
    });
  });
});
afterAll(async () => {
  await gateway.close();
  await service.close();
});

interface Answer {
  status: number;
  headers: Headers;
  body: any; // eslint-disable-line @typescript-eslint/no-explicit-any
  text: string;
}

/** More than is read before it is passed on. */
const LONG = 'x'.repeat(100_000);

async function call(
  line: string,
  { token, body, headers = {}, at = gateway }: Request & { at?: RunningGateway } = {},
): Promise<Answer> {
  const [method, path] = line.split(' ') as [string, string];
  const isText = typeof body === 'string' || body instanceof FormData || body instanceof URLSearchParams;
  const answer = await fetch(at.url + (path.startsWith('/') ? path : `/api/v1/${path}`), {
    method,
    redirect: 'manual',
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && !isText && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: isText ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  const isJson = answer.headers.get('content-type')?.startsWith('application/json');
  return { status: answer.status, headers: answer.headers, text, body: isJson ? JSON.parse(text) : undefined };
}
interface Request {
  token?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

/** A token as the gateway signs it, with whatever a story changes about it. */
function tokenWith(claims: Record<string, unknown> = {}, options: Record<string, unknown> = {}, key = SECRET_KEY) {
  const usual = { issuer: 'evidverse:local', audience: 'evidverse-api', expiresIn: 60, ...options };
  const signing = Object.fromEntries(Object.entries(usual).filter(([, value]) => value !== undefined));
  return new JwtService({ secret: key }).sign({ sub: 'ada', sid: 's-test', role: 'user', ...claims }, signing);
}
const token = tokenWith();
const form = (fields: Record<string, string>) => new URLSearchParams(fields);
const ADAS = { username: 'ada', password: 'correct horse' };

describe('what stands beside the API', () => {
  test('the root greets, and the probes answer without a token', async () => {
    expect((await call('GET /')).body).toEqual({ message: 'Welcome to Evidverse API' });
    expect((await call('GET health')).body).toEqual({ status: 'ok' });
    for (const path of ['/healthz', '/livez', '/readyz'])
      expect((await call(`GET ${path}`)).body).toMatchObject({ status: 'ok' });
    expect((await call('GET /metrics')).text).toContain('evidverse_http_request_duration_seconds');
  });

  test('the API page and its document come from this machine alone', async () => {
    const page = await call('GET /docs');
    expect(page.headers.get('content-type')).toMatch(/^text\/html/);
    expect(page.text).not.toMatch(/(src|href)="https?:/);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
    for (const [, asset] of page.text.matchAll(/(?:src|href)="\.\/([^"]+)"/g))
      expect((await call(`GET /${asset}`)).status).toBe(200);
    const document = await call('GET openapi.json');
    expect(document.body.openapi).toBe('3.1.0');
    expect(document.body.paths['/api/v1/projects/{project_id}/workspace'].put.operationId).toBe(
      'projects.saveWorkspace',
    );
  });

  test('routes that others add live on the same server, with the same errors', async () => {
    expect((await call('GET /extra')).body).toEqual({ from: 'an extra' });
    const lost = await call('GET /extra/fails');
    expect([lost.status, lost.body]).toEqual([404, { detail: 'There is no such file.', code: 'not_found' }]);
  });
});

describe('paths and methods', () => {
  test('every path answers with and without its last slash, never with a redirect', async () => {
    for (const path of ['projects', 'projects/', 'users/me', 'users/me/', 'projects/p1', 'projects/p1/'])
      expect((await call(`GET ${path}`, { token })).status).toBe(200);
    for (const path of ['projects', 'projects/'])
      expect((await call(`POST ${path}`, { token, body: { name: 'x' } })).status).toBe(200);
  });

  test('an unknown path is not found, whoever asks', async () => {
    for (const path of ['/nope', '/api/v1', '/api/v1/nope', '/api/v1/projects/p1/nope', '/v1/x', '/API/V1/health'])
      for (const method of ['GET', 'POST', 'DELETE']) {
        const answer = await call(`${method} ${path}`, { token });
        expect([answer.status, answer.body]).toEqual([404, { detail: 'Not Found', code: 'not_found' }]);
      }
  });

  test('a wrong method says which ones are right', async () => {
    const answer = await call('DELETE projects/p1/workspace/');
    expect([answer.status, answer.body.detail]).toEqual([405, 'Method Not Allowed']);
    expect(answer.headers.get('allow')).toBe('GET, HEAD, PUT');
    expect((await call('GET auth/login')).headers.get('allow')).toBe('POST');
  });

  test('an address that cannot be read is a clear refusal in JSON', async () => {
    const bad = await rawAnswer('GET /api/v1/projects/%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    expect(bad).toMatch(/^HTTP\/1.1 400 [\s\S]*application\/json[\s\S]*"code":"invalid"/);
    const noise = await rawAnswer('HELLO\r\n\r\n');
    expect(noise).toMatch(
      /^HTTP\/1.1 400 [\s\S]*application\/json[\s\S]*"detail":"This is no HTTP request[^"]*","code":"invalid"\}/,
    );
    const wide = await rawAnswer(`GET / HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(40_000)}\r\n\r\n`);
    expect(wide).toMatch(/^HTTP\/1.1 431 [\s\S]*application\/json/);
  });
});

describe('who is asking', () => {
  test('no header, or another scheme, is not authenticated', async () => {
    for (const headers of [
      {},
      { authorization: 'Basic YTpi' },
      { authorization: token },
      { authorization: 'Bearer' },
    ]) {
      const answer = await call('GET users/me', { headers: headers as Record<string, string> });
      expect([answer.status, answer.body]).toEqual([401, { detail: 'Not authenticated', code: 'unauthorized' }]);
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    }
  });

  test('the word bearer may be written in any case', async () => {
    for (const word of ['bearer', 'BEARER', 'Bearer'])
      expect((await call('GET users/me', { headers: { authorization: `${word} ${token}` } })).status).toBe(200);
  });

  test.each([
    ['nonsense', 'x.y.z'],
    ['signed with another key', tokenWith({}, {}, 'another key')],
    ['expired', tokenWith({}, { expiresIn: -1 })],
    ['without an end', tokenWith({}, { expiresIn: undefined })],
    ['without a session', tokenWith({ sid: undefined })],
    ['of another instance', tokenWith({}, { issuer: 'evidverse:https://elsewhere.example' })],
    ['for another audience', tokenWith({}, { audience: 'other' })],
    ['unsigned', `${Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url')}.${token.split('.')[1]}.`],
    ['of another algorithm', tokenWith({}, { algorithm: 'HS512' })],
  ])('a token %s is not believed, and nobody is logged out politely', async (_, bad) => {
    const answer = await call('GET users/me', { token: bad });
    expect([answer.status, answer.body]).toEqual([
      401,
      { detail: 'Could not validate credentials', code: 'unauthorized' },
    ]);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  });

  test('where a token is optional, one that is not believed makes its bearer anonymous', async () => {
    for (const good of [undefined, 'x.y.z', tokenWith({}, { expiresIn: -1 })]) {
      expect((await call('GET users/search?query=a', good === undefined ? {} : { token: good })).status).toBe(200);
      expect(asked?.caller.user_id).toBeNull();
    }
    await call('GET users/search?query=a', { token });
    expect(asked?.caller).toEqual({ user_id: 'ada', role: 'user', session_id: 's-test' });
  });

  test('a session that was ended is out at once, everywhere in this process', async () => {
    const mine = (await call('POST auth/login', { body: form(ADAS) })).body.access_token as string;
    expect((await call('GET users/me', { token: mine })).status).toBe(200);
    expect((await call('POST auth/logout', { token: mine })).body).toEqual({ ok: true });
    expect((await call('GET users/me', { token: mine })).status).toBe(401);
    expect((await call('GET users/search?query=a', { token: mine })).status).toBe(200);
    expect(asked?.caller.user_id).toBeNull();
    ended.clear();
  });

  test('what is not theirs is forbidden to the signed in, and asks strangers to sign in', async () => {
    const known = await call('GET projects/p1/graph', { token });
    expect([known.status, known.body.detail]).toEqual([403, 'Not enough permissions']);
    const stranger = await call('GET projects/p1/graph');
    expect([stranger.status, stranger.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
  });
});

describe('signing in', () => {
  test('a form, urlencoded or multipart, becomes a pair of tokens', async () => {
    const multipart = new FormData();
    for (const [name, value] of Object.entries(ADAS)) multipart.append(name, value);
    for (const body of [form({ ...ADAS, grant_type: 'password', scope: '' }), multipart]) {
      const answer = await call('POST auth/login', { body });
      expect(answer.status).toBe(200);
      expect(answer.body).toMatchObject({ token_type: 'bearer', refresh_token: 'r1', expires_in: 604_800 });
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expect((await call('GET users/me', { token: answer.body.access_token })).body.id).toBe('ada');
    }
  });

  test('a wrong password is a plain refusal', async () => {
    const answer = await call('POST auth/login', { body: form({ username: 'ada', password: 'wrong' }) });
    expect([answer.status, answer.body]).toEqual([400, { detail: 'Incorrect email or password', code: 'invalid' }]);
  });

  test('a login sent as JSON lacks both fields', async () => {
    const answer = await call('POST auth/login', { body: ADAS });
    expect(answer.status).toBe(422);
    const missing = (name: string) => ({ type: 'missing', loc: ['body', name], msg: 'Field required', input: null });
    expect(answer.body).toEqual({ detail: [missing('username'), missing('password')], code: 'invalid' });
  });

  test('a grant type other than password is named', async () => {
    const answer = await call('POST auth/login', { body: form({ ...ADAS, grant_type: 'magic' }) });
    expect(answer.body.detail).toEqual([
      {
        type: 'string_pattern_mismatch',
        loc: ['body', 'grant_type'],
        msg: "String should match pattern '^password$'",
        input: 'magic',
        ctx: { pattern: '^password$' },
      },
    ]);
  });

  test('a form that is none is refused, not feared', async () => {
    const headers = { 'content-type': 'multipart/form-data; boundary=x' };
    expect((await call('POST auth/login', { body: '--y\r\nnonsense', headers })).status).toBe(400);
  });
});

describe('what a request brings', () => {
  test('a missing field is named, with the body it is missing in', async () => {
    const answer = await call('POST projects', { token, body: { description: 'd' } });
    expect(answer.status).toBe(422);
    const input = { description: 'd' };
    expect(answer.body.detail).toEqual([{ type: 'missing', loc: ['body', 'name'], msg: 'Field required', input }]);
  });

  test('a body that is absent, empty or null is missing where one is needed', async () => {
    const missing = [{ type: 'missing', loc: ['body'], msg: 'Field required', input: null }];
    expect((await call('POST projects/p1/fork', { token })).body.detail).toEqual(missing);
    const headers = { 'content-type': 'application/json' };
    expect((await call('POST projects/p1/fork', { token, body: '', headers })).body.detail).toEqual(missing);
    expect((await call('POST projects/p1/fork', { token, body: 'null', headers })).body.detail).toEqual(missing);
    expect((await call('POST projects/p1/fork', { token, body: {} })).status).toBe(200);
  });

  test('where no body is needed, any body will do', async () => {
    for (const [body, type] of [
      [undefined, undefined],
      ['', 'application/json'],
      ['{broken', 'application/json'],
      ['x', 'text/plain'],
      ['x', 'nonsense'],
      ['x', 'application/x-www-form-urlencoded'],
    ]) {
      const headers: Record<string, string> = type === undefined ? {} : { 'content-type': type };
      const answer = await call('POST projects/p1/like', { token, headers, ...(body !== undefined && { body }) });
      expect([answer.status, answer.text, answer.headers.get('content-type')]).toEqual([
        200,
        'true',
        'application/json; charset=utf-8',
      ]);
    }
  });

  test('JSON that is none says where it stops being JSON', async () => {
    const headers = { 'content-type': 'application/json' };
    const answer = await call('POST projects', { token, body: '{"name": nope}', headers });
    expect(answer.status).toBe(422);
    expect(answer.body.detail).toEqual([
      {
        type: 'json_invalid',
        loc: ['body', 9],
        msg: 'JSON decode error',
        input: {},
        ctx: { error: 'Expecting value' },
      },
    ]);
  });

  test('a body of another kind, or that is no object, is refused', async () => {
    for (const [body, type] of [
      ['name=x', 'application/x-www-form-urlencoded'],
      ['[1]', 'application/json'],
      ['3', 'application/json'],
    ] as const) {
      const answer = await call('POST projects', { token, body, headers: { 'content-type': type } });
      expect(answer.body.detail[0]).toMatchObject({ type: 'model_attributes_type', loc: ['body'] });
    }
    const list = await call('PUT projects/p1/workspace', { token, body: [] });
    expect([list.status, list.body.detail[0].type, list.body.detail[0].loc]).toEqual([422, 'dict_type', ['body']]);
  });

  test('a stranger is turned away before anything is said of the body', async () => {
    const headers = { 'content-type': 'application/json' };
    expect((await call('POST projects', { body: '{broken', headers })).status).toBe(401);
  });

  test('a document comes back with every digit, key and order it came with', async () => {
    const document =
      '{"z":1.10,"a":12345678901234567890,"e":1e400,"n":-0.0,"__proto__":{"x":1},"constructor":{"y":2},"l":[1E2]}';
    const headers = { 'content-type': 'application/json' };
    const answer = await call('PUT projects/p1/workspace', { token, body: document, headers });
    expect(answer.text).toBe(
      '{"z":1.1,"a":12345678901234567890,"e":1e400,"n":-0.0,"__proto__":{"x":1},"constructor":{"y":2},"l":[100]}',
    );
    expect(({} as { x?: number }).x).toBeUndefined();
  });

  test('fields nobody knows are ignored, whatever they are called', async () => {
    const body = '{"name":"x","__proto__":{"is_public":true},"constructor":1,"nope":{}}';
    const answer = await call('POST projects', { token, body, headers: { 'content-type': 'application/json' } });
    expect([answer.status, answer.body.is_public]).toEqual([200, false]);
  });

  test('of a query name sent twice the last counts, and its trouble has its place', async () => {
    await call('GET projects?limit=3&limit=5&skip[]=1&__proto__=x', { token });
    expect(asked?.input).toEqual({ skip: 0, limit: 5 });
    const answer = await call('GET projects?limit=many', { token });
    expect(answer.body.detail[0]).toMatchObject({ type: 'int_parsing', loc: ['query', 'limit'], input: 'many' });
    expect((await call('GET projects?skip=-1', { token })).status).toBe(422);
    expect((await call('GET users/search')).body.detail).toEqual([
      { type: 'missing', loc: ['query', 'query'], msg: 'Field required', input: null },
    ]);
  });

  test('what a service refuses field by field reads the same', async () => {
    const body = { project_id: 'p1', message: 'm', video_assets: {} };
    const answer = await call('POST commits/', { token, body });
    expect([answer.status, answer.body.detail]).toEqual([
      422,
      [{ type: 'value_error', loc: ['body', 'message'], msg: 'Say more', input: 'm' }],
    ]);
  });

  test('a long film goes through as it was written, and comes back so, its numbers exact', async () => {
    const film = `{ "n": 12345678901234567890.5, "\u00e9": "\ud83d\ude00", "long": "${LONG}" }`;
    const body = `{"project_id":"p1","message":"long","video_assets":${film}}`;
    const answer = await call('POST commits', { token, body, headers: { 'content-type': 'application/json' } });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
    expect(answer.text).toContain(film);
    expect(answer.body).toMatchObject({ id: 'c1', message: 'long' });
    expect(canonicalJson(asked!.input)).toBe(canonicalJson(parseExact(film)));
    const saved = await call('PUT projects/p1/workspace', { token, body: film, headers: { 'content-type': 'application/json' } }); // prettier-ignore
    expect([saved.status, saved.headers.get('etag'), canonicalJson(parseExact(saved.text))]).toEqual([200, '"saved"', canonicalJson(parseExact(film))]); // prettier-ignore
  });

  test('a fault in a long film is told as in a short one, where it is in the body', async () => {
    const faults: [film: (fill: string) => string, message: string][] = [
      [(fill) => `{"a":01,"fill":"${fill}"}`, 'm'],
      [(fill) => `{"a":[1,2}],"fill":"${fill}"}`, 'm'],
      [(fill) => `{"fill":"${fill}","a":"\t"}`, 'm'],
      [(fill) => `{"fill":"${fill}"}`, ''],
      [(fill) => `{"fill":"${fill}"}`, 'm'],
    ];
    for (const [film, message] of faults) {
      const told = async (fill: string) => {
        const body = `{"message":"${message}","video_assets":${film(fill)},"project_id":"p1"}`;
        const { status, body: said } = await call('POST commits', { token, body, headers: { 'content-type': 'application/json' } }); // prettier-ignore
        const [{ loc, ...complaint }] = said.detail;
        const at = typeof loc[1] === 'number' && loc[1] > LONG.length ? loc[1] - LONG.length : loc[1];
        return [status, at, complaint];
      };
      const short = await told('');
      expect(short[0]).toBe(422);
      expect(await told(LONG)).toEqual(short);
    }
  });

  test('no refusal repeats a password', async () => {
    const body = { email: 3, password: 'hunter2' };
    const answer = await call('POST auth/register', { body: { ...body, password: ['hunter2'] } });
    expect(answer.body.detail.map(({ type }: { type: string }) => type)).toEqual(['string_type', 'string_type']);
    expect(answer.text).not.toContain('hunter2');
    expect((await call('POST auth/register', { body: { password: 'hunter2' } })).text).not.toContain('hunter2');
  });
});

describe('what goes wrong', () => {
  test('each word of failure has its number', async () => {
    const numbers = { nothing: 404, foreign: 403, away: 503 };
    for (const [id, status] of Object.entries(numbers))
      expect((await call(`GET projects/${id}`, { token })).status).toBe(status);
    expect((await call('GET projects/away', { token })).headers.get('retry-after')).toBe('1');
    const taken = await call('POST branches/', { token, body: { project_id: 'p1', name: 'x' } });
    expect([taken.status, taken.body]).toEqual([409, { detail: 'Branch already exists', code: 'conflict' }]);
  });

  test('what nobody foresaw says nothing about itself', async () => {
    const answer = await call('PUT projects/p1', { token, body: {} });
    expect([answer.status, answer.body]).toEqual([
      500,
      { detail: 'Something went wrong on our side.', code: 'internal' },
    ]);
  });

  test('a service that is away is unavailable, and so is signing in by token then', async () => {
    const lonely = await startGateway(environment('nobody-there'));
    const answer = await call('GET projects', { token, at: lonely });
    expect([answer.status, answer.body.code, answer.headers.get('retry-after')]).toEqual([503, 'unavailable', '1']);
    expect((await call('GET projects/feed', { at: lonely })).status).toBe(503);
    expect((await call('GET health', { at: lonely })).status).toBe(200);
    await lonely.close();
  });

  test('a body beyond the limit is refused by size; a stranger may send far less', async () => {
    const small = await startGateway(environment('gateway-test', { BODY_LIMIT_MB: '2' }));
    const document = (mib: number) => ({ text: 'x'.repeat(mib * 1024 * 1024) });
    expect((await call('PUT projects/p1/workspace', { token, body: document(1.5), at: small })).status).toBe(200);
    const large = await call('PUT projects/p1/workspace', { token, body: document(2.5), at: small });
    expect([large.status, large.body.code]).toEqual([413, 'invalid']);
    expect((await call('POST auth/register', { body: document(1.5), at: small })).status).toBe(413);
    await small.close();
  });

  test('whoever asks too often is told to wait, users each by themselves', async () => {
    const strict = await startGateway(
      environment('gateway-test', { RATE_LIMIT_PER_MINUTE: '4', AUTH_RATE_LIMIT_PER_MINUTE: '2' }),
    );
    const asAda = () => call('GET users/me', { token, at: strict });
    for (let time = 0; time < 4; time++) expect((await asAda()).status).toBe(200);
    const refused = await asAda();
    expect([refused.status, refused.body.code]).toEqual([429, 'unavailable']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    const bob = tokenWith({ sub: 'bob' });
    expect((await call('GET users/me', { token: bob, at: strict })).status).toBe(200);
    const wrong = () => call('POST auth/login', { body: form({ username: 'ada', password: 'no' }), at: strict });
    expect([(await wrong()).status, (await wrong()).status, (await wrong()).status]).toEqual([400, 400, 429]);
    for (let time = 0; time < 6; time++) expect((await call('GET /readyz', { at: strict })).status).toBe(200);
    await strict.close();
  });

  test('whoever holds a token that counts no more does not hold up the user it was made for', async () => {
    const strict = await startGateway(environment('gateway-test', { RATE_LIMIT_PER_MINUTE: '6' }));
    const stolen = tokenWith({ sid: 's-stolen' });
    ended.add('s-stolen');
    const statuses: number[] = [];
    for (let time = 0; time < 12; time++)
      statuses.push((await call('GET users/me', { token: stolen, at: strict })).status);
    expect([statuses[0], statuses.at(-1)]).toEqual([401, 429]);
    for (let time = 0; time < 5; time++) expect((await call('GET users/me', { token, at: strict })).status).toBe(200);
    ended.clear();
    await strict.close();
  });

  test('titles in a batch are counted as if each were asked for alone', async () => {
    const strict = await startGateway(environment('gateway-test', { RATE_LIMIT_PER_MINUTE: '10' }));
    const resolve = (count: number, as = token) =>
      call('POST /v1/resolve', { token: as, body: { titles: Array.from({ length: count }, () => 'x') }, at: strict });
    expect((await resolve(7)).status).not.toBe(429);
    let refused = await resolve(7);
    // A new minute may have begun in between.
    if (refused.status !== 429) refused = await resolve(7);
    expect([refused.status, refused.headers.has('retry-after')]).toEqual([429, true]);
    expect((await resolve(7, tokenWith({ sub: 'bob' }))).status).not.toBe(429);
    await strict.close();
  });

  test('guesses at one account are counted wherever they come from', async () => {
    const strict = await startGateway(
      environment('gateway-test', { AUTH_RATE_LIMIT_PER_MINUTE: '2', TRUSTED_PROXIES: '127.0.0.0/8' }),
    );
    const guess = (from: string, username: string) =>
      call('POST auth/login', {
        body: form({ username, password: 'no' }),
        headers: { 'x-forwarded-for': from },
        at: strict,
      });
    expect([(await guess('10.0.0.1', 'ada')).status, (await guess('10.0.0.2', 'ADA')).status]).toEqual([400, 400]);
    const third = await guess('10.0.0.3', 'ada');
    expect([third.status, third.headers.has('retry-after')]).toEqual([429, true]);
    expect((await guess('10.0.0.3', 'bob')).status).toBe(400);
    await strict.close();
  });
});

describe('pages of other origins', () => {
  const preflight = (origin: string) =>
    call('OPTIONS projects', { headers: { origin, 'access-control-request-method': 'PUT' } });

  test('a listed front end may come with credentials, a page on one’s own machine with its token', async () => {
    const listed = await preflight('http://localhost:3000');
    expect(listed.status).toBe(204);
    expect(listed.headers.get('access-control-allow-origin')).toBe('http://localhost:3000');
    expect(listed.headers.get('access-control-allow-credentials')).toBe('true');
    expect(listed.headers.get('access-control-max-age')).toBe('600');
    expect(listed.headers.get('access-control-allow-methods')).toContain('DELETE');
    const own = await preflight('http://127.0.0.1:5173');
    expect(own.headers.get('access-control-allow-origin')).toBe('http://127.0.0.1:5173');
    expect(own.headers.get('access-control-allow-credentials')).toBeNull();
  });

  test(
    'in the cloud a page of any origin reads snapshots and what is told without a token, and nothing else',
    async () => {
      const broker = await testBroker();
      const cloud = await startGateway(
        environment('', {
          APP_MODE: 'cloud',
          SECRET_KEY: 'forty characters that nobody would guess',
          RABBITMQ_URL: broker.url,
          BACKEND_CORS_ORIGINS: 'https://app.example.org',
        }),
      );
      const allowed = async (line: string, origin = 'https://library.example', headers: Record<string, string> = {}) =>
        (await call(line, { headers: { origin, ...headers }, at: cloud })).headers.get('access-control-allow-origin');
      try {
        for (const line of ['GET /snap/pointer.json', 'GET /v1/alias/resolve?q=x', 'GET /v1/rules/latest']) {
          expect([line, await allowed(line)]).toEqual([line, '*']);
          const asked = { 'access-control-request-method': 'GET', 'access-control-request-headers': 'authorization' };
          expect(await allowed(line.replace('GET', 'OPTIONS'), undefined, asked)).toBe('*');
        }
        for (const line of ['GET projects/feed', 'GET users/me', 'POST /v1/resolve', 'GET /v1/jobs'])
          expect([line, await allowed(line)]).toEqual([line, null]);
        expect(await allowed('GET projects/feed', 'https://app.example.org')).toBe('https://app.example.org');
        expect(await allowed('GET /snap/pointer.json', 'https://app.example.org')).toBe('*');
      } finally {
        await cloud.close();
        await broker.close();
      }
    },
    BROKER_WAIT_MS + 60_000,
  );

  test('any other page is not let in, and answers tell what may be read of them', async () => {
    expect((await preflight('https://evil.example')).headers.get('access-control-allow-origin')).toBeNull();
    const answer = await call('GET health', { headers: { origin: 'http://localhost:3000' } });
    expect(answer.headers.get('access-control-expose-headers')).toContain('X-Request-Id');
    const failure = await call('GET users/me', { headers: { origin: 'http://localhost:3000' } });
    expect([failure.status, failure.headers.get('access-control-allow-origin')]).toEqual([
      401,
      'http://localhost:3000',
    ]);
  });
});

describe('every answer', () => {
  test('carries an id: the client’s own when it is harmless, a new one otherwise', async () => {
    const id = async (sent?: string) =>
      (await call('GET health', sent === undefined ? {} : { headers: { 'x-request-id': sent } })).headers.get(
        'x-request-id',
      );
    expect(await id('job-7_a.b')).toBe('job-7_a.b');
    for (const sent of [undefined, 'a b', 'x'.repeat(129), '<script>'])
      expect(await id(sent)).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('that is about one person is kept by nobody in between', async () => {
    expect((await call('GET users/me', { token })).headers.get('cache-control')).toBe('no-store');
    expect((await call('GET health')).headers.get('cache-control')).toBeNull();
  });

  test('forbids pages to run, frame or guess at it', async () => {
    const { headers } = await call('GET health');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });
});

describe('coming and going', () => {
  test('closing finishes what is under way and leaves no idle connection waiting', async () => {
    const leaving = await startGateway(environment('gateway-test'));
    const agent = new Agent({ keepAlive: true });
    const slow = httpRequest(`${leaving.url}/api/v1/projects/slow`, {
      agent,
      headers: { authorization: `Bearer ${token}` },
    });
    const asked = new Promise<void>((resolve) => (slowIsAsked = resolve));
    slow.end();
    await asked;
    const closed = leaving.close();
    const [answer] = (await once(slow, 'response')) as [{ statusCode: number; resume(): void }];
    answer.resume();
    expect(answer.statusCode).toBe(200);
    await closed;
    await expect(fetch(`${leaving.url}/healthz`)).rejects.toThrow();
    agent.destroy();
  });

  test('a port that is taken is said in one sentence', async () => {
    await expect(startGateway(environment('gateway-test', { PORT: String(gateway.port) }))).rejects.toThrow(
      `PORT: ${gateway.port} is taken on 127.0.0.1`,
    );
  });
});

async function rawAnswer(bytes: string): Promise<string> {
  const socket = connect(gateway.port, '127.0.0.1');
  socket.write(bytes);
  let text = '';
  socket.on('data', (chunk) => (text += chunk.toString()));
  await once(socket, 'close');
  return text;
}
