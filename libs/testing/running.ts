import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Running, ServiceDefinition } from '#libs/bootstrap/service-definition';
import { startService } from '#libs/bootstrap/start-service';
import type { Environment } from '#libs/config/read-config';
import { Broker } from '#libs/messaging/broker';
import { holdEvents, InProcessCarrier, letEventsGo } from '#libs/messaging/in-process';
import { testDatabase } from './database.js';

export interface RunningServices {
  /** Asks the services as the gateway would. */
  readonly broker: Broker;
  readonly environment: Environment;
  readonly databaseUrl: string;
  close(): Promise<void>;
}

/** Boots services in this process on a bus and a database of their own; `close` leaves nothing behind. */
export async function runServices(
  definitions: ServiceDefinition[],
  overrides: Environment = {},
): Promise<RunningServices> {
  const database = await testDatabase();
  const bus = `in-process:${randomUUID()}`;
  const folder = mkdtempSync(join(tmpdir(), 'services-'));
  const environment = {
    APP_MODE: 'local',
    LOG_LEVEL: 'error',
    LOG_FORMAT: 'json',
    DATABASE_URL: database.url,
    DATABASE_POOL_SIZE: '10',
    RABBITMQ_URL: bus,
    DATA_DIR: folder,
    SECRET_KEY: 'a key for tests only',
    ...overrides,
  };
  const running: Running[] = [];
  holdEvents(bus);
  for (const definition of definitions) running.push(await startService(definition, environment));
  letEventsGo(bus);
  return {
    broker: new Broker(new InProcessCarrier(bus)),
    environment,
    databaseUrl: database.url,
    close: async () => {
      holdEvents(bus);
      for (const service of running.reverse()) await service.close();
      letEventsGo(bus);
      await database.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
