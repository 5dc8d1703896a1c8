import { readFile } from 'node:fs/promises';
import pg from 'pg';
import type { Caller } from '#libs/contracts/caller';
import * as contract from '#libs/contracts/intel-works';
import { accountChanged } from '#libs/contracts/projects-events';
import { openStore } from '#libs/storage/storage-config';
import { eventually } from '#libs/testing/child-process';
import { runServices, type RunningServices } from '#libs/testing/running';
import { administrator, keeper, ownFolder, WORKS } from '#libs/testing/seeds/catalogue';
import { intel } from '../service.js';
import { bangumiWorks } from './bangumi-data.js';

let running: RunningServices;
let publisher: Caller;
const folder = ownFolder();
beforeAll(async () => {
  running = await runServices([intel], folder);
  publisher = await keeper(running.broker, 'publisher');
});
afterAll(() => running.close());
const call: RunningServices['broker']['call'] = (...args) => running.broker.call(...args);
const get = (release_key: string) => call(contract.getWork, { release_key });
const takeIn = (works = WORKS, source = 'test') => call(contract.importWorks, { source, works }, publisher);

test('works taken in have keys that need no escaping, their names with licence and script, and can come again', async () => {
  expect(await takeIn()).toEqual({ added: 3, changed: 0, unchanged: 0 });
  expect(await takeIn()).toEqual({ added: 0, changed: 0, unchanged: 3 });
  expect(await get('iron-man-2008-movie')).toMatchObject({ title: 'Iron Man', ids: { tmdb_movie: ['1726'] } });
  const lighthouse = await get('lighthouse-child-season-2-2022-anime');
  expect(lighthouse).toMatchObject({ season: 2, root_key: 'tmdb_tv:777' });
  expect(lighthouse.aliases).toContainEqual(
    expect.objectContaining({ name: '灯塔之子 第二季', script: 'Hani', licence: 'CC0-1.0', source: 'test' }),
  );
  expect((await call(contract.findWorks, { tmdb_id: '777' })).map((work) => work.season)).toEqual([1, 2]);
  const more = WORKS.map((work) => ({ ...work, popularity: 70, title: 'Renamed' }));
  expect((await takeIn(more, 'another-source')).added).toBe(3);
});

test('one source adds to what another says, and does not replace it', async () => {
  const line = { title: 'Harbour', year: 1999, type: 'movie' as const, source_ref: '1' };
  await takeIn([line as never]);
  await takeIn(
    [{ ...line, title: 'Hafen', year: 2001, release_key: 'harbour-1999-movie', original_title: 'Port' } as never],
    'b',
  );
  expect(await get('harbour-1999-movie')).toMatchObject({ title: 'Harbour', year: 1999, original_title: 'Port' });
  expect((await get('harbour-1999-movie')).aliases.map(({ name }) => name).sort()).toEqual(['Hafen', 'Harbour']);
});

test('two works of one name and year get different keys', async () => {
  const twin = (ids: Record<string, string>) => ({ title: '双子', year: 2011, type: 'anime' as const, ids });
  const keys = [];
  for (const ids of [{}, { bangumi: '12' }, {}] as Record<string, string>[])
    keys.push((await call(contract.createWork, twin(ids), publisher)).release_key);
  expect(keys).toEqual(['shuang-zi-2011-anime', 'shuang-zi-bangumi12-2011-anime', 'shuang-zi-2-2011-anime']);
});

test('only publishers write the catalogue', async () => {
  const contributor = await keeper(running.broker, 'contributor');
  for (const caller of [contributor, { ...contributor, user_id: null }])
    await expect(call(contract.createWork, { title: 'X', type: 'movie' }, caller)).rejects.toMatchObject({
      code: 'unauthorized',
    });
  await expect(
    call(contract.setContributor, { user_id: contributor.user_id!, role: 'admin' }, publisher),
  ).rejects.toMatchObject({
    code: 'unauthorized',
  });
});

test('saving a work withdraws the names that are left out', async () => {
  const draft = {
    title: 'Kept',
    type: 'movie' as const,
    year: 1980,
    aliases: [{ name: 'Kept too' }, { name: 'Wrong' }],
  };
  await call(contract.saveWork, { release_key: 'kept-1980-movie', ...draft }, publisher);
  const saved = await call(
    contract.saveWork,
    { release_key: 'kept-1980-movie', ...draft, aliases: [{ name: 'Kept too' }] },
    publisher,
  );
  expect(saved.aliases.map(({ name }) => name)).toEqual(['Kept', 'Kept too']);
});

test('an id taken from a work stays away, whoever brings it, until a person says it again', async () => {
  const line = { title: 'Pier', year: 1981, type: 'movie' as const, release_key: 'pier-1981-movie', source_ref: 'p' };
  const ids = { tmdb_movie: ['11', '12'], imdb: 'tt1' };
  await takeIn([{ ...line, ids } as never]);
  const save = (said: Record<string, string | string[]>, release_key = 'pier-1981-movie') =>
    call(contract.saveWork, { release_key, title: 'Pier', type: 'movie', year: 1981, ids: said }, publisher);
  const pier = { imdb: ['tt1'] };
  expect(await save({ tmdb_movie: ['12'] })).toMatchObject({ ids: { ...pier, tmdb_movie: ['12'] } });
  for (const source of ['test', 'another-source']) await takeIn([{ ...line, ids } as never], source);
  expect((await get('pier-1981-movie')).ids).toEqual({ ...pier, tmdb_movie: ['12'] });
  expect(await call(contract.findWorks, { tmdb_id: '11' })).toEqual([]);
  expect((await save({})).ids).toEqual({ ...pier, tmdb_movie: ['12'] });
  expect((await save({ tmdb_movie: [] })).ids).toEqual(pier);
  expect((await save({ tmdb_movie: '11' })).ids).toEqual({ ...pier, tmdb_movie: ['11'] });
});

test('an id taken from a work that was merged is not back with it when they are parted', async () => {
  const work = (title: string, tmdb_movie: string) => ({
    title,
    type: 'movie' as const,
    year: 1982,
    ids: { tmdb_movie },
  });
  for (const draft of [work('Quay', '21'), work('Wharf', '22')]) await call(contract.createWork, draft, publisher);
  await call(contract.mergeWorks, { release_key: 'wharf-1982-movie', into: 'quay-1982-movie' }, publisher);
  const wish = { release_key: 'quay-1982-movie', ...work('Quay', '21') };
  expect((await call(contract.saveWork, wish, publisher)).ids).toEqual({ tmdb_movie: ['21'] });
  const parted = await call(contract.unmergeWork, { release_key: 'wharf-1982-movie' }, publisher);
  expect(parted.ids).toEqual({});
});

test('a split key is a tombstone that names its parts', async () => {
  const both = await call(contract.createWork, { title: 'Two in one', type: 'movie', year: 1970 }, publisher);
  const parts = ['One', 'Two'].map((title) => ({ title, type: 'movie' as const, year: 1970 }));
  await call(contract.splitWork, { release_key: both.release_key, parts }, publisher);
  expect(await get(both.release_key)).toMatchObject({ parts: ['one-1970-movie', 'two-1970-movie'], aliases: [] });
  await expect(
    call(contract.mergeWorks, { release_key: both.release_key, into: 'one-1970-movie' }, publisher),
  ).rejects.toMatchObject({
    code: 'conflict',
  });
});

test('of two merges against each other at once, one is done', async () => {
  for (const title of ['Left', 'Right'])
    await call(contract.createWork, { title, type: 'movie', year: 1960 }, publisher);
  const [left, right] = ['left-1960-movie', 'right-1960-movie'];
  const outcomes = await Promise.allSettled([
    call(contract.mergeWorks, { release_key: left, into: right }, publisher),
    call(contract.mergeWorks, { release_key: right, into: left }, publisher),
  ]);
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect((await get(left)).release_key).toBe((await get(right)).release_key);
});

describe('a proposed name', () => {
  const propose = (name: string, caller: Caller) =>
    call(contract.submitAlias, { release_key: 'iron-man-2008-movie', name }, caller);
  const names = async () => (await get('iron-man-2008-movie')).aliases.map(({ name }) => name);

  test('becomes one when a publisher says so, and raises the trust in who proposed it', async () => {
    const eve = await keeper(running.broker, 'contributor');
    const { id } = await propose('Homem de Ferro', eve);
    await expect(propose('Homem de Ferro', publisher)).rejects.toMatchObject({ code: 'conflict' });
    await expect(call(contract.approveSubmission, { submission_id: id }, eve)).rejects.toMatchObject({
      code: 'unauthorized',
    });
    expect(await call(contract.approveSubmission, { submission_id: id }, publisher)).toMatchObject({
      status: 'approved',
    });
    expect(await names()).toContain('Homem de Ferro');
    const standing = (await call(contract.listContributors, {}, administrator())).find(
      ({ user_id }) => user_id === eve.user_id,
    );
    expect(standing!.trust).toBeGreaterThan(0.6);
    await expect(call(contract.rejectSubmission, { submission_id: id }, publisher)).rejects.toMatchObject({
      code: 'conflict',
    });
  });

  test('tells its day and nobody’s account, but to who proposed it and to administrators', async () => {
    const [ada, ben] = await Promise.all([1, 2].map(() => keeper(running.broker, 'contributor')));
    const own = await propose('Homme de fer', ada!);
    expect(own.user_id).toBe(ada!.user_id);
    const seenBy = async (caller: Caller) =>
      (await call(contract.listSubmissions, { limit: 200 }, caller)).find(({ id }) => id === own.id)!;
    for (const caller of [ada!, administrator()]) expect(await seenBy(caller)).toMatchObject(own);
    const veiled = { user_id: null, created_at: `${own.created_at.slice(0, 10)}T00:00:00.000000Z` };
    for (const caller of [ben!, publisher]) expect(await seenBy(caller)).toMatchObject(veiled);
    expect(await call(contract.approveSubmission, { submission_id: own.id }, ben!)).toMatchObject(veiled);
    const decided = await call(contract.approveSubmission, { submission_id: own.id }, publisher);
    expect(decided).toMatchObject({ ...veiled, status: 'approved', decided_at: expect.stringMatching(/T00:00:00/) });
  });

  test('is decided by contributors together, each once', async () => {
    const people = await Promise.all(Array.from({ length: 4 }, () => keeper(running.broker, 'contributor')));
    const { id } = await propose('Ferrum vir', people[0]!);
    const states = [];
    for (const one of [people[1]!, people[1]!, people[2]!, people[3]!])
      states.push((await call(contract.approveSubmission, { submission_id: id }, one)).status);
    expect(states).toEqual(['pending', 'pending', 'pending', 'approved']);
    expect(await names()).toContain('Ferrum vir');
  });

  describe('loses the votes of who is not believed any more', () => {
    const states = async (id: string) =>
      (await Promise.all((['pending', 'approved', 'rejected'] as const).map((status) => call(contract.listSubmissions, { status, limit: 200 }, publisher))))
        .flat().find((one) => one.id === id)!; // prettier-ignore
    const four = () => Promise.all(Array.from({ length: 4 }, () => keeper(running.broker, 'contributor')));
    const trustIn = async ({ user_id }: Caller) =>
      (await call(contract.listContributors, {}, administrator())).find((one) => one.user_id === user_id)!.trust;
    const decide = async (operation: typeof contract.approveSubmission, name: string, [by, ...voters]: Caller[]) => {
      const { id } = await propose(name, by!);
      for (const one of voters) await call(operation, { submission_id: id }, one);
      return id;
    };
    const dismiss = ({ user_id }: Caller) =>
      call(contract.setContributor, { user_id: user_id!, role: 'none' }, administrator());

    test('while it waits, and when it was decided by them it waits again and is no name until then', async () => {
      const people = await four();
      const waits = await decide(contract.approveSubmission, 'Waiting Iron', people.slice(0, 3));
      const decided = await decide(contract.approveSubmission, 'Decided Iron', people);
      expect(await names()).toContain('Decided Iron');
      const believed = await trustIn(people[0]!);
      await dismiss(people[1]!);
      expect(await states(waits)).toMatchObject({ status: 'pending', votes_for: 0.5 });
      expect(await states(decided)).toMatchObject({ status: 'pending', votes_for: 1 });
      expect(await names()).not.toContain('Decided Iron');
      expect(await trustIn(people[0]!)).toBeLessThan(believed);
      const another = await keeper(running.broker, 'contributor');
      expect(await call(contract.approveSubmission, { submission_id: decided }, another)).toMatchObject({ status: 'approved' }); // prettier-ignore
      expect(await names()).toContain('Decided Iron');
    });

    test('when their account is closed, also where they were against it', async () => {
      const people = await four();
      const refused = await decide(contract.rejectSubmission, 'Refused Iron', people);
      expect((await states(refused)).status).toBe('rejected');
      await running.broker.tell(accountChanged, {
        user_id: people[2]!.user_id!,
        is_active: false,
        changed_at: new Date(),
      });
      await eventually(async () => (await states(refused)).status === 'pending');
    });

    test('but not where a publisher decided, enough others agree, or another source says the name too', async () => {
      const people = await four();
      const sure = await decide(contract.approveSubmission, 'Sure Iron', people.slice(0, 2));
      await call(contract.approveSubmission, { submission_id: sure }, publisher);
      const twice = await decide(contract.approveSubmission, 'Twice Iron', people);
      await call(contract.importWorks, { source: 'elsewhere', works: [{ title: 'Iron Man', type: 'movie', release_key: 'iron-man-2008-movie', aliases: [{ name: 'Twice Iron' }] }] as never }, publisher); // prettier-ignore
      await dismiss(people[1]!);
      expect((await states(sure)).status).toBe('approved');
      expect((await states(twice)).status).toBe('pending');
      expect((await get('iron-man-2008-movie')).aliases).toContainEqual(
        expect.objectContaining({ name: 'Twice Iron', source: 'elsewhere' }),
      );
    });
  });

  test('without letters, from a stranger or for no work is refused with the reason', async () => {
    await expect(propose('!!!', publisher)).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('name:'),
    });
    await expect(propose('Iron', { user_id: null, role: null, session_id: null })).rejects.toMatchObject({
      code: 'unauthorized',
    });
    await expect(call(contract.submitAlias, { release_key: 'no-0000-tv', name: 'N' }, publisher)).rejects.toMatchObject(
      { code: 'not_found' },
    );
  });

  test('that holds an address or a key of somebody is refused with its field', async () => {
    for (const name of ['https://site.example/details.php?id=7', 'Iron Man passkey=abc'])
      await expect(propose(name, publisher)).rejects.toMatchObject({
        code: 'invalid',
        details: { issues: [expect.objectContaining({ path: ['name'] })] },
      });
  });

  test('that holds what nobody sees is refused with its field, as a title and every other name is', async () => {
    for (const name of [
      'Iron\tMan',
      'Iron\nMan',
      '\u001b[31mIron Man',
      'Iron\u0085Man',
      'Iron \u202enaM',
      'Iron\u2028Man',
    ]) {
      const refusedAt = (path: unknown[]) => ({
        code: 'invalid',
        details: { issues: [expect.objectContaining({ path })] },
      });
      await expect(propose(name, publisher)).rejects.toMatchObject(refusedAt(['name']));
      const work = { title: 'Iron Man', type: 'movie' as const };
      const create = (draft: object) => call(contract.createWork, { ...work, ...draft }, publisher);
      await expect(create({ title: name })).rejects.toMatchObject(refusedAt(['title']));
      await expect(create({ original_title: name })).rejects.toMatchObject(refusedAt(['original_title']));
      await expect(create({ aliases: [{ name }] })).rejects.toMatchObject(refusedAt(['aliases', 0, 'name']));
    }
    const draft = { title: ' Trimmed\t', original_title: 'Trimmed so\n', type: 'movie' as const };
    const made = await call(contract.createWork, { ...draft, aliases: [{ name: 'Trim\n' }] }, publisher);
    expect(made).toMatchObject({ title: 'Trimmed', original_title: 'Trimmed so' });
    expect(made.aliases.map(({ name }) => name)).toEqual(['Trimmed', 'Trim']);
  });
});

test('a file of lines is imported with its progress, and what is wrong in it is told by line', async () => {
  const { id, upload_url } = await call(contract.createImport, { source: 'file' }, publisher);
  await expect(call(contract.startImport, { import_id: id }, publisher)).rejects.toMatchObject({ code: 'conflict' });
  expect(upload_url).toContain('/files/');
  const good = Array.from({ length: 450 }, (_, n) =>
    JSON.stringify({ title: `Bulk ${n}`, type: 'movie', year: 2001, source_ref: `b${n}` }),
  );
  const unseen = JSON.stringify({ title: 'Two\nlines', type: 'movie' });
  const keyless = JSON.stringify({ title: 'No key', type: 'movie', release_key: 'no-key' });
  const lines = [...good, '{"title":"No type"}', 'nonsense', '', good[0]!, keyless, unseen];
  const store = openStore({ ...folder, ...(running.environment as { SECRET_KEY: string }) } as never);
  await store.put(`intel/imports/${id}.jsonl`, Buffer.from(lines.join('\n')));
  await call(contract.startImport, { import_id: id }, publisher);
  const state = await eventually(async () => {
    const one = await call(contract.getImport, { import_id: id }, publisher);
    return one.state !== 'running' && one;
  });
  expect(state).toMatchObject({
    state: 'done',
    lines: 456,
    added: 450,
    changed: 0,
    bytes_read: state.bytes,
    error: null,
  });
  expect(state.refused.map(({ line, reason }) => [line, reason.split(':')[0]])).toEqual([
    [451, 'type'],
    [452, 'not JSON'],
    [455, 'release_key'],
    [456, 'title'],
  ]);
});

test('nobody has more than fifty tokens for clients, however many they ask for at once', async () => {
  const asked = Array.from({ length: 60 }, (_, at) =>
    call(contract.createClientToken, { name: `client ${at}` }, publisher),
  );
  const refused = (await Promise.allSettled(asked)).filter(({ status }) => status === 'rejected');
  expect(refused.map((one) => (one as { reason: unknown }).reason)).toEqual(
    Array(10).fill(expect.objectContaining({ code: 'conflict' })),
  );
  expect(await call(contract.listClientTokens, {}, publisher)).toHaveLength(50);
});

test('nobody has more than 500 names waiting, however many they propose at once', async () => {
  const contributor = await keeper(running.broker, 'contributor');
  const { release_key } = await call(contract.createWork, { title: 'Much named', type: 'movie' }, publisher);
  const database = new pg.Client({ connectionString: running.databaseUrl });
  await database.connect();
  await database.query(
    `insert into intel.submissions (user_id, work_id, name, kind)
     select $1, (select id from intel.works where release_key = $2), 'Name ' || n, 'synonym' from generate_series(1, 490) n`,
    [contributor.user_id, release_key],
  );
  await database.end();
  const asked = Array.from({ length: 30 }, (_, at) =>
    call(contract.submitAlias, { release_key, name: `At once ${at}` }, contributor),
  );
  const refused = (await Promise.allSettled(asked)).filter(({ status }) => status === 'rejected');
  expect(refused.map((one) => (one as { reason: unknown }).reason)).toEqual(
    Array(20).fill(expect.objectContaining({ code: 'conflict' })),
  );
});

test('the starting catalogue is the works of bangumi-data, under its licence', async () => {
  const works = bangumiWorks();
  expect(works.length).toBeGreaterThan(8000);
  expect(new Set(works.map(({ source_ref }) => source_ref)).size).toBe(works.length);
  expect(works.every((work) => contract.WorkLine.safeParse(work).success)).toBe(true);
  expect(new Set(works.flatMap(({ aliases }) => aliases.map(({ licence }) => licence)))).toEqual(
    new Set(['CC-BY-4.0']),
  );
  const { license } = JSON.parse(await readFile('node_modules/bangumi-data/package.json', 'utf8')) as {
    license: string;
  };
  expect(license).toBe('CC-BY-4.0');
  expect(
    await call(contract.importWorks, { source: 'bangumi-data', works: works.slice(0, 500) }, publisher),
  ).toMatchObject({ added: 500 });
});
