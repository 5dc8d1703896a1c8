import {
  Inject,
  Module,
  type BeforeApplicationShutdown,
  type DynamicModule,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { LazyModuleLoader } from '@nestjs/core';
import { CONFIG, HEALTH, LOG } from '#libs/bootstrap/tokens';
import type { CommonConfig } from '#libs/config/common-config';
import type { Config } from '#libs/config/read-config';
import type { Health } from '#libs/observability/health';
import type { Log } from '#libs/observability/logger';
import type { OpenBull } from './bull-queue.js';
import { InProcessQueue } from './in-process-queue.js';
import type { RedisConfig } from './redis-config.js';
import { WORK_QUEUE, type WorkQueue } from './work-queue.js';

type QueueConfig = Config<typeof CommonConfig> & Config<typeof RedisConfig>;

/** Gives a service its work queue: Bull on the Redis of REDIS_URL, or without one the memory of this process. */
@Module({})
export class QueueModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(
    @Inject(WORK_QUEUE) private readonly queue: WorkQueue,
    @Inject(HEALTH) private readonly health: Health,
  ) {}

  static for(name: string): DynamicModule {
    const queue = {
      provide: WORK_QUEUE,
      inject: [CONFIG, LOG, LazyModuleLoader],
      useFactory: (config: QueueConfig, log: Log, loader: LazyModuleLoader): Promise<WorkQueue> | WorkQueue =>
        config.REDIS_URL === undefined
          ? new InProcessQueue(`${config.RABBITMQ_URL} ${name}`, log)
          : bullQueue(
              name,
              { url: config.REDIS_URL, prefix: config.REDIS_PREFIX, durable: config.APP_MODE === 'cloud' },
              log,
              loader,
            ),
    };
    return { module: QueueModule, providers: [queue], exports: [queue] };
  }

  onApplicationBootstrap(): void {
    this.health.add({ name: 'work queue', check: () => this.queue.trouble() });
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.queue.close();
  }
}

/** Bull is loaded only where there is a Redis. */
async function bullQueue(
  name: string,
  { url, prefix, durable }: { url: string; prefix: string; durable: boolean },
  log: Log,
  loader: LazyModuleLoader,
): Promise<WorkQueue> {
  const { BullQueue } = await import('./bull-queue.js');
  if (durable) await (await import('./redis-durability.js')).requireDurableRedis(url, log);
  const { BullModule, getQueueToken } = await import('@nestjs/bull');
  const open: OpenBull = async (bullName, options) => {
    const module = await loader.load(() => BullModule.registerQueue({ name: bullName, ...options }));
    return module.get(getQueueToken(bullName), { strict: false });
  };
  return new BullQueue(name, { url, prefix }, log, open);
}
