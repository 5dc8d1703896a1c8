import { gunzipSync } from 'node:zlib';
import { importWorks } from '#libs/contracts/intel-works';
import type { Caller } from '#libs/contracts/caller';
import { createClientToken } from '#libs/contracts/intel-works';
import { reportReleases, saveIntelSite, setMySites } from '#libs/contracts/intel-releases';
import { eventually } from '#libs/testing/child-process';
import { runServices, type RunningServices } from '#libs/testing/running';
import { keeper, ownFolder, WORKS } from '#libs/testing/seeds/catalogue';
import { startGateway, type RunningGateway } from '../../services/gateway/start-gateway.js';
import { intel } from '../../services/intel/service.js';

/** What an unmodified VabHub does: GET with a raw title, a new connection each time, and no idea of who it is. */
let running: RunningServices;
let gateway: RunningGateway;
let publisher: Caller;
beforeAll(async () => {
  running = await runServices([intel], {
    ...ownFolder(),
    INTEL_MIN_CONTRIBUTORS: '2',
    INTEL_SITE_VISIBILITY: 'members',
  });
  gateway = await startGateway({ ...running.environment, PORT: '0' });
  publisher = await keeper(running.broker, 'publisher');
  await running.broker.call(importWorks, { source: 'test', works: WORKS }, publisher);
  await eventually(async () => (await body('/v1/alias/resolve?q=Iron+Man')).release_key !== undefined);
});
afterAll(async () => {
  await gateway.close();
  await running.close();
});

const url = () => `http://127.0.0.1:${gateway.port}`;
const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(url() + path, { redirect: 'manual', headers: { connection: 'close', ...headers } });
const body = async (path: string, headers?: Record<string, string>) =>
  (await (await get(path, headers)).json()) as Record<string, never>;
const resolve = (q: string) => body(`/v1/alias/resolve?q=${encodeURIComponent(q)}`);

describe('resolve', () => {
  test.each([
    '钢铁侠',
    '鋼鐵人',
    'アイアンマン',
    'IRON  MAN',
    'ｉｒｏｎ ｍａｎ',
    'Iron.Man.2008.1080p.BluRay.x264-GRP',
  ])('knows %s', async (q) => {
    expect(await resolve(q)).toMatchObject({
      title: 'Iron Man',
      year: 2008,
      type: 'movie',
      tmdb_id: 1726,
      release_key: 'iron-man-2008-movie',
      confidence: expect.any(Number) as number,
      matched_by: expect.any(String) as string,
    });
  });

  test('tells the seasons of a show apart, and says which was asked for', async () => {
    expect(await resolve('灯塔之子 第二季')).toMatchObject({
      release_key: 'lighthouse-child-season-2-2022-anime',
      season: 2,
    });
    expect(await resolve('[Group] Lighthouse Child S02E05 [1080p]')).toMatchObject({
      release_key: 'lighthouse-child-season-2-2022-anime',
      season: 2,
      episode: 5,
    });
  });

  test.each([
    ['nothing', ''],
    ['blanks', '   '],
    ['one character', 'x'],
    ['digits', '20081080'],
    ['control characters', '\u0001\u0002\u007f'],
    ['no title of ours', 'The Quiet Gardener of Nowhere'],
    ['4 KB', '钢铁侠的'.repeat(341)],
    ['mixed scripts', 'аlpha βeta 钢 ガ 한 ไทย 🎬'],
    ['half a pair', '%F0%9F'],
  ])('answers {} to %s', async (_name, q) => {
    const answer = await get(`/v1/alias/resolve?q=${q.startsWith('%') ? q : encodeURIComponent(q)}`);
    expect([answer.status, await answer.text()]).toEqual([200, '{}']);
  });

  test('without q is told what is missing, as ever', async () => {
    const answer = await get('/v1/alias/resolve');
    expect([answer.status, await answer.json()]).toMatchObject([
      422,
      { detail: [{ type: 'missing', loc: ['query', 'q'], msg: 'Field required', input: null }] },
    ]);
  });

  test('is never compressed with what the client did not offer, never redirected, never wrapped', async () => {
    const answer = await get('/v1/alias/resolve/?q=Iron+Man', { 'accept-encoding': 'gzip, deflate' });
    expect(answer.status).toBe(200);
    expect([null, 'gzip', 'deflate']).toContain(answer.headers.get('content-encoding'));
    expect(await answer.json()).toHaveProperty('title', 'Iron Man');
  });
});

test('search gives each work once, best first, page by page, and nothing for nothing', async () => {
  const found = await body('/v1/alias/search?q=Lighthouse&limit=1');
  expect(found).toMatchObject({
    query: 'Lighthouse',
    results: [{ title: '灯台の子' }],
    next_cursor: expect.any(String) as string,
  });
  const more = await body(`/v1/alias/search?q=Lighthouse&limit=1&cursor=${String(found.next_cursor)}`);
  expect(more).toMatchObject({ results: [{ title: expect.not.stringMatching(/^灯台の子$/) as string }] });
  expect(await body('/v1/alias/search?q=')).toEqual({ query: '', results: [] });
  expect(await body('/v1/alias/search?q=Lighthouse&year=2022')).toMatchObject({ results: [{ year: 2022 }] });
});

test('many titles at once, and the reasons of an answer', async () => {
  const answer = await fetch(`${url()}/v1/resolve`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ titles: ['nobody knows this', '钢铁侠'] }),
  });
  expect(await answer.json()).toMatchObject({ results: [{}, { title: 'Iron Man' }] });
  expect(await body('/v1/alias/explain?q=Iron.Man.2008.1080p')).toMatchObject({
    reading: { resolution: { value: '1080p' } },
    answer: { title: 'Iron Man' },
    candidates: [{ work: { title: 'Iron Man' }, reasons: expect.arrayContaining([expect.any(String)]) as string[] }],
  });
  expect(await body(`/v1/alias/explain?q=${encodeURIComponent('钢铁侠 1080p')}`)).toMatchObject({
    candidates: [{ work: { title: 'Iron Man' }, recognised: { name: '钢铁侠', source: 'test' } }],
  });
});

test('works are read by key; an unknown key has no sites, one with a slash is no key', async () => {
  expect(await body('/v1/index/no-such-0000-tv')).toEqual({ release_key: 'no-such-0000-tv', sites: [] });
  const slash = await get('/v1/index/a%2Fb');
  expect([slash.status, await slash.json()]).toMatchObject([404, { detail: 'Not Found' }]);
});

describe('the sites of a work', () => {
  const KEY = 'iron-man-2008-movie';
  const see = async (site: string, title = '钢铁侠') =>
    running.broker.call(
      reportReleases,
      { observations: [{ site, title, size_bucket: 'large', count: 3 }] },
      await keeper(running.broker, 'contributor'),
    );
  const index = (prefix = '', headers = {}) => body(`${prefix}/v1/index/${KEY}`, headers);

  beforeAll(async () => {
    await running.broker.call(
      saveIntelSite,
      { site_id: 'hdsky', aliases: ['HDSky.me'], visibility: 'open' },
      publisher,
    );
    for (const site of ['HDSKY.me', 'hdsky', 'ttg', 'ttg', 'lonely']) await see(site);
  });

  test('are those that enough people have seen and that may be named to everybody, with a number each', async () => {
    const { sites } = (await index()) as unknown as { sites: { site: string; score: number; last_seen: string }[] };
    expect(sites.map(({ site }) => site)).toEqual(['hdsky']);
    expect(sites[0]!.score).toBeGreaterThan(0);
    expect(sites[0]!.last_seen).toMatch(/^\d{4}-.*Z$/);
  });

  test('are, to whoever gives a token that opens nothing, those for everybody, and a header says so', async () => {
    const { token } = await running.broker.call(createClientToken, { name: 'away' }, publisher);
    const said = async (path: string, headers?: Record<string, string>) => {
      const answer = await get(path, headers);
      return [
        answer.status,
        answer.headers.get('evidverse-client-token'),
        Object.keys((await answer.json()) as object),
      ];
    };
    const basic = (secret: string) => ({ authorization: `Basic ${Buffer.from(`node:${secret}`).toString('base64')}` });
    const unknown = expect.stringContaining('unknown') as string;
    for (const [path, keys] of [
      [`/v1/index/${KEY}`, ['release_key', 'sites']],
      ['/v1/rules/latest', ['rules', 'version']],
    ] as const) {
      expect(await said(`/t/wrong${path}`)).toEqual([200, unknown, keys]);
      expect(await said(path, basic('wrong'))).toEqual([200, unknown, keys]);
      expect(await said(path)).toEqual([200, null, keys]);
      expect(await said(`/t/${token}${path}`)).toEqual([200, null, keys]);
    }
  });

  test('are, to whoever says who they are by the path, by Basic or by a bearer, those of their own sites, and kept by no cache', async () => {
    const user = await keeper(running.broker, 'contributor');
    const { token } = await running.broker.call(createClientToken, { name: 'home' }, user);
    await running.broker.call(setMySites, { sites: ['TTG', 'lonely'] }, user);
    const basic = { authorization: `Basic ${Buffer.from(`node:${token}`).toString('base64')}` };
    const bearer = { authorization: `Bearer ${token}` };
    for (const answer of [await index(`/t/${token}`), await index('', basic), await index('', bearer)])
      expect(answer).toMatchObject({ release_key: KEY, sites: [{ site: 'ttg' }] });
    const recommended = await body(`/v1/recommend/sites?release_key=${KEY}`, bearer);
    expect(recommended).toMatchObject({ sites: [{ site: 'ttg' }] });
    for (const [path, headers] of [
      [`/t/${token}/v1/index/${KEY}`, {}],
      [`/v1/index/${KEY}`, { 'x-client-token': token! }],
    ] as const)
      expect((await get(path, headers)).headers.get('cache-control')).toBe('no-store');
    const stranger = { authorization: `Basic ${Buffer.from('node:wrong').toString('base64')}` };
    expect(await index('', stranger)).toMatchObject({ sites: [{ site: 'hdsky' }] });
    expect(await body(`/t/${token}/v1/alias/resolve?q=Iron+Man`)).toHaveProperty('release_key', KEY);
  });
});

test('the rules are a list or a map, and need not be sent to who has them', async () => {
  const answer = await get('/v1/rules/latest');
  expect([answer.status, await answer.json()]).toEqual([200, { version: 0, rules: [] }]);
  const again = await get('/v1/rules/latest', { 'if-none-match': answer.headers.get('etag')! });
  expect([again.status, await again.text()]).toEqual([304, '']);
  expect(await body('/v1/rules/latest?format=map')).toEqual({ version: 0, rules: {} });
});

test('the files of a centre that has published nothing are there, and empty', async () => {
  const young = await runServices([intel], { ...ownFolder(), INTEL_SNAPSHOT_MINUTES: '0' });
  const door = await startGateway({ ...young.environment, PORT: '0' });
  const file = (name: string, headers: Record<string, string> = {}) =>
    fetch(`http://127.0.0.1:${door.port}/snap/${name}`, { headers });
  try {
    const rules = await file('rules.json');
    expect([rules.headers.get('content-type'), await rules.json()]).toEqual([
      'application/json; charset=utf-8',
      { version: 0, rules: [] },
    ]);
    expect((await file('rules.json', { 'if-none-match': rules.headers.get('etag')! })).status).toBe(304);
    for (const name of ['alias-latest.json', 'index-latest.json']) {
      expect(await (await file(name)).json()).toEqual({});
      const packed = await file(`${name}.gz`);
      expect(packed.headers.get('content-type')).toBe('application/gzip');
      expect(gunzipSync(Buffer.from(await packed.arrayBuffer())).toString()).toBe('{}');
    }
    expect((await file('other.json')).status).toBe(404);
  } finally {
    await door.close();
    await young.close();
  }
});
