import 'reflect-metadata';
import { Controller, Module, type Type } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Running } from '#libs/bootstrap/service-definition';
import { startService } from '#libs/bootstrap/start-service';
import { CommonConfig } from '#libs/config/common-config';
import { event, type ServiceName } from '#libs/contracts/contract';
import { AppError } from '#libs/errors/app-error';
import { Broker } from './broker.js';
import { Hears } from './handles.js';
import { holdEvents, InProcessCarrier, letEventsGo } from './in-process.js';

/** What holds in one process so that an outbox may forget an event once it was told. */
const happened = event('mesh.happened', z.object({}));
let heard: string[] = [];

@Controller()
class Refusing {
  @Hears(happened)
  async hear(): Promise<void> {
    throw new AppError('invalid', 'This can never be handled.');
  }
}
@Module({ controllers: [Refusing] })
class RefusingModule {}

@Controller()
class Slow {
  @Hears(happened)
  async hear(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 100));
    heard.push('slow');
  }
}
@Module({ controllers: [Slow] })
class SlowModule {}

const url = `in-process:${randomUUID()}`;
const broker = new Broker(new InProcessCarrier(url));
const running: Running[] = [];
const start = async (name: ServiceName, module: Type) => {
  const environment = { RABBITMQ_URL: url, LOG_LEVEL: 'silent', LOG_FORMAT: 'json' };
  running.push(await startService({ name, config: CommonConfig, load: async () => module }, environment));
};
afterEach(async () => {
  heard = [];
  for (const service of running.splice(0)) await service.close();
});

test('one listener that gives an event up does not keep it from another', async () => {
  await start('media', RefusingModule);
  await start('intel', SlowModule);
  await expect(broker.tell(happened, {})).rejects.toMatchObject({ code: 'invalid' });
  expect(heard).toEqual(['slow']);
});

test('while services come and go no event passes those who are not there yet', async () => {
  holdEvents(url);
  await expect(broker.tell(happened, {})).rejects.toMatchObject({ code: 'unavailable' });
  await start('intel', SlowModule);
  letEventsGo(url);
  await broker.tell(happened, {});
  expect(heard).toEqual(['slow']);
});
