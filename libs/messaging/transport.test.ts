import 'reflect-metadata';
import { Controller, Module } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Running } from '#libs/bootstrap/service-definition';
import { startService } from '#libs/bootstrap/start-service';
import { CommonConfig } from '#libs/config/common-config';
import type { Caller } from '#libs/contracts/caller';
import { event, operation } from '#libs/contracts/contract';
import { AppError } from '#libs/errors/app-error';
import { createLog } from '#libs/observability/logger';
import { requestContext } from '#libs/observability/request-context';
import { BROKER_WAIT_MS, testBroker, type TestBroker } from '#libs/testing/broker';
import { Broker } from './broker.js';
import { Handles, Hears } from './handles.js';
import { InProcessCarrier } from './in-process.js';
import type { Carrier } from './message.js';
import { RabbitCarrier } from './rabbit.js';

const echo = operation(
  'media.echo',
  z.object({ text: z.string(), secret: z.string().optional() }),
  z.object({ text: z.string(), by: z.string().nullable(), request_id: z.string() }),
);
const fail = operation('media.fail', z.object({ how: z.string() }), z.object({}));
const slow = operation('media.slow', z.object({ ms: z.number() }), z.object({ slept: z.number() }), {
  timeoutMs: 3000,
});
const tooSlow = operation('media.tooSlow', z.object({}), z.object({}), { timeoutMs: 150 });
const nobody = operation('mesh.nobodyAnswersThis', z.object({}), z.object({}));
const happened = event('media.happened', z.object({ n: z.number() }));
const broke = event('media.broke', z.object({ n: z.number() }));
const waited = event('media.waited', z.object({}));

const heard: { n: number; message_id: string }[] = [];
let failures = 0;
let troubles: ('away' | 'error')[] = [];
let waitedFor = 0;
let slowIsAsked = (): void => {};

@Controller()
class MediaController {
  @Handles(echo)
  echo({ text }: { text: string }, caller: Caller) {
    const request_id = requestContext.current()?.request_id ?? '';
    return { text, by: caller.user_id, request_id, password: 'never leaves' };
  }
  @Handles(fail)
  fail({ how }: { how: string }): Record<string, never> {
    if (how === 'conflict') throw new AppError('conflict', 'The branch moved.', { head: 'abc' });
    throw new Error('db password is hunter2');
  }
  @Handles(slow)
  async slow({ ms }: { ms: number }) {
    slowIsAsked();
    await new Promise((resolve) => setTimeout(resolve, ms));
    return { slept: ms };
  }
  @Handles(tooSlow)
  async tooSlow() {
    await new Promise((resolve) => setTimeout(resolve, 600));
    return {};
  }
  @Hears(happened)
  async happened({ n }: { n: number }, { message_id }: { message_id: string }) {
    if (n === 2 && failures++ < 2) throw new Error('not yet');
    heard.push({ n, message_id });
  }
  @Hears(waited)
  async waited(): Promise<void> {
    const trouble = troubles.shift();
    if (trouble === 'away') throw new AppError('unavailable', 'The database is away.');
    if (trouble === 'error') throw new Error('not yet');
    waitedFor++;
  }
  @Hears(broke)
  async broke(): Promise<void> {
    throw new AppError('invalid', 'This event can never be handled.');
  }
}

@Module({ controllers: [MediaController] })
class MediaModule {}

const log = createLog({ service: 'test', level: 'silent', format: 'json' });
let shared: TestBroker;
beforeAll(async () => {
  shared = await testBroker();
}, BROKER_WAIT_MS);
afterAll(() => shared?.close());
const rabbit = () => shared.url;

/** One suite for both transports: whoever uses the broker cannot tell them apart. */
describe.each<[string, () => string, (url: string) => Carrier]>([
  ['in process', () => `in-process:${randomUUID()}`, (url) => new InProcessCarrier(url)],
  ['over RabbitMQ', rabbit, (url) => new RabbitCarrier(url, log)],
])('%s', (_name, urlOf, carrierOf) => {
  let service: Running;
  let carrier: Carrier;
  let broker: Broker;
  const start = () =>
    startService(
      { name: 'media', config: CommonConfig, load: async () => MediaModule },
      { RABBITMQ_URL: urlOf_, LOG_LEVEL: 'silent', LOG_FORMAT: 'json' },
    );
  let urlOf_: string;

  beforeAll(async () => {
    urlOf_ = urlOf();
    heard.length = 0;
    failures = 0;
    service = await start();
    carrier = carrierOf(urlOf_);
    await carrier.connect();
    broker = new Broker(carrier);
  });
  afterAll(async () => {
    await service.close();
    await carrier.close();
  });

  test('an operation gets its input, its caller and its request, and gives only what the contract names', async () => {
    const caller: Caller = { user_id: 'ada', role: 'user', session_id: 's' };
    const answer = await requestContext.run({ request_id: 'r-1' }, () =>
      broker.call(echo, { text: 'ünï \u{1F3AC}' }, caller),
    );
    expect(answer).toEqual({ text: 'ünï \u{1F3AC}', by: 'ada', request_id: 'r-1' });
  });

  test('a wrong input is refused before the handler, with what is wrong', async () => {
    await expect(broker.call(echo, { text: 7 as never })).rejects.toMatchObject({
      code: 'invalid',
      details: { issues: [{ path: ['text'] }] },
    });
  });

  test('a failure arrives whole, an unforeseen one without its words', async () => {
    await expect(broker.call(fail, { how: 'conflict' })).rejects.toMatchObject({
      code: 'conflict',
      message: 'The branch moved.',
      details: { head: 'abc' },
    });
    const error = await broker.call(fail, { how: 'unforeseen' }).catch((thrown: unknown) => thrown as AppError);
    expect(error).toMatchObject({ code: 'internal' });
    expect(JSON.stringify(error)).not.toContain('hunter2');
  });

  test('nobody there is unavailable at once, by name; no answer in time likewise', async () => {
    await expect(broker.call(nobody, {})).rejects.toMatchObject({
      code: 'unavailable',
      message: 'Nobody answers mesh.nobodyAnswersThis right now.',
    });
    await expect(broker.call(tooSlow, {})).rejects.toMatchObject({
      code: 'unavailable',
      message: 'No answer to media.tooSlow in 150 ms.',
    });
  });

  test('many calls at once each get their own answer', async () => {
    const answers = await Promise.all(Array.from({ length: 200 }, (_, n) => broker.call(echo, { text: String(n) })));
    expect(answers.map(({ text }) => text)).toEqual(Array.from({ length: 200 }, (_, n) => String(n)));
  });

  test('an event that fails comes again, under the same id, until it is handled', async () => {
    const told = Promise.all([1, 2, 3].map((n) => broker.tell(happened, { n })));
    await until(() => heard.length === 3);
    await told;
    expect(heard.map(({ n }) => n).sort()).toEqual([1, 2, 3]);
    expect(failures).toBe(3);
  });

  test('waiting for a component that is away uses up no attempt of an event', async () => {
    troubles = ['away', 'away', 'away', 'away', 'away', 'error'];
    waitedFor = 0;
    const told = broker.tell(waited, {});
    await until(() => waitedFor === 1);
    await told;
    expect(troubles).toEqual([]);
  });

  test('what is under way when a service stops is finished and answered', async () => {
    const asked = new Promise<void>((resolve) => (slowIsAsked = resolve));
    const answer = broker.call(slow, { ms: 400 });
    await asked;
    await service.close();
    expect(await answer).toEqual({ slept: 400 });
    await expect(broker.call(echo, { text: 'x' })).rejects.toMatchObject({ code: 'unavailable' });
    service = await start();
    await expect(broker.call(echo, { text: 'back' })).resolves.toMatchObject({ text: 'back' });
  });
});

test('over RabbitMQ, an event that can never be handled ends among the dead letters, with the reason', async () => {
  const amqp = (await import('amqplib')).default;
  const connection = await amqp.connect(rabbit());
  const channel = await connection.createChannel();
  const service = await startService(
    { name: 'media', config: CommonConfig, load: async () => MediaModule },
    { RABBITMQ_URL: rabbit(), LOG_LEVEL: 'silent', LOG_FORMAT: 'json' },
  );
  await channel.purgeQueue('media.dead');
  const carrier = new RabbitCarrier(rabbit(), log);
  await carrier.connect();
  await new Broker(carrier).tell(broke, { n: 7 });
  let dead: Awaited<ReturnType<typeof channel.get>> = false;
  await until(async () => (dead = await channel.get('media.dead', { noAck: true })) !== false);
  const letter = dead as unknown as { content: Buffer; properties: { headers: Record<string, unknown> } };
  expect(JSON.parse(letter.content.toString())).toEqual({ n: 7 });
  expect(letter.properties.headers).toMatchObject({
    'x-event': 'media.broke',
    'x-error': 'This event can never be handled.',
  });
  await service.close();
  await carrier.close();
  await connection.close();
});

async function until(condition: () => boolean | Promise<boolean>, ms = 60_000): Promise<void> {
  for (const end = Date.now() + ms; !(await condition());) {
    if (Date.now() > end) throw new Error('It did not come to pass in time.');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
