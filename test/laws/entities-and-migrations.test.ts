import 'reflect-metadata';
import { DataSource } from 'typeorm';
import { SERVICES, type ServiceName } from '#libs/contracts/contract';
import { connectionOptions } from '#libs/database/connection-options';
import { testDatabase, type TestDatabase } from '#libs/testing/database';
import { INTEL_ENTITIES } from '../../services/intel/intel.module.js';
import { MEDIA_ENTITIES } from '../../services/media/media.module.js';
import { MESH_ENTITIES } from '../../services/mesh/mesh.module.js';
import { PROJECTS_ENTITIES } from '../../services/projects/projects.module.js';
import { TASKS_ENTITIES } from '../../services/tasks/tasks.module.js';

const ENTITIES = {
  projects: PROJECTS_ENTITIES,
  media: MEDIA_ENTITIES,
  tasks: TASKS_ENTITIES,
  mesh: MESH_ENTITIES,
  intel: INTEL_ENTITIES,
} satisfies Record<ServiceName, unknown[]>;

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

async function connected<T>(service: ServiceName, work: (source: DataSource) => Promise<T>): Promise<T> {
  const source = new DataSource(
    connectionOptions(service, { DATABASE_URL: database.url, DATABASE_POOL_SIZE: 2 }, ENTITIES[service]),
  );
  await source.initialize();
  try {
    return await work(source);
  } finally {
    await source.destroy();
  }
}

/** Columns, types and defaults are TypeORM's business; foreign keys and indexes are written in SQL only. */
const isAboutColumns = (sql: string) => !/\b(index|constraint|foreign key)\b/i.test(sql) || /check|unique/i.test(sql);

test.each(SERVICES)('the entities of %s are what its migrations made', async (service) => {
  const missing = await connected(
    service,
    async (source) => (await source.driver.createSchemaBuilder().log()).upQueries,
  );
  expect(missing.map(({ query }) => query).filter(isAboutColumns)).toEqual([]);
});

test.each(SERVICES)('%s cannot read a neighbour, nor change its own tables', async (service) => {
  const neighbour = SERVICES.find((other) => other !== service)!;
  await connected(service, async (source) => {
    await expect(source.query('select 1 from outbox')).resolves.toEqual([]);
    await expect(source.query(`select 1 from ${neighbour}.outbox`)).rejects.toThrow(/permission denied/);
    await expect(source.query('alter table outbox add column more text')).rejects.toThrow(/must be owner/);
  });
});
