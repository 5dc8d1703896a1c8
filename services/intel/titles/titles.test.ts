import pg from 'pg';
import type { DataSource } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import { importWorks, saveWork } from '#libs/contracts/intel-works';
import { createLog } from '#libs/observability/logger';
import { eventually } from '#libs/testing/child-process';
import { openDataSource } from '#libs/testing/data-source';
import { runServices, type RunningServices } from '#libs/testing/running';
import { keeper, ownFolder, WORKS } from '#libs/testing/seeds/catalogue';
import type { IntelConfig } from '../config.js';
import { Rounds } from '../rounds.js';
import { intel } from '../service.js';
import { Titles } from './titles.js';

const LOG = createLog({ service: 'test', level: 'silent', format: 'json' });
let running: RunningServices;
let database: pg.Client;
let publisher: Caller;
let source: DataSource;
let rounds: Rounds;
let titles: Titles;
beforeAll(async () => {
  running = await runServices([intel], { ...ownFolder(), INTEL_SNAPSHOT_MINUTES: '0' });
  database = new pg.Client({ connectionString: running.databaseUrl });
  await database.connect();
  await database.query('set search_path = intel');
  publisher = await keeper(running.broker, 'publisher');
  await running.broker.call(importWorks, { source: 'test', works: WORKS }, publisher);
  source = await openDataSource('intel', running.databaseUrl);
  rounds = new Rounds(LOG);
  titles = new Titles(source, rounds, { DATABASE_URL: running.databaseUrl } as IntelConfig, LOG);
  titles.onApplicationBootstrap();
});
afterAll(async () => {
  await rounds.beforeApplicationShutdown();
  await source.destroy();
  await database.end();
  await running.close();
});

const isFound = async (name: string) => titles.read(name).match !== undefined;
/** A work as another replica tells of it, whose tables nobody can read at the moment. */
const tellOf = (key: string, name: string) =>
  database.query(
    `insert into changes (kind, key, body) select 'work', $1::text, json_build_object('release_key', $1::text, 'title', $2::text, 'year', 2001,
       'type', 'movie', 'season', null, 'root_key', null, 'popularity', 0, 'ids', json_build_object(), 'merged_keys', json_build_array(), 'parts',
       json_build_array(), 'aliases', json_build_array(json_build_object('name', $2::text, 'language', null, 'kind', 'main', 'weight', 1)))`,
    [key, name],
  );

test('what changes while the index is built anew is found meanwhile, and after', async () => {
  await eventually(() => isFound('Iron Man'));
  await database.query(
    `with made as (insert into works (release_key, title, type, source) values ('unsaid-2001-movie', 'Unsaid', 'movie', 'test') returning id)
     insert into aliases (work_id, name, name_key, key_version, kind, source) select id, 'Unsaid Quartet', 'unsaid quartet', 1, 'main', 'test' from made`,
  );
  const holder = new pg.Client({ connectionString: running.databaseUrl });
  holder.on('error', () => undefined);
  await holder.connect();
  await holder.query('begin; lock table intel.work_ids in access exclusive mode');
  await database.query(
    `insert into changes (kind, key, body) select c.kind, c.key, c.body from changes c, generate_series(1, 500) where c.kind = 'work'`,
  );
  await eventually(async () => {
    const { rows } = await database.query(
      `select from pg_locks where not granted and relation = 'intel.work_ids'::regclass`,
    );
    return rows.length === 2; // that of the service, and ours
  });
  await tellOf('meanwhile-2001-movie', 'Marvellous Meanwhile');
  await eventually(() => isFound('Marvellous Meanwhile'));
  expect(await isFound('Unsaid Quartet')).toBe(false);
  await holder.query('rollback');
  await holder.end();
  await eventually(async () => {
    expect(await isFound('Marvellous Meanwhile')).toBe(true);
    return isFound('Unsaid Quartet');
  });
  expect(await isFound('Marvellous Meanwhile')).toBe(true);
});

test('a work that is renamed again and again goes by its last name, however often the index is built meanwhile', async () => {
  const release_key = 'renamed-2001-movie';
  const many = Array.from({ length: 450 }, (_, n) => ({ title: `Filler ${n}`, type: 'movie' as const, year: 1900 + (n % 100), source_ref: `filler-${n}` })); // prettier-ignore
  for (let round = 0; round < 3; round++) {
    const works = many.map((work) => ({ ...work, popularity: round + 1 }));
    await running.broker.call(importWorks, { source: 'filler', works } as never, publisher);
    await running.broker.call(saveWork, { release_key, title: 'Renamed', type: 'movie', year: 2001, aliases: [{ name: `Zanzibar ${'abc'[round]}` }] } as never, publisher); // prettier-ignore
  }
  await titles.upToDate();
  expect(titles.read('Zanzibar c').match).toMatchObject({ release_key });
  for (const name of ['a', 'b']) expect(titles.read(`Zanzibar ${name}`).match?.alias).not.toBe(`Zanzibar ${name}`);
  expect(await isFound('Filler 7')).toBe(true);
});
