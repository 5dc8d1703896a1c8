import { setTimeout as sleep } from 'node:timers/promises';
import {
  Inject,
  Module,
  type BeforeApplicationShutdown,
  type DynamicModule,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { getDataSourceToken, getRepositoryToken, TypeOrmModule } from '@nestjs/typeorm';
import { DataSource, type EntityTarget, type ObjectLiteral } from 'typeorm';
import { CARRIER, CONFIG, HEALTH, LOG, SERVICE } from '#libs/bootstrap/tokens';
import type { ServiceName } from '#libs/contracts/contract';
import type { Carrier } from '#libs/messaging/message';
import type { Health } from '#libs/observability/health';
import type { Log } from '#libs/observability/logger';
import { metrics } from '#libs/observability/metrics';
import { OutboxRelay } from '#libs/outbox/outbox-relay';
import { connectionOptions } from './connection-options.js';
import { pendingMigrations } from './migrate.js';

/** Connections are numbered so that several can live in one process; within a service nobody needs the name. */
let connections = 0;

/** Gives a service its own schema: a repository for each entity, the outbox relay, and the readiness check. */
@Module({})
export class DatabaseModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly relay: OutboxRelay;

  constructor(
    @Inject(SERVICE) private readonly service: ServiceName,
    private readonly database: DataSource,
    @Inject(HEALTH) private readonly health: Health,
    @Inject(CARRIER) carrier: Carrier,
    @Inject(LOG) log: Log,
  ) {
    this.relay = new OutboxRelay(service, database, carrier, log);
  }

  static for(service: ServiceName, entities: EntityTarget<ObjectLiteral>[]): DynamicModule {
    const name = `${service}-${++connections}`;
    let say = (_line: string): void => {};
    const root = TypeOrmModule.forRootAsync({
      name,
      inject: [CONFIG, LOG],
      // Nothing that needs the database is made before its schema is there, so that no order of starting matters.
      dataSourceFactory: async (options) => untilMigrated(await new DataSource(options!).initialize(), service, say),
      useFactory: (config: { DATABASE_URL: string; DATABASE_POOL_SIZE: number }, log: Log) => {
        say = (line) => log.warn(line);
        return { ...connectionOptions(service, config, entities), name, retryAttempts: 120, retryDelay: 500 };
      },
    });
    const unnamed = [
      { provide: DataSource, useExisting: getDataSourceToken(name) },
      ...entities.map((entity) => ({
        provide: getRepositoryToken(entity as never),
        useExisting: getRepositoryToken(entity as never, name),
      })),
    ];
    const repositories = TypeOrmModule.forFeature(entities as never[], name);
    return { module: DatabaseModule, imports: [root, repositories], providers: unnamed, exports: unnamed };
  }

  onApplicationBootstrap(): void {
    this.health.add({ name: 'database', check: () => this.trouble() });
    this.relay.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.relay.stop();
  }

  private async trouble(): Promise<string | undefined> {
    const pool = (
      this.database.driver as unknown as { master: { totalCount: number; idleCount: number; waitingCount: number } }
    ).master;
    metrics.databasePool.set({ service: this.service, state: 'open' }, pool.totalCount);
    metrics.databasePool.set({ service: this.service, state: 'idle' }, pool.idleCount);
    metrics.databasePool.set({ service: this.service, state: 'waiting' }, pool.waitingCount);
    const pending = await pendingMigrations((sql) => this.database.query(sql), this.service);
    return pending.length === 0 ? undefined : `migrations missing: ${pending.join(', ')}`;
  }
}

/** Gives the connection once every migration of the service has run; says every ten seconds what it still waits for. */
async function untilMigrated(
  database: DataSource,
  service: ServiceName,
  say: (line: string) => void,
): Promise<DataSource> {
  for (let tries = 0; ; tries++) {
    const pending = await pendingMigrations((sql) => database.query(sql), service).catch(() => ['all of them']);
    if (pending.length === 0) return database;
    if (tries % 20 === 0) say(`${service} waits for migrations (npm run migrate): ${pending.join(', ')}`);
    await sleep(500);
  }
}
