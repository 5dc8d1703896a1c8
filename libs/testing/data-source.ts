import { DataSource } from 'typeorm';
import type { ServiceName } from '#libs/contracts/contract';
import { connectionOptions } from '#libs/database/connection-options';

/** A connection to a service's schema with the service's own rights, for looking at rows or writing them. */
export async function openDataSource(service: ServiceName, url: string): Promise<DataSource> {
  const source = new DataSource(connectionOptions(service, { DATABASE_URL: url, DATABASE_POOL_SIZE: 4 }, []));
  return source.initialize();
}
