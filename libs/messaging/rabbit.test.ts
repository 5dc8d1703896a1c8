import 'reflect-metadata';
import { Controller, Module } from '@nestjs/common';
import amqp, { type ChannelModel } from 'amqplib';
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Running } from '#libs/bootstrap/service-definition';
import { startService } from '#libs/bootstrap/start-service';
import { CommonConfig } from '#libs/config/common-config';
import { ANONYMOUS } from '#libs/contracts/caller';
import { operation } from '#libs/contracts/contract';
import { createLog } from '#libs/observability/logger';
import { BROKER_WAIT_MS, testBroker, type TestBroker } from '#libs/testing/broker';
import { eventually } from '#libs/testing/child-process';
import { Broker } from './broker.js';
import { Handles } from './handles.js';
import { RabbitCarrier } from './rabbit.js';

/** What only a real broker can do to us. */
const echo = operation('intel.echo', z.object({ text: z.string() }), z.object({ text: z.string() }));
const grow = operation('intel.grow', z.object({ bytes: z.number() }), z.object({ text: z.string() }));
const slow = operation('intel.slow', z.object({}), z.object({}));

/** What `slow` waits for, until it is let go. */
let held = Promise.resolve();
function hold(): () => void {
  const { promise, resolve } = Promise.withResolvers<void>();
  held = promise;
  return resolve;
}

@Controller()
class IntelController {
  @Handles(echo)
  echo({ text }: { text: string }) {
    return { text };
  }
  @Handles(grow)
  grow({ bytes }: { bytes: number }) {
    return { text: noise(bytes) };
  }
  @Handles(slow)
  async slow() {
    await held;
    return {};
  }
}

@Module({ controllers: [IntelController] })
class IntelModule {}

const MIB = 2 ** 20;
/** Text that cannot be packed. */
const noise = (bytes: number): string => randomBytes(bytes / 2).toString('base64');

const log = createLog({ service: 'test', level: 'silent', format: 'json' });

let rabbit: TestBroker;
let service: Running;
let carrier: RabbitCarrier;
let broker: Broker;
let direct: ChannelModel;
beforeAll(async () => {
  rabbit = await testBroker();
  service = await startService(
    { name: 'intel', config: CommonConfig, load: async () => IntelModule },
    { RABBITMQ_URL: rabbit.url, LOG_LEVEL: 'silent', LOG_FORMAT: 'json' },
  );
  carrier = new RabbitCarrier(rabbit.url, log);
  await carrier.connect();
  broker = new Broker(carrier);
  direct = await amqp.connect(rabbit.url);
}, BROKER_WAIT_MS);
afterAll(async () => {
  await service.close();
  await carrier.close();
  await direct.close();
  await rabbit.close();
});

const answers = () => eventually(async () => (await broker.call(echo, { text: 'x' })).text === 'x');

test('a service whose queue is taken away makes it anew and answers', async () => {
  const channel = await direct.createChannel();
  await channel.deleteQueue('intel');
  await channel.close();
  await answers();
});

test('a channel that the broker closes is built anew, and what was under way is told at once', async () => {
  const letGo = hold();
  const underway = broker.call(slow, {});
  const headers = { message_id: 'm', request_id: 'r', caller: ANONYMOUS };
  // A time to live that is no whole number makes the broker close the channel.
  const broken = carrier.request({ name: 'intel.echo', body: '{}', headers }, 20_000.5);
  await expect(broken).rejects.toMatchObject({ code: 'unavailable' });
  await expect(underway).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('Look whether it was done'),
  });
  letGo();
  await answers();
});

test('large messages arrive whole, both ways', async () => {
  const text = noise(4 * MIB) + 'ünï '.repeat(MIB);
  expect((await broker.call(echo, { text })).text === text).toBe(true);
});

test('what is too large for the broker is refused alone, with its size; nobody else notices', async () => {
  const letGo = hold();
  const underway = broker.call(slow, {});
  await expect(broker.call(echo, { text: noise(64 * MIB) })).rejects.toMatchObject({
    code: 'invalid',
    message: expect.stringMatching(/^What intel\.echo carries is too large: \d+\.\d MiB packed/),
  });
  await expect(broker.call(grow, { bytes: 64 * MIB })).rejects.toMatchObject({
    code: 'invalid',
    message: expect.stringContaining('What intel.grow carries is too large'),
  });
  letGo();
  expect(await underway).toEqual({});
  await answers();
});

test('closing in the middle of connecting leaves no connection behind', async () => {
  const nowhere = new RabbitCarrier('amqp://127.0.0.1:1', log);
  const connecting = nowhere.connect();
  await nowhere.close();
  await connecting;
  expect(nowhere.trouble()).toBe('RabbitMQ cannot be reached');
});
