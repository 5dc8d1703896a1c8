import pg from 'pg';
import { SERVICES } from '#libs/contracts/contract';
import { eventually } from '#libs/testing/child-process';
import { locksOfRelease } from '../../scripts/migrations/locks-of-release.js';
import { longLocks } from '../../scripts/migrations/long-locks.js';
import { lostMigrations, migrationsOf } from '../../scripts/migrations/released.js';

let client: pg.Client;
const schema = `locks_${process.pid}`;
beforeAll(async () => {
  client = new pg.Client({ connectionString: process.env.DATABASE_URL });
  await client.connect();
  await client.query(`drop schema if exists ${schema} cascade; create schema ${schema}`);
});
beforeEach(async () => {
  await client.query(`drop schema if exists ${schema} cascade; create schema ${schema}; set search_path = ${schema}`);
});
afterAll(async () => {
  await client.query(`drop schema if exists ${schema} cascade`);
  await client.end();
});

test('a migration that operators have is never taken back', () => {
  expect(lostMigrations()).toEqual([]);
});

describe.each(SERVICES)('the next release of %s', (service) => {
  const files = migrationsOf(service);
  const ofWhatIsReleased = files.released.length > 0 ? test : test.skip; // until then no operator has a table
  ofWhatIsReleased(
    'takes no long lock on tables that operators have, and leaves them so that the release before runs',
    async () => expect(await locksOfRelease(client, files)).toEqual([]),
  );
});

test('of a release, what harms the tables of the one before is told by its file, and its own tables are its own', async () => {
  const released = [
    { path: 'films/0001-films.sql', sql: 'create table films (id bigint primary key, name text)' },
    { path: 'films/0002-some.sql', sql: `insert into films values (1, 'one')` },
  ];
  const harmless = [
    { path: 'films/0003-tags.sql', sql: 'create table tags (id bigint primary key, film bigint)' },
    { path: 'films/0004-rating.sql', sql: 'alter table films add column rating int' },
  ];
  const harmful = { path: 'films/0005-index.sql', sql: 'create index on films (name)' };
  expect(await locksOfRelease(client, { released, coming: [...harmless, harmful] })).toEqual([
    { path: harmful.path, faults: [expect.stringContaining('films is read from end to end')] },
  ]);
});

test('what is leased while streams get a narrower row is leased still', async () => {
  const { coming, released } = migrationsOf('mesh');
  const all = [...released, ...coming];
  const at = all.findIndex(({ path }) => path.endsWith('0009-a-narrow-row.sql'));
  for (const { sql } of all.slice(0, at)) await client.query(sql);
  await client.query(
    `insert into groups (name, min_interval_ms) values ('one', 0); insert into slots (group_id, stream) select id, 0 from groups`,
  );
  const scheduler = new pg.Client({ connectionString: process.env.DATABASE_URL });
  await scheduler.connect();
  await scheduler.query(
    `set search_path = ${schema}; begin; update slots set epoch = 7, cursor_value = 'page 9', node = 3`,
  );
  const migrated = client.query(`begin; ${all[at]!.sql}; commit`);
  await eventually(async () => {
    const { rows } = await scheduler.query(`select from pg_locks where not granted and relation = 'slots'::regclass`);
    return rows.length === 1;
  });
  await scheduler.query('commit');
  await migrated;
  await scheduler.end();
  expect((await client.query('select epoch, cursor_value, node from slots')).rows).toEqual([
    { epoch: '7', cursor_value: 'page 9', node: 3 },
  ]);
});

describe('of a table that operators have', () => {
  beforeEach(() =>
    client.query(`create table films (id bigint primary key, name text, length int);
      create table cuts (id bigint primary key, film bigint);
      insert into films select n, 'film', n from generate_series(1, 100) n; insert into cuts values (1, 1)`),
  );

  test.each([
    ['a column more', 'alter table films add column rating int'],
    ['a column more with a constant', `alter table films add column kind text not null default 'short'`],
    ['a constraint that is checked later', 'alter table films add constraint positive check (length > 0) not valid'],
    ['a checking that lets others work', 'alter table films validate constraint positive'],
    ['a table more', 'create table tags (id bigint primary key, film bigint); create index on tags (film)'],
    ['new rows', `insert into cuts values (2, 2)`],
  ])('%s does no harm', async (_what, sql) => {
    if (sql.includes('validate'))
      await client.query('alter table films add constraint positive check (length > 0) not valid');
    expect(await longLocks(client, sql)).toEqual([]);
  });

  test.each([
    ['another type', 'alter table films alter column length type text', /written anew/],
    ['a volatile default', 'alter table films add column token uuid default gen_random_uuid()', /written anew/],
    ['an index in the way of writers', 'create index on films (name)', /end to end/],
    [
      'a constraint that is checked at once',
      'alter table films add constraint positive check (length > 0)',
      /end to end/,
    ],
    [
      'a reference that is checked at once',
      'alter table cuts add foreign key (film) references films (id)',
      /end to end/,
    ],
    ['a lost column', 'alter table films drop column name', /loses or renames name/],
    ['a new name', 'alter table films rename column name to title', /loses or renames name/],
    ['a lost table', 'drop table cuts', /cuts is dropped/],
    ['a new demand', 'alter table films alter column name set not null', /now demands name/],
  ])('%s is told', async (_what, sql, words) => {
    expect((await longLocks(client, sql)).join('; ')).toMatch(words);
  });
});
