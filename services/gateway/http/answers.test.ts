import type { AddressInfo } from 'node:net';
import { NestFactory } from '@nestjs/core';
import { Module } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { z } from 'zod';
import { operation } from '#libs/contracts/contract';
import { EventBatch } from '#libs/contracts/event-batch';
import { AppError } from '#libs/errors/app-error';
import { Broker } from '#libs/messaging/broker';
import type { Carrier, Message } from '#libs/messaging/message';
import { Sessions } from '../auth/sessions.js';
import { Tokens } from '../auth/tokens.js';
import { answerWith } from './answer.js';
import { controllerFor } from './controller-for.js';
import { EventStreams } from './event-streams.js';
import { FileCarrier } from './file-carrier.js';
import { answerTo } from '#libs/http/failure-answer';
import { RateLimits } from './rate-limits.js';
import { RouteRunner } from './route-runner.js';
import { eventStream, route } from './route.js';

const Page = z.object({ text: z.string(), etag: z.string() });
const read = operation('media.read', z.object({ if_none_match: z.string().optional() }), Page);
const write = operation('media.write', z.object({ key: z.string().optional(), size: z.number() }), Page);
const admit = operation('media.admit', z.object({ key: z.string().optional() }), z.object({}));
const watch = operation('media.watch', z.object({ film: z.string(), after: z.string().nullish() }), EventBatch);

const routes = [
  route('GET /page', read, {
    auth: 'none',
    summary: '',
    headers: { if_none_match: 'if-none-match' },
    respond: ({ etag, text }) => answerWith({ headers: { etag }, body: { text } }),
  }),
  route('GET /picture', read, {
    auth: 'none',
    summary: '',
    headers: { if_none_match: 'if-none-match' },
    respond: ({ text }) => answerWith({ headers: { 'content-type': 'image/png' }, body: Buffer.from(text) }),
  }),
  route('GET /unchanged', read, {
    auth: 'none',
    summary: '',
    headers: { if_none_match: 'if-none-match' },
    respond: ({ etag }) => answerWith({ status: 304, headers: { etag } }),
  }),
  route('POST /page', write, { auth: 'own', summary: '', headers: { key: 'x-key' }, admit }),
  eventStream('GET /films/:film/events', watch, { auth: 'none', summary: '' }),
];

const asked: { name: string; input: Record<string, unknown> }[] = [];
let tell: (input: Record<string, unknown>) => unknown;
const carrier = {
  request({ name, body }: Message) {
    const input = JSON.parse(body) as Record<string, unknown>;
    asked.push({ name, input });
    try {
      return Promise.resolve(JSON.stringify({ ok: tell(input) }));
    } catch (thrown) {
      return Promise.resolve(JSON.stringify({ failure: AppError.from(thrown).toFailure() }));
    }
  },
} as unknown as Carrier;

@Module({
  controllers: [
    controllerFor({ name: 'pages', prefix: '/api', routes: routes.map((one) => ({ ...one, auth: 'none' })) }),
  ],
  providers: [
    RouteRunner,
    EventStreams,
    FileCarrier,
    { provide: Broker, useValue: new Broker(carrier) },
    { provide: RateLimits, useValue: { countGuess: () => Promise.resolve(), countItems: () => Promise.resolve() } },
    { provide: Tokens, useValue: {} },
    Sessions,
  ],
})
class PagesModule {}

let app: NestFastifyApplication;
let url: string;
beforeAll(async () => {
  app = await NestFactory.create<NestFastifyApplication>(PagesModule, new FastifyAdapter(), { logger: false });
  app.useGlobalFilters({
    catch: (thrown: unknown, host: { getArgs(): [unknown, { code(n: number): { send(body: unknown): void } }] }) => {
      const { status, body } = answerTo(thrown);
      host.getArgs()[1].code(status).send(body);
    },
  } as never);
  await app.listen(0, '127.0.0.1');
  url = `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}/api`;
});
afterAll(() => app.close());
beforeEach(() => {
  asked.length = 0;
  tell = () => ({ text: 'hello', etag: '"1"' });
});

test('a field of the input is read from a header, and the answer has headers of its own', async () => {
  const answer = await fetch(`${url}/page`, { headers: { 'if-none-match': '"0"' } });
  expect(asked).toEqual([{ name: 'media.read', input: { if_none_match: '"0"' } }]);
  expect([answer.status, answer.headers.get('etag'), await answer.json()]).toEqual([200, '"1"', { text: 'hello' }]);
});

test('an answer can be bytes, and it can be nothing but a status', async () => {
  const picture = await fetch(`${url}/picture`);
  expect([picture.headers.get('content-type'), await picture.text()]).toEqual(['image/png', 'hello']);
  const unchanged = await fetch(`${url}/unchanged`);
  expect([unchanged.status, unchanged.headers.get('etag'), await unchanged.text()]).toEqual([304, '"1"', '']);
});

test('whoever is not let in learns nothing of what is wrong with his request', async () => {
  const post = (key: string) =>
    fetch(`${url}/page`, { method: 'POST', body: '{}', headers: { 'content-type': 'application/json', 'x-key': key } });
  tell = ({ key }) => {
    if (key !== 'good') throw new AppError('unauthorized', 'Invalid network key');
    return {};
  };
  const refused = await post('bad');
  expect([refused.status, await refused.json()]).toMatchObject([401, { detail: 'Invalid network key' }]);
  expect((await post('good')).status).toBe(422);
  expect(asked.map(({ name }) => name)).toEqual(['media.admit', 'media.admit']);
});

test.each([
  ['gone', 410],
  ['precondition_failed', 412],
  ['too_large', 413],
  ['unprocessable', 422],
  ['forbidden', 403],
])('a failure that is %s is a %i', async (reason, status) => {
  tell = () => {
    throw new AppError('conflict', 'No.', { reason });
  };
  expect((await fetch(`${url}/page`)).status).toBe(status);
});

test('a refusal for asking too often says when to come back', () => {
  const failure = new AppError('unavailable', 'No.', { reason: 'too_many_requests', retry_after_s: 6.2 });
  expect(answerTo(failure)).toMatchObject({ status: 429, headers: { 'retry-after': '7' } });
});

describe('a stream of events', () => {
  const film = (events: string[], done = false) => ({
    events: events.map((id) => ({ id, event: 'cut', data: { at: id } })),
    after: events.at(-1) ?? null,
    done,
  });

  test('tells one batch after the other, each asked for by the last event before it, until nothing will follow', async () => {
    const batches = [film(['1', '2']), film([]), film(['3'], true)];
    tell = () => batches.shift();
    const answer = await fetch(`${url}/films/f1/events`);
    expect(answer.headers.get('content-type')).toContain('text/event-stream');
    expect(await answer.text()).toBe(
      [
        'retry: 2000',
        'id: 1\nevent: cut\ndata: {"at":"1"}',
        'id: 2\nevent: cut\ndata: {"at":"2"}',
        ':',
        'id: 3\nevent: cut\ndata: {"at":"3"}',
        '',
      ].join('\n\n'),
    );
    expect(asked.map(({ input }) => input)).toEqual([
      { film: 'f1', after: null },
      { film: 'f1', after: '2' },
      { film: 'f1', after: '2' },
    ]);
  });

  test('goes on where its reader was, told by the header or by the query', async () => {
    tell = () => film([], true);
    await (await fetch(`${url}/films/f1/events`, { headers: { 'last-event-id': '7' } })).text();
    await (await fetch(`${url}/films/f1/events?after=8`)).text();
    expect(asked.map(({ input }) => input.after)).toEqual(['7', '8']);
  });

  test('that may not be read is refused as anything else is', async () => {
    tell = () => {
      throw new AppError('not_found', 'There is no film f1.');
    };
    expect((await fetch(`${url}/films/f1/events`)).status).toBe(404);
  });

  test('whose right ends says so as its last event', async () => {
    tell = ({ after }) => {
      if (after !== null) throw new AppError('unauthorized', 'No more.');
      return film(['1']);
    };
    const text = await (await fetch(`${url}/films/f1/events`)).text();
    expect(text).toContain('event: failure\ndata: {"detail":"No more.","code":"unauthorized"}');
  });

  test('ends when the gateway closes', async () => {
    const never = new Promise<never>(() => undefined);
    const streams = new EventStreams();
    const answer = await streams.open(null, (after) => (after === null ? Promise.resolve(film(['1'])) : never));
    const text = answer.text();
    streams.beforeApplicationShutdown();
    expect(await text).toBe('retry: 2000\n\n');
  });
});
