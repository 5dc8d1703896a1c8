import pg from 'pg';
import type { Caller } from '#libs/contracts/caller';
import { createProject, feed } from '#libs/contracts/projects';
import { runServices, type RunningServices } from '#libs/testing/running';
import { person } from '#libs/testing/seeds/people';
import { projects } from '../service.js';

let running: RunningServices;
let ada: Caller;
beforeAll(async () => {
  running = await runServices([projects]);
  ada = await person(running.broker, 'Ada');
  for (const name of ['夜海的灯塔', '海边的夜', 'Night at the Sea 100%', 'IN A ROW'])
    await running.broker.call(createProject, { name, is_public: true }, ada);
});
afterAll(() => running.close());

test.each([
  ['夜海', ['夜海的灯塔']],
  ['海', ['海边的夜', '夜海的灯塔']],
  ['at THE', ['Night at the Sea 100%']],
  ['t s', []],
  ['E S', ['Night at the Sea 100%']],
  ['0%', ['Night at the Sea 100%']],
  ['n a', ['IN A ROW']],
  ['夜', ['海边的夜', '夜海的灯塔']],
  ['海夜', []],
])('a search for %j finds the names that have it in them', async (query, found) => {
  expect((await running.broker.call(feed, { query })).map(({ name }) => name)).toEqual(found);
});

test('two Chinese characters are looked up, not looked for in every name', async () => {
  const client = new pg.Client({ connectionString: running.databaseUrl });
  await client.connect();
  try {
    await client.query('set search_path to projects; set enable_seqscan to off');
    const { rows } = await client.query(
      `explain select 1 from projects p where p.is_public and search_grams(p.name) @> search_grams('夜海'::text)`,
    );
    expect(JSON.stringify(rows)).toContain('projects_search_grams_idx');
  } finally {
    await client.end();
  }
});
