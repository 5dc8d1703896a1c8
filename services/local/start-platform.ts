import type { Running } from '#libs/bootstrap/service-definition';
import { startService } from '#libs/bootstrap/start-service';
import { ConfigError, readConfig, type Environment } from '#libs/config/read-config';
import { startEmbeddedPostgres } from '#libs/database/embedded-postgres';
import { migrate } from '#libs/database/migrate';
import { holdEvents, letEventsGo } from '#libs/messaging/in-process';
import { registerFileDoor } from '#libs/storage/file-door';
import { FilesystemStore } from '#libs/storage/filesystem-store';
import { openStore, StorageConfig } from '#libs/storage/storage-config';
import { startGateway } from '../gateway/start-gateway.js';
import { intel } from '../intel/service.js';
import { media } from '../media/service.js';
import { mesh } from '../mesh/service.js';
import { projects } from '../projects/service.js';
import { tasks, tasksWorker } from '../tasks/service.js';
import { localConfig } from './config.js';
import { openDataDirectory } from './data-directory.js';

export interface Platform {
  readonly url: string;
  readonly dataDirectory: string;
  readonly databaseUrl: string;
  close(): Promise<void>;
}

/**
 * The whole platform in one process: PostgreSQL and an object store in one folder, the broker and the work queue in
 * memory. Whatever has a URL in the environment is used instead of the embedded part.
 */
export async function startPlatform(given: Environment): Promise<Platform> {
  const config = readConfig(localConfig, given);
  if (config.APP_MODE !== 'local')
    throw new ConfigError([
      'APP_MODE: this entry is the local mode; in cloud mode start each service by its own entry',
    ]);
  const data = openDataDirectory(config.DATA_DIR);
  const started: (() => Promise<void> | void)[] = [() => data.release()];
  const close = async () => {
    for (const stop of started.splice(0).reverse()) await stop();
  };
  try {
    const databaseUrl = config.DATABASE_URL ?? (await embeddedDatabase(data.path, started));
    await migrate(databaseUrl);
    const environment = {
      ...given,
      DATA_DIR: data.path,
      DATABASE_URL: databaseUrl,
      SECRET_KEY: config.SECRET_KEY ?? data.secretKey,
      PUBLIC_URL: config.PUBLIC_URL ?? `http://localhost:${config.PORT}`,
      OPS_PORT: undefined,
    };
    holdEvents(config.RABBITMQ_URL);
    const services = await Promise.all(
      [projects, media, tasks, tasksWorker, mesh, intel].map((definition) => startService(definition, environment)),
    );
    started.push(() => closeAll(services, config.RABBITMQ_URL));
    const gateway = await startGateway(environment, async (fastify) => {
      const store = openStore({ ...readConfig(StorageConfig, environment), ...environment });
      if (store instanceof FilesystemStore) await registerFileDoor(fastify, store, { prefix: '/files' });
    });
    started.push(() => gateway.close());
    for (const service of services) gateway.health.include(service.name, service.health);
    letEventsGo(config.RABBITMQ_URL);
    return { url: gateway.url, dataDirectory: data.path, databaseUrl, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function embeddedDatabase(directory: string, started: (() => Promise<void> | void)[]): Promise<string> {
  const postgres = await startEmbeddedPostgres({ directory });
  started.push(() => postgres.stop());
  return postgres.url;
}

/** Events wait until everybody who hears is up, and from the moment that somebody stops: their outbox rows keep them. */
async function closeAll(services: Running[], bus: string): Promise<void> {
  holdEvents(bus);
  await Promise.all(services.map((service) => service.close()));
  letEventsGo(bus);
}
