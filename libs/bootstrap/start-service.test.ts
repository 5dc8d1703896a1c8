import 'reflect-metadata';
import { Controller, Module } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { CommonConfig } from '#libs/config/common-config';
import { operation } from '#libs/contracts/contract';
import { Broker } from '#libs/messaging/broker';
import { Handles } from '#libs/messaging/handles';
import { InProcessCarrier } from '#libs/messaging/in-process';
import { RabbitCarrier } from '#libs/messaging/rabbit';
import { createLog } from '#libs/observability/logger';
import { BROKER_WAIT_MS, testBroker, type TestBroker } from '#libs/testing/broker';
import { startService } from './start-service.js';

const ask = operation('mesh.whoAnswers', z.object({}), z.object({ by: z.string() }));

@Controller()
class MeshController {
  @Handles(ask)
  ask() {
    return { by: 'the service' };
  }
}
@Module({ controllers: [MeshController] })
class MeshModule {}
@Module({})
class MeshWorkerModule {}

const silent = { LOG_LEVEL: 'silent', LOG_FORMAT: 'json' };
const log = createLog({ service: 'test', level: 'silent', format: 'json' });
const service = { name: 'mesh', config: CommonConfig, load: async () => MeshModule } as const;
const worker = { ...service, process: 'mesh-worker', load: async () => MeshWorkerModule };

let shared: TestBroker;
beforeAll(async () => {
  shared = await testBroker();
}, BROKER_WAIT_MS);
afterAll(() => shared?.close());

test.each([
  ['in process', () => `in-process:${randomUUID()}`],
  ['over RabbitMQ', () => shared.url],
])('a process without handlers takes no message from the service it belongs to, %s', async (_transport, urlOf) => {
  const RABBITMQ_URL = urlOf();
  const carrier = RABBITMQ_URL.startsWith('in-process')
    ? new InProcessCarrier(RABBITMQ_URL)
    : new RabbitCarrier(RABBITMQ_URL, log);
  await carrier.connect();
  const broker = new Broker(carrier);
  const hands = await startService(worker, { ...silent, RABBITMQ_URL });
  expect(hands.name).toBe('mesh-worker');
  await expect(broker.call(ask, {})).rejects.toMatchObject({
    code: 'unavailable',
    message: 'Nobody answers mesh.whoAnswers right now.',
  });
  const running = await startService(service, { ...silent, RABBITMQ_URL });
  const answers = await Promise.all(Array.from({ length: 20 }, () => broker.call(ask, {})));
  expect(answers).toEqual(Array.from({ length: 20 }, () => ({ by: 'the service' })));
  await hands.close();
  expect(await broker.call(ask, {})).toEqual({ by: 'the service' });
  await running.close();
  await carrier.close();
});
