import 'reflect-metadata';
import { DataSource } from 'typeorm';
import { ANONYMOUS } from '#libs/contracts/caller';
import { connectionOptions } from '#libs/database/connection-options';
import { testDatabase } from '#libs/testing/database';
import { feedQuery } from '../services/projects/projects/feed.query.js';

/** What a page of Discover costs, by size of page and of the platform: statements, and time beside `select 1`. */
const database = await testDatabase();
const source = new DataSource(connectionOptions('projects', { DATABASE_URL: database.url, DATABASE_POOL_SIZE: 4 }, []));
await source.initialize();

async function fill(projects: number): Promise<void> {
  await source.query(
    `insert into users (email, full_name, password_hash) select 'u' || n || '@example.org', 'User ' || n, '' from generate_series(1, 200) n on conflict do nothing`,
  );
  await source.query(
    `insert into projects (owner_id, name, tags, is_public, likes_count, created_at)
     select (select id from users order by id offset n % 200 limit 1), 'Film ' || n, array['tag' || n % 20], true, n % 97, now() - make_interval(secs => n)
     from generate_series(1, $1) n`,
    [projects],
  );
}

async function median(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < 60; round++) {
    const begun = performance.now();
    await work();
    times.push(performance.now() - begun);
  }
  return times.sort((a, b) => a - b)[30]!;
}

let statements = 0;
const query = source.manager.query.bind(source.manager);
source.manager.query = (async (...args: Parameters<typeof query>) => {
  statements++;
  return query(...args);
}) as typeof source.manager.query;

console.log('\nprojects   page  order  statements   median ms   × select 1');
let total = 0;
for (const size of [1000, 20_000]) {
  await fill(size - total);
  total = size;
  await source.query('analyze projects').catch(() => {});
  const peer = await median(() => source.query('select 1'));
  for (const limit of [1, 40])
    for (const sort of ['new', 'hot']) {
      statements = 0;
      await feedQuery(source.manager, ANONYMOUS, { skip: 0, limit, sort });
      const each = statements;
      const ms = await median(() => feedQuery(source.manager, ANONYMOUS, { skip: 0, limit, sort }));
      console.log(
        `${String(size).padStart(8)} ${String(limit).padStart(6)}  ${sort.padEnd(5)} ${String(each).padStart(11)} ${ms.toFixed(2).padStart(11)} ${(ms / peer).toFixed(1).padStart(12)}`,
      );
    }
}
await source.destroy();
await database.drop();
