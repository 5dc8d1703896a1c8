import pg from 'pg';
import { DataSource } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import { getIndexEntry } from '#libs/contracts/intel';
import * as contract from '#libs/contracts/intel-releases';
import {
  createClientToken,
  importWorks,
  mergeWorks,
  rejectSubmission,
  setContributor,
  submitAlias,
} from '#libs/contracts/intel-works';
import { meshNodeChanged, meshObserved } from '#libs/contracts/mesh';
import { accountChanged } from '#libs/contracts/projects-events';
import { connectionOptions } from '#libs/database/connection-options';
import { eventually } from '#libs/testing/child-process';
import { runServices, type RunningServices } from '#libs/testing/running';
import { administrator, keeper, ownFolder, WORKS } from '#libs/testing/seeds/catalogue';
import type { Secrets } from '../access/secrets.js';
import { intel } from '../service.js';
import type { Titles } from '../titles/titles.js';
import { Sightings } from './sightings.js';
import type { Sites } from './sites.js';

let running: RunningServices;
let publisher: Caller;
let people: Caller[];
beforeAll(async () => {
  running = await runServices([intel], { ...ownFolder(), INTEL_MIN_CONTRIBUTORS: '3', INTEL_SITE_VISIBILITY: 'open' });
  publisher = await keeper(running.broker, 'publisher');
  await running.broker.call(importWorks, { source: 'test', works: WORKS }, publisher);
  people = await Promise.all(Array.from({ length: 8 }, () => keeper(running.broker, 'contributor')));
});
afterAll(() => running.close());

const call: RunningServices['broker']['call'] = (...args) => running.broker.call(...args);
const IRON = 'iron-man-2008-movie';
const [ONE, TWO] = ['lighthouse-child-2021-anime', 'lighthouse-child-season-2-2022-anime'];
const report = (observations: unknown[], caller: Caller) => call(contract.reportReleases, { observations }, caller);
const sites = async (release_key: string) => (await call(getIndexEntry, { release_key })).sites.map(({ site }) => site);
const scoreOf = async (release_key: string, name: string) =>
  (await call(getIndexEntry, { release_key })).sites.find(({ site }) => site === name)!.score;

test('nobody is told of a pair before three people have seen it, however often one of them reports', async () => {
  const seen = [{ site: 'quiet', release_key: IRON }];
  for (let n = 0; n < 5; n++) await report(seen, people[0]!);
  await report(seen, people[1]!);
  expect(await sites(IRON)).not.toContain('quiet');
  await report(seen, people[2]!);
  expect(await sites(IRON)).toContain('quiet');
});

test('all who report at once are counted, each once', async () => {
  await Promise.all(
    [...people, ...people].map((one) =>
      report(
        [
          { site: 'busy', release_key: IRON },
          { site: 'busy', release_key: ONE },
        ],
        one,
      ),
    ),
  );
  const client = new pg.Client(running.databaseUrl);
  await client.connect();
  const { rows } = await client.query(`select witnesses from intel.work_sites where site = 'busy'`);
  expect(rows).toEqual([{ witnesses: 8 }, { witnesses: 8 }]);
  const kept = JSON.stringify((await client.query('select * from intel.sightings')).rows);
  await client.end();
  for (const { user_id } of people) expect(kept).not.toContain(user_id!);
});

test('of when something was seen or judged the day is kept and told, so that no moment ties reports to whoever sent them', async () => {
  const seen_at = new Date(Date.now() - 40 * 86_400_000).toISOString();
  for (const one of people.slice(0, 3))
    await report(
      [
        { site: 'dated', release_key: ONE },
        { site: 'dated', release_key: IRON, seen_at },
      ],
      one,
    );
  await call(contract.giveFeedback, { release_key: ONE, subject: 'similar', verdict: 'helpful' }, people[0]!);
  const told = async (key: string) =>
    (await call(getIndexEntry, { release_key: key })).sites.find(({ site }) => site === 'dated')!.last_seen;
  const today = new Date().toISOString().slice(0, 10);
  expect(await told(IRON)).toMatch(new RegExp(`^${seen_at.slice(0, 10)}T00:00:00\\.0+Z$`));
  expect(await told(ONE)).toMatch(new RegExp(`^${today}T00:00:00\\.0+Z$`));
  const client = new pg.Client(running.databaseUrl);
  await client.connect();
  const { rows } = await client.query<{ moment: Date }>(
    `select last_seen as moment from intel.sightings union select last_seen from intel.work_sites union select voted_at from intel.feedback_votes`,
  );
  await client.end();
  expect(rows.filter(({ moment }) => moment.getTime() % 86_400_000 !== 0)).toEqual([]);
});

test('what was seen long ago counts for less, and more people for more', async () => {
  const ago = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
  for (const one of people.slice(0, 3))
    await report(
      [
        { site: 'old', release_key: TWO, seen_at: ago(90) },
        { site: 'new', release_key: TWO },
      ],
      one,
    );
  for (const one of people) await report([{ site: 'wide', release_key: TWO }], one);
  expect(await sites(TWO)).toEqual(['wide', 'new', 'old']);
  expect((await scoreOf(TWO, 'old')) / (await scoreOf(TWO, 'new'))).toBeCloseTo(0.25, 1);
});

test('ids, cookies and whatever else could rebuild a catalogue is refused, with the field', async () => {
  const good = { site: 'fine', release_key: IRON };
  const wrong = [
    { ...good, torrent_id: '12345' },
    { ...good, cookie: 'c', passkey: 'p' },
    { site: '', release_key: IRON },
    { site: 'http://x/', release_key: IRON },
    { site: 'fine' },
    { ...good, seen_at: '2001-01-01T00:00:00Z' },
    { ...good, count: -1 },
    { site: 'fine', release_key: 'iron\0man' },
    'text',
    null,
  ];
  const { accepted, refused } = await report(
    [good, ...wrong, { site: 'fine', title: 'No such work at all' }],
    people[0]!,
  );
  expect(accepted).toBe(1);
  expect(refused.map(({ at, reason }) => [at, reason.split(':')[0]])).toEqual([
    [1, 'torrent_id'],
    [2, 'cookie, passkey'],
    [3, 'site'],
    [4, 'site'],
    [5, 'title'],
    [6, 'seen_at'],
    [7, 'count'],
    [8, 'release_key'],
    [9, 'observation'],
    [10, 'observation'],
  ]);
});

test('strangers report nothing', async () => {
  await expect(report([], { ...administrator(), user_id: null, role: null })).rejects.toMatchObject({
    code: 'unauthorized',
  });
  await expect(report([], { ...administrator(), role: 'user' })).rejects.toMatchObject({ code: 'unauthorized' });
});

test('a merged key is answered in place, with the sites of both', async () => {
  for (const key of ['merge-a-1990-movie', 'merge-b-1990-movie'])
    await call(
      importWorks,
      { source: 'test', works: [{ release_key: key, title: key, type: 'movie', year: 1990 }] },
      publisher,
    );
  for (const one of people.slice(0, 3))
    await report(
      [
        { site: 'left', release_key: 'merge-a-1990-movie' },
        { site: 'right', release_key: 'merge-b-1990-movie' },
      ],
      one,
    );
  await call(mergeWorks, { release_key: 'merge-a-1990-movie', into: 'merge-b-1990-movie' }, publisher);
  for (const key of ['merge-a-1990-movie', 'merge-b-1990-movie']) {
    expect((await call(getIndexEntry, { release_key: key })).release_key).toBe(key);
    expect((await sites(key)).sort()).toEqual(['left', 'right']);
  }
});

test('what a publisher takes away does not come back by old reports, only by new ones', async () => {
  const old = new Date(Date.now() - 3_600_000).toISOString();
  const all = (seen_at?: string) =>
    Promise.all(
      people.slice(0, 3).map((one) => report([{ site: 'gone', release_key: IRON, ...(seen_at && { seen_at }) }], one)),
    );
  await all(old);
  expect(await call(contract.removeReleases, { releases: [{ site: 'gone', release_key: IRON }] }, people[0]!)).toEqual({
    removed: 1,
  });
  expect(await sites(IRON)).not.toContain('gone');
  await all(old);
  expect(await sites(IRON)).toContain('gone');
  expect(await call(contract.removeReleases, { releases: [{ site: 'gone', release_key: IRON }] }, publisher)).toEqual({
    removed: 3,
  });
  await all(old);
  expect(await sites(IRON)).not.toContain('gone');
  await all();
  expect(await sites(IRON)).toContain('gone');
});

test('what crawling nodes report counts once for each node, and once for all that share a key', async () => {
  const items = [
    {
      title: 'Iron.Man.2008.1080p.BluRay',
      release_key: null,
      seen_at: new Date().toISOString(),
      size_bucket: 'odd',
      count: 1,
    },
  ];
  const tell = (contributor: string) => running.broker.tell(meshObserved, { contributor, site: 'crawled', items });
  const witnesses = async () => {
    const client = new pg.Client(running.databaseUrl);
    await client.connect();
    const found = await client.query<{ witnesses: number }>(
      `select witnesses from intel.work_sites where site = 'crawled'`,
    );
    await client.end();
    return found.rows[0]?.witnesses;
  };
  for (const one of ['legacy', 'legacy', 'node 1']) await tell(one);
  await eventually(async () => (await witnesses()) === 2);
  expect(await sites(IRON)).not.toContain('crawled');
  await tell('node 2');
  await eventually(async () => (await sites(IRON)).includes('crawled'));
});

describe('recommendations say why', () => {
  test('which sites, among those of the series too', async () => {
    for (const one of people.slice(0, 3)) await report([{ site: 'series', release_key: ONE }], one);
    const { sites: found } = await call(contract.recommendSites, { release_key: TWO });
    expect(found.find(({ site }) => site === 'wide')).toMatchObject({ reason: 'has it, last seen today' });
    expect(found.find(({ site }) => site === 'series')).toMatchObject({ reason: 'has other parts of the series' });
  });

  test('which works: the next season first, then neighbours on the same sites', async () => {
    const { items } = await call(contract.recommendSimilar, { release_key: ONE });
    expect(items[0]).toMatchObject({ release_key: TWO, reason: 'the next season', recommendation_type: 'series' });
    expect(items.find(({ release_key }) => release_key === IRON)).toMatchObject({ recommendation_type: 'same_sites' });
  });

  test('what is seen most of late, the same to everybody, and sites only of one’s own', async () => {
    const { items } = await call(contract.recommendTrending, {});
    expect(items[0]).toMatchObject({ recommendation_type: 'trending' });
    const hermit = people[7]!;
    await call(contract.setMySites, { sites: ['nowhere'] }, hermit);
    // Scores fade with every moment that passes between two questions.
    const same = items.map((item) => ({ ...item, score: expect.closeTo(item.score, 0) as number }));
    expect((await call(contract.recommendTrending, {}, hermit)).items).toEqual(same);
    expect((await call(contract.recommendSites, { release_key: TWO }, hermit)).sites).toEqual([]);
  });

  test('and whoever says that they are on a site learns of none of its works by it', async () => {
    const [film, ...others] = ['hidden-1-1991-movie', 'hidden-2-1991-movie', 'hidden-3-1991-movie'];
    for (const release_key of [film!, ...others])
      await call(importWorks, { source: 'test', works: [{ release_key, title: release_key, type: 'movie', year: 1991 }] }, publisher); // prettier-ignore
    for (const site_id of ['club1', 'club2', 'club3'])
      await call(contract.saveIntelSite, { site_id, visibility: 'members' }, publisher);
    const see = async (site: string, keys: string[]) => {
      for (const one of people.slice(0, 3)) await report(keys.map((release_key) => ({ site, release_key })), one);
    }; // prettier-ignore
    await see('club1', [film!, ...others]);
    const guest = people[5]!;
    await call(contract.setMySites, { sites: ['club1'] }, guest);
    const shown = async () => [
      ...(await call(contract.recommendSimilar, { release_key: film!, limit: 50 }, guest)).items,
      ...(await call(contract.recommendTrending, { limit: 100 }, guest)).items,
    ].filter(({ release_key }) => release_key.startsWith('hidden-')).map(({ release_key }) => release_key); // prettier-ignore
    expect(await shown()).toEqual([]);
    // What is on many sites is no longer a secret of one.
    for (const site of ['club2', 'club3']) await see(site, [film!, others[0]!]);
    expect(new Set(await shown())).toEqual(new Set([film, others[0]]));
    await call(contract.setMySites, { sites: [] }, guest);
  });

  test('and what enough people thought of them moves their place a little, each once', async () => {
    for (const site of ['liked', 'usual']) for (const one of people.slice(0, 3)) await report([{ site, release_key: ONE }], one); // prettier-ignore
    const scores = async () => {
      const { sites: all } = await call(contract.recommendSites, { release_key: ONE, limit: 50 });
      return Object.fromEntries(all.map(({ site, score }) => [site, score]));
    };
    const before = await scores();
    expect(before.liked).toBeCloseTo(before.usual!, 1);
    const say = (one: Caller, verdict: 'helpful' | 'wrong', subject = 'usual') =>
      call(contract.giveFeedback, { release_key: ONE, subject, verdict }, one);
    for (let time = 0; time < 5; time++) await say(people[0]!, 'wrong');
    await say(people[1]!, 'wrong');
    const same = Object.entries(before).map(([site, score]) => [site, expect.closeTo(score, 0)]);
    expect(await scores()).toEqual(Object.fromEntries(same));
    await say(people[2]!, 'wrong');
    const after = await scores();
    expect(after.usual! / before.usual!).toBeCloseTo(0.88, 2);
    expect(after.liked).toBeCloseTo(before.liked!, 0);
    for (const one of people.slice(0, 3)) expect(await say(one, 'helpful')).toEqual({ ok: true });
    expect((await scores()).usual! / before.usual!).toBeGreaterThan(1);
    await expect(say(people[0]!, 'helpful', 'resolve')).rejects.toMatchObject({ code: 'invalid' });
    await expect(call(contract.giveFeedback, { release_key: 'none-0000-tv', subject: 'similar', verdict: 'helpful' }, people[0]!)).rejects.toMatchObject({ code: 'not_found' }); // prettier-ignore
    const client = new pg.Client(running.databaseUrl);
    await client.connect();
    const kept = JSON.stringify((await client.query('select * from intel.feedback_votes')).rows);
    await client.end();
    for (const { user_id } of people) expect(kept).not.toContain(user_id!);
  });
});

test('a name belongs to one site', async () => {
  await call(contract.saveIntelSite, { site_id: 'first', aliases: ['The First'] }, publisher);
  await expect(
    call(contract.saveIntelSite, { site_id: 'second', aliases: ['the first'] }, publisher),
  ).rejects.toMatchObject({ code: 'conflict' });
});

describe('whom nobody believes any more', () => {
  const told = (site: string) => call(getIndexEntry, { release_key: IRON }).then(({ sites: all }) => all.find((one) => one.site === site)); // prettier-ignore
  const witnesses = async (site: string) => {
    const client = new pg.Client(running.databaseUrl);
    await client.connect();
    const { rows } = await client.query<{ witnesses: number }>(
      'select witnesses from intel.work_sites where site = $1',
      [site],
    );
    await client.end();
    return rows[0]?.witnesses;
  };
  const seenBy = async (site: string) => {
    const three = await Promise.all(Array.from({ length: 3 }, () => keeper(running.broker, 'contributor')));
    for (const one of three) await report([{ site, release_key: IRON }], one);
    expect(await told(site)).toBeDefined();
    return three;
  };

  test('has what they reported taken back when they lose their role, and only that', async () => {
    const [liar] = await seenBy('lied');
    await seenBy('true');
    await call(setContributor, { user_id: liar!.user_id!, role: 'none' }, administrator());
    await eventually(async () => (await witnesses('lied')) === 2);
    expect(await told('lied')).toBeUndefined();
    expect(await witnesses('true')).toBe(3);
  });

  test('has it taken back when the account is closed, and its tokens open nothing until it is opened again', async () => {
    const [gone] = await seenBy('closed');
    await call(contract.setMySites, { sites: ['closed'] }, gone!);
    const { token } = await call(createClientToken, { name: 'client' }, gone!);
    const asked = async () =>
      (await call(getIndexEntry, { release_key: IRON, token: token! })).sites.map(({ site }) => site);
    expect(await asked()).toEqual(['closed']);
    const tell = (is_active: boolean, changed_at: Date) =>
      running.broker.tell(accountChanged, { user_id: gone!.user_id!, is_active, changed_at });
    const moment = new Date();
    await tell(false, moment);
    await eventually(async () => (await witnesses('closed')) === 2);
    // A stranger hears of open sites: the token is nobody's.
    expect(await asked()).toContain('busy');
    await expect(report([], gone!)).rejects.toMatchObject({ code: 'unauthorized' });
    await tell(true, new Date(moment.getTime() + 1000));
    await eventually(async () => !(await asked()).includes('busy'));
    // An older word that comes late changes nothing.
    await tell(false, moment);
    await running.broker.tell(meshObserved, { contributor: 'after', site: 'later', items: [{ title: null, release_key: IRON, seen_at: moment.toISOString(), size_bucket: null, count: 1 }] }); // prettier-ignore
    await eventually(async () => (await witnesses('later')) === 1);
    expect(await asked()).not.toContain('busy');
  });

  test('of nodes that are one witness, the word of one that is revoked goes, and what others have seen too stays', async () => {
    const item = (release_key: string) => ({ title: null, release_key, seen_at: new Date().toISOString(), size_bucket: null, count: 1 }); // prettier-ignore
    const crawl = (node: string | undefined, site: string) =>
      running.broker.tell(meshObserved, { contributor: 'key 1', node, site, items: [item(IRON)] });
    const change = (node: string, is_revoked: boolean, changed_at: Date) =>
      running.broker.tell(meshNodeChanged, { node, is_revoked, changed_at });
    await crawl('bad', 'crawled-by-one');
    for (const node of ['bad', 'good', 'good', 'worse']) await crawl(node, 'crawled-by-three');
    await crawl('other', 'crawled-by-other');
    await crawl(undefined, 'crawled-long-ago');
    const seen = ['crawled-by-one', 'crawled-by-three', 'crawled-by-other', 'crawled-long-ago'];
    const all = () => Promise.all(seen.map(witnesses));
    await eventually(async () => (await all()).every((one) => one === 1));
    const moment = new Date();
    await change('worse', true, moment);
    await change('bad', true, moment);
    await eventually(async () => (await witnesses('crawled-by-one')) === undefined);
    expect(await all()).toEqual([undefined, 1, 1, 1]);
    // What it told before and comes late is not taken in, until it is let in again; an older word changes nothing.
    await crawl('bad', 'crawled-late');
    await change('bad', false, new Date(moment.getTime() + 1000));
    await change('bad', true, moment);
    await crawl('bad', 'crawled-again');
    await eventually(async () => (await witnesses('crawled-again')) === 1);
    expect(await witnesses('crawled-late')).toBeUndefined();
    await change('good', true, moment);
    await eventually(async () => (await witnesses('crawled-by-three')) === undefined);
  });

  test('is taken back too where it was being taken in when word came that its node is revoked', async () => {
    const [client, holder] = [new pg.Client(running.databaseUrl), new pg.Client(running.databaseUrl)];
    await Promise.all([client.connect(), holder.connect()]);
    await holder.query('begin; lock table intel.sightings in exclusive mode');
    const waiting = (what: string) => async () => {
      const { rows } = await client.query(
        `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like $1`,
        [`%${what}%`],
      );
      return rows.length > 0;
    };
    const item = { title: null, release_key: IRON, seen_at: new Date().toISOString(), size_bucket: null, count: 1 };
    const heard = { contributor: 'key 1', node: 'caught', site: 'crawled-meanwhile', items: [item] };
    const hearing = running.broker.tell(meshObserved, heard);
    await eventually(waiting('sightings'));
    const revoking = running.broker.tell(meshNodeChanged, { node: 'caught', is_revoked: true, changed_at: new Date() });
    await eventually(waiting('into mesh_nodes'));
    await holder.query('commit');
    await holder.end();
    await Promise.all([hearing, revoking]);
    await eventually(async () => (await witnesses('crawled-meanwhile')) === undefined);
    await client.end();
  });

  test('are taken back a few at a time, so that what is asked at once stays small however many they are', async () => {
    const sent: number[] = [];
    const note = (text: string, given: unknown[] = []) => sent.push(text.length + JSON.stringify(given).length);
    const quiet = () => undefined;
    const database = new DataSource({
      ...connectionOptions('intel', { DATABASE_URL: running.databaseUrl, DATABASE_POOL_SIZE: 1 }, []),
      logging: ['query'],
      logger: { logQuery: note, logQueryError: quiet, logQuerySlow: quiet, logSchemaBuild: quiet, logMigration: quiet, log: quiet }, // prettier-ignore
    });
    await database.initialize();
    await database.query(
      `insert into work_sites (work_id, site, witnesses, trust, last_seen)
       select w.id, 'site ' || n, 0, 0, now() from works w, generate_series(1, 400) n where w.release_key = $1`,
      [IRON],
    );
    const secrets = { bytes: () => Promise.resolve(Buffer.alloc(32)) } as unknown as Secrets;
    const sightings = new Sightings(database, secrets, {} as Sites, {} as Titles);
    const names = Array.from({ length: 60 }, (_, at) => `node of many ${at}`);
    expect(await sightings.takeBack(names, new AbortController().signal)).toBe(0);
    await database.query(`delete from work_sites where site like 'site %'`);
    await database.destroy();
    expect(Math.max(...sent)).toBeLessThan(1_500_000);
  });

  test('has their voices on recommendations taken back, and others keep theirs', async () => {
    const voices = async () => {
      const client = new pg.Client(running.databaseUrl);
      await client.connect();
      const { rows } = await client.query(`select is_good from intel.feedback_votes where subject = 'trending'`);
      await client.end();
      return rows.length;
    };
    const [leaver, stayer] = [people[4]!, people[5]!];
    for (const release_key of [IRON, ONE]) for (const one of [leaver, stayer])
      await call(contract.giveFeedback, { release_key, subject: 'trending', verdict: 'wrong' }, one); // prettier-ignore
    expect(await voices()).toBe(4);
    await running.broker.tell(accountChanged, { user_id: leaver.user_id!, is_active: false, changed_at: new Date() });
    await eventually(async () => (await voices()) === 2);
  });

  test('is not heard again when too many of their names were wrong', async () => {
    const [wrong] = await seenBy('guessed');
    for (const name of ['Wrong One', 'Wrong Two', 'Wrong Three']) {
      const { id } = await call(submitAlias, { release_key: IRON, name }, wrong!);
      await call(rejectSubmission, { submission_id: id }, publisher);
    }
    await eventually(async () => (await witnesses('guessed')) === 2);
    await expect(report([{ site: 'guessed', release_key: IRON }], wrong!)).rejects.toMatchObject({
      code: 'unauthorized',
    });
  });
});

test('somebody is on fifty sites at most, and cannot try one after another', async () => {
  const walker = people[6]!;
  const some = (from: number, count: number) => Array.from({ length: count }, (_, at) => `walk${from + at}`);
  await expect(call(contract.setMySites, { sites: some(0, 51) }, walker)).rejects.toMatchObject({ code: 'invalid' });
  await call(contract.setMySites, { sites: some(0, 50) }, walker);
  await call(contract.setMySites, { sites: some(50, 10) }, walker);
  await expect(call(contract.setMySites, { sites: some(60, 1) }, walker)).rejects.toMatchObject({
    code: 'conflict',
    details: { reason: 'too_many_requests' },
  });
  expect((await call(contract.getMySites, {}, walker)).sites).toHaveLength(10);
  expect((await call(contract.setMySites, { sites: some(0, 50) }, walker)).sites).toHaveLength(50);
  await call(contract.setMySites, { sites: [] }, walker);
});

test('a domain below which anybody may have a name is no site’s', async () => {
  for (const domain of ['*.co.uk', 'co.uk', '*.github.io', 'github.io', '*.com.cn'])
    await expect(
      call(contract.saveIntelSite, { site_id: 'greedy', domains: ['greedy.example', domain] }, publisher),
    ).rejects.toMatchObject({ code: 'invalid', message: expect.stringContaining(domain) });
  const domains = ['*.modest.co.uk', '*.modest.example', 'modest.github.io'];
  expect(await call(contract.saveIntelSite, { site_id: 'modest', domains }, publisher)).toMatchObject({ domains });
});

test('a domain is one site’s with all that is below it', async () => {
  const save = (site_id: string, ...domains: string[]) => call(contract.saveIntelSite, { site_id, domains }, publisher);
  await save('bay', 'bay.example', 'tracker.bay.example');
  await save('cove', '*.cove.example');
  for (const domain of [
    '*.bay.example',
    'forum.bay.example',
    '*.forum.bay.example',
    'cove.example',
    '*.a.cove.example',
    'a.cove.example',
  ])
    await expect(save('pirate', domain)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining(domain),
    });
  // Names that only look alike, and neighbours below a domain that nobody has.
  for (const [site, domain] of [
    ['ebay', 'ebay.example'],
    ['east', 'east.ports.example'],
    ['west', '*.west.ports.example'],
  ] as const)
    expect(await save(site, domain)).toMatchObject({ domains: [domain] });
  await expect(save('ports', 'ports.example')).rejects.toMatchObject({
    details: { reason: 'domain_taken', domain: 'ports.example' },
  });
  const atOnce = await Promise.allSettled([save('left', '*.both.example'), save('right', 'www.both.example')]);
  expect(atOnce.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  await save('bay', 'tracker.bay.example');
  expect(await save('pirate', 'forum.bay.example')).toMatchObject({ domains: ['forum.bay.example'] });
});

test('a domain is one site’s', async () => {
  await call(contract.saveIntelSite, { site_id: 'harbour', domains: ['harbour.example', '*.harbour.example'] }, publisher); // prettier-ignore
  await expect(
    call(contract.saveIntelSite, { site_id: 'pirate', domains: ['harbour.example'] }, publisher),
  ).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('harbour') });
  expect(await call(contract.saveIntelSite, { site_id: 'harbour' }, publisher)).toMatchObject({
    domains: ['*.harbour.example', 'harbour.example'],
  });
});
