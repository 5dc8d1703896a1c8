import { execFile } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { packageRoot } from '#libs/config/package-root';
import { testDatabase, type TestDatabase } from '#libs/testing/database';

/** The command that fills the catalogue, as a process of its own. */
let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database?.drop());

const file = join(mkdtempSync(join(tmpdir(), 'catalogue-')), 'works.jsonl');
const work = (title: string, more: object = {}) => JSON.stringify({ title, type: 'movie', source_ref: title, ...more });

function catalogue(...options: string[]): Promise<{ code: number; out: string; err: string }> {
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, DATABASE_URL: database.url };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(packageRoot(), 'dist/scripts/catalogue.js'), ...options],
      { env },
      (error, out, err) => resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    );
  });
}

test('a file of works is taken in but for what is wrong in it, and the same again changes nothing', async () => {
  writeFileSync(file, [work('Iron Man'), 'no JSON', '', '{"title":"No type"}', work('Alien')].join('\n'));
  const first = await catalogue(file, 'mine');
  expect(first).toMatchObject({ code: 0, out: '2 works: 2 added, 0 changed, 0 as they were\n' });
  expect(first.err).toMatch(/^line 2 is left out: not JSON\nline 4 is left out: type: .+\n$/);
  writeFileSync(file, [work('Iron Man'), work('Alien', { aliases: [{ name: '异形' }] })].join('\n'));
  expect(await catalogue(file, 'mine')).toEqual({
    code: 0,
    out: '2 works: 0 added, 1 changed, 1 as they were\n',
    err: '',
  });
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const { rows } = await client.query('select name, source from intel.aliases order by name');
  await client.end();
  expect(rows).toEqual(['Alien', 'Iron Man', '异形'].map((name) => ({ name, source: 'mine' })));
});

test.each([
  ['without a name for whose titles they are', [file], 2, 'Say whose titles they are: npm run catalogue --'],
  ['in the name of another centre', [file, 'node:other'], 2, 'A source is named by small letters'],
  ['of a file that is not there', [`${file}.gone`, 'mine'], 1, 'The catalogue could not be filled: ENOENT'],
])('works %s are refused', async (_what, options, code, words) => {
  expect(await catalogue(...options)).toMatchObject({ code, err: expect.stringContaining(words) as string });
});
