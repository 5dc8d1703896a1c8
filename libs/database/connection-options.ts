import pg from 'pg';
import type { DataSourceOptions, EntityTarget, ObjectLiteral } from 'typeorm';
import type { ServiceName } from '#libs/contracts/contract';
import { parseExact } from '#libs/timeline/exact-json';
import { PostgresNaming } from './naming.js';

/** JSON columns come back with their numbers exact. The parsers are the process's own: every pool of it shares them. */
pg.types.setTypeParser(pg.types.builtins.JSON, parseExact);
pg.types.setTypeParser(pg.types.builtins.JSONB, parseExact);
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

/** The PostgreSQL role that a service works as: it may touch its own schema and no other. */
export const roleOf = (service: ServiceName): string => `evidverse_${service}`;

/** How a service connects: its own schema first and alone, as its own role, with limits on every statement. */
export function connectionOptions(
  service: ServiceName,
  { DATABASE_URL, DATABASE_POOL_SIZE }: { DATABASE_URL: string; DATABASE_POOL_SIZE: number },
  entities: EntityTarget<ObjectLiteral>[],
): DataSourceOptions {
  return {
    type: 'postgres',
    url: DATABASE_URL,
    schema: service,
    entities: entities as never[],
    namingStrategy: new PostgresNaming(),
    synchronize: false,
    migrationsRun: false,
    installExtensions: false,
    logging: false,
    extra: {
      max: DATABASE_POOL_SIZE,
      application_name: `evidverse-${service}`,
      // Today's disks jump as fast as they read on; with the default PostgreSQL would rather read whole tables.
      options: `-c role=${roleOf(service)} -c search_path=${service} -c timezone=UTC -c random_page_cost=1.1`,
      connectionTimeoutMillis: 5000,
      idleTimeoutMillis: 30_000,
      statement_timeout: 30_000,
      idle_in_transaction_session_timeout: 30_000,
      keepAlive: true,
    },
  };
}
