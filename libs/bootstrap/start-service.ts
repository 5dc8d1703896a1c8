import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { CommonConfig } from '#libs/config/common-config';
import { readConfig, type Config, type Environment } from '#libs/config/read-config';
import { InProcessServer } from '#libs/messaging/in-process';
import { RabbitServer } from '#libs/messaging/rabbit';
import { nestLogger } from '#libs/observability/logger';
import { layFoundation } from './foundation.js';
import type { Running, ServiceDefinition } from './service-definition.js';

/** Starts one service: settings, foundation, Nest, and its queue. Resolves when it answers. */
export async function startService(definition: ServiceDefinition, environment: Environment): Promise<Running> {
  const config = readConfig(definition.config, environment) as Config<typeof CommonConfig>;
  const name = definition.process ?? definition.name;
  const foundation = await layFoundation(definition.name, config, await definition.load());
  const { log } = foundation;
  const strategy = config.RABBITMQ_URL.startsWith('in-process')
    ? new InProcessServer(config.RABBITMQ_URL, definition.name, log)
    : new RabbitServer(config.RABBITMQ_URL, definition.name, log);
  const app = await NestFactory.createMicroservice(foundation.root, {
    strategy,
    logger: nestLogger(log),
    abortOnError: false,
  });
  if (strategy instanceof RabbitServer)
    foundation.health.add({
      name: 'queue',
      check: async () => (strategy.connected ? undefined : 'RabbitMQ cannot be reached'),
    });
  await app.listen();
  foundation.health.start();
  log.info(`${name} answers`);
  return {
    name,
    health: foundation.health,
    close: async () => {
      foundation.health.stop();
      await app.close();
      await foundation.close();
      log.info(`${name} stopped`);
    },
  };
}
