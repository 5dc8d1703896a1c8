import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import type { Caller } from '#libs/contracts/caller';
import * as contract from '#libs/contracts/intel-nodes';
import {
  getWork,
  importWorks,
  mergeWorks,
  saveWork,
  splitWork,
  unmergeWork,
  unsplitWork,
} from '#libs/contracts/intel-works';
import { rotateKey } from '#libs/contracts/intel-rules';
import { generateKey, sign, type SigningKey } from '#libs/snapshot/signing';
import { runServices, type RunningServices } from '#libs/testing/running';
import { administrator, keeper, ownFolder, WORKS } from '#libs/testing/seeds/catalogue';
import { startGateway, type RunningGateway } from '../../services/gateway/start-gateway.js';
import { intel } from '../../services/intel/service.js';

/** Two centres: what is said in the one is heard in the other. */
interface Centre extends RunningServices {
  gateway: RunningGateway;
  publisher: Caller;
  url: string;
}
let there: Centre;
let here: Centre;
const admin = administrator();

async function centre(): Promise<Centre> {
  const running = await runServices([intel], {
    ...ownFolder(),
    INTEL_SNAPSHOT_MINUTES: '0',
    OUTBOUND_ALLOWED_HOSTS: '127.0.0.1',
  });
  const gateway = await startGateway({ ...running.environment, PORT: '0' });
  const publisher = await keeper(running.broker, 'publisher');
  return { ...running, gateway, publisher, url: `http://127.0.0.1:${gateway.port}` };
}
beforeAll(async () => {
  [there, here] = [await centre(), await centre()];
  await there.broker.call(importWorks, { source: 'theirs', works: WORKS }, there.publisher);
});
afterAll(async () => {
  for (const { gateway, close } of [there, here]) {
    await gateway.close();
    await close();
  }
});

const namesHere = async (release_key: string) => (await here.broker.call(getWork, { release_key })).aliases;
const pull = (node_id: string) => here.broker.call(contract.pullIntelNode, { node_id }, admin);

test('a feed tells when the changes were made that it goes on from and ends with', async () => {
  const feed = async (since: number) => (await there.broker.call(contract.getFeed, { since, limit: 2 })).signed;
  const first = await feed(0);
  const second = await feed(first.to);
  expect([first.from_at, Date.parse(first.to_at!) <= Date.now()]).toEqual([undefined, true]);
  expect(second.from_at).toBe(first.to_at);
});

test('the feed of another centre is pulled from where it was left, below what is said here', async () => {
  const own = {
    title: 'Iron Man (ours)',
    type: 'movie',
    year: 2008,
    release_key: 'iron-man-2008-movie',
    aliases: [{ name: '钢铁侠', language: 'zh' }],
  };
  await here.broker.call(importWorks, { source: 'ours', works: [own] as never }, here.publisher);
  const rival = {
    title: 'Another',
    type: 'movie',
    year: 1999,
    release_key: 'another-1999-movie',
    aliases: [{ name: 'Lighthouse Child' }],
  };
  await here.broker.call(importWorks, { source: 'ours', works: [rival] as never }, here.publisher);
  const { public_key } = await there.broker.call(contract.getIdentity, {});
  const node = await here.broker.call(
    contract.addIntelNode,
    { name: 'friends', url: there.url, public_key, tier: 'community' },
    admin,
  );
  expect(await pull(node.id)).toMatchObject({
    failures: 0,
    last_error: null,
    last_pulled_at: expect.any(String) as string,
  });
  const iron = await here.broker.call(getWork, { release_key: 'iron-man-2008-movie' });
  expect(iron).toMatchObject({ title: 'Iron Man (ours)', ids: {} });
  expect(iron.aliases).toContainEqual(
    expect.objectContaining({ name: 'アイアンマン', source: 'node:friends', weight: 0.5 }),
  );
  expect((await namesHere('lighthouse-child-2021-anime')).map(({ name }) => name)).not.toContain('Lighthouse Child');
  const more = { title: 'Later', type: 'movie' as const, year: 2001, source_ref: 'later' };
  await there.broker.call(importWorks, { source: 'theirs', works: [more] }, there.publisher);
  const { cursor } = await pull(node.id);
  expect(cursor).toBeGreaterThan(node.cursor);
  expect(await namesHere('later-2001-movie')).toMatchObject([{ name: 'Later', source: 'node:friends' }]);
  await there.broker.call(
    mergeWorks,
    { release_key: 'later-2001-movie', into: 'lighthouse-child-2021-anime' },
    there.publisher,
  );
  await pull(node.id);
  expect((await here.broker.call(getWork, { release_key: 'later-2001-movie' })).release_key).toBe(
    'lighthouse-child-2021-anime',
  );
  expect((await there.broker.call(contract.listChanges, {})).items.at(-1)!.seq).toBe((await pull(node.id)).cursor);
  await here.broker.call(contract.removeIntelNode, { node_id: node.id }, admin);
  expect((await namesHere('iron-man-2008-movie')).map(({ name }) => name)).toEqual(['Iron Man (ours)', '钢铁侠']);
});

test('a work with the longest texts that may be said, in letters of two units each, is told and taken', async () => {
  const long = (most: number) => '𠮷'.repeat(most);
  const work = {
    title: long(500),
    original_title: long(500),
    type: 'tv',
    year: 2020,
    root_key: long(200),
    release_key: 'longest-2020-tv',
    ids: { odd: long(100) },
    aliases: [{ name: `${long(499)}野`, language: long(35), licence: `public ${long(93)}` }],
  };
  await there.broker.call(importWorks, { source: 's'.repeat(64), works: [work] as never }, there.publisher);
  const key = { name: 'lengthy', url: there.url, tier: 'trusted' as const };
  const { public_key } = await there.broker.call(contract.getIdentity, {});
  const { id } = await here.broker.call(contract.addIntelNode, { ...key, public_key }, admin);
  expect(await pull(id)).toMatchObject({ failures: 0, last_error: null });
  expect((await namesHere(work.release_key)).map(({ name }) => name)).toContain(work.aliases[0]!.name);
  await here.broker.call(contract.removeIntelNode, { node_id: id }, admin);
});

test('a centre that changes its key is followed by the new one, and by the old one for a while', async () => {
  const { public_key: old } = await there.broker.call(contract.getIdentity, {});
  const wish = { url: there.url, public_key: old };
  const [first, second] = [
    await here.broker.call(contract.addIntelNode, { ...wish, name: 'early' }, admin),
    await here.broker.call(contract.addIntelNode, { ...wish, name: 'late' }, admin),
  ];
  await there.broker.call(rotateKey, { role: 'feed' }, admin);
  const { public_key: middle } = await there.broker.call(contract.getIdentity, {});
  expect(middle).not.toBe(old);
  expect(await pull(first.id)).toMatchObject({ failures: 0, public_key: middle });
  await there.broker.call(rotateKey, { role: 'feed' }, admin);
  const { public_key: young } = await there.broker.call(contract.getIdentity, {});
  for (const { id } of [first, second]) {
    expect(await pull(id)).toMatchObject({ failures: 0, last_error: null, public_key: young });
    await here.broker.call(contract.removeIntelNode, { node_id: id }, admin);
  }
});

describe('a feed is refused, and nothing of it taken, when', () => {
  let server: Server;
  let answer: (since: number) => unknown;
  let key: SigningKey;
  let url: string;
  beforeAll(async () => {
    key = await generateKey();
    server = createServer((request, response) => {
      const since = Number(new URL(request.url!, 'http://x').searchParams.get('since'));
      void Promise.resolve(answer(since)).then((value) =>
        response.end(typeof value === 'string' ? value : JSON.stringify(value)),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));
  const evil = {
    release_key: 'evil-2000-movie', title: 'Evil', original_title: null, year: 2000, type: 'movie', season: null, root_key: null, popularity: 0, ids: {},
    aliases: [{ name: 'Evil', language: null, kind: 'main', licence: null, source: 'x', weight: 1 }],
  }; // prettier-ignore
  const body = (since: number, works: unknown[] = [evil]) => ({
    type: 'feed',
    from: since,
    to: since + 1,
    more: false,
    works,
    redirects: [],
  });

  test.each([
    [
      'another key signed it',
      async (since: number) => sign(body(since), [await generateKey()]),
      'is not signed by its key',
    ],
    [
      'it was changed on the way',
      async (since: number) => ({ ...(await sign(body(since), [key])), signed: body(since, []) }),
      'is not signed by its key',
    ],
    ['it is no feed', async () => sign({ type: 'other' }, [key]), 'cannot be read'],
    ['it begins elsewhere', async (since: number) => sign(body(since + 5), [key]), 'begins at'],
    ['it is no JSON', async () => '<html>', 'not JSON'],
    [
      'a work in it is malformed',
      async (since: number) => sign(body(since, [{ ...evil, release_key: '../x' }]), [key]),
      'cannot be read',
    ],
  ])('%s', async (_name, make, words) => {
    answer = make;
    const name = `bad-${Math.floor(performance.now() * 1000)}`;
    const node = await here.broker.call(contract.addIntelNode, { name, url, public_key: key.public_key }, admin);
    expect(await pull(node.id)).toMatchObject({
      failures: 1,
      cursor: 0,
      last_error: expect.stringContaining(words) as string,
    });
    await expect(here.broker.call(getWork, { release_key: 'evil-2000-movie' })).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});

describe('a centre that lies', () => {
  let key: SigningKey;
  let works: unknown[] = [];
  let head: number | undefined;
  let at: string | undefined;
  let named: string | undefined;
  let server: Server;
  let node_id: string;
  const work = (release_key: string, title: string, ...names: string[]) => ({
    release_key, title, original_title: null, year: 2001, type: 'movie', season: null, root_key: null, popularity: 1e9, ids: {},
    aliases: [title, ...names].map((name) => ({ name, language: null, kind: 'official', licence: null, source: 'x', weight: 10 })),
  }); // prettier-ignore
  const ours = (release_key: string, title: string, ...names: string[]) =>
    here.broker.call(
      importWorks,
      { source: 'ours', works: [{ release_key, title, type: 'movie', year: 2001, aliases: names.map((name) => ({ name })) }] as never },
      here.publisher,
    ); // prettier-ignore
  const hear = async (...told: unknown[]) => {
    works = told;
    expect(await pull(node_id)).toMatchObject({ failures: 0, last_error: null });
  };
  beforeAll(async () => {
    key = await generateKey();
    server = createServer((request, response) => {
      const since = Number(new URL(request.url!, 'http://x').searchParams.get('since'));
      const isBack = head !== undefined && head < since;
      const now = { to: isBack ? since : since + 1, works: isBack ? [] : works };
      const signed = {
        type: 'feed',
        from: since,
        more: false,
        redirects: [],
        ...now,
        ...(head !== undefined && { head }),
        ...(at !== undefined && { from_at: at, to_at: at }),
        ...(named !== undefined && { key: named }),
      };
      void sign(signed, [key]).then((feed) => response.end(JSON.stringify(feed)));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const wish = { name: 'liar', url, public_key: key.public_key, tier: 'community' as const };
    node_id = (await here.broker.call(contract.addIntelNode, wish, admin)).id;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  test('leads no name of ours elsewhere, however it is written, and makes nothing better known than ours', async () => {
    await ours('steel-hero-2001-movie', 'Steel Hero', '鋼鐵俠士');
    await hear(
      work('evil-2001-movie', 'STEEL  hero '),
      work('twin-2001-movie', 'Evil Twin', 'Ｓｔｅｅｌ Hero', '钢铁侠士'),
    );
    await expect(here.broker.call(getWork, { release_key: 'evil-2001-movie' })).rejects.toMatchObject({
      code: 'not_found',
    });
    expect((await namesHere('twin-2001-movie')).map(({ name }) => name)).toEqual(['Evil Twin']);
    const { items } = await here.broker.call(contract.listChanges, { limit: 1000 });
    expect(items.findLast(({ key: of }) => of === 'twin-2001-movie')!.body).toMatchObject({ popularity: 0 });
  });

  test('names no key that it does not have', async () => {
    const mine = (await here.broker.call(contract.listIntelNodes, {}, admin)).find(({ id }) => id === node_id)!;
    named = (await generateKey()).public_key;
    await hear(work('key-2001-movie', 'Key'));
    named = undefined;
    expect((await here.broker.call(contract.listIntelNodes, {}, admin)).find(({ id }) => id === node_id)).toMatchObject(
      {
        public_key: mine.public_key,
      },
    );
  });

  test('was set back to an earlier day, and is followed from its beginning', async () => {
    await hear(work('day-one-2001-movie', 'Day One'));
    head = 1;
    await hear(work('day-two-2001-movie', 'Day Two'));
    head = undefined;
    expect((await namesHere('day-two-2001-movie')).map(({ name }) => name)).toEqual(['Day Two']);
    expect((await here.broker.call(contract.listIntelNodes, {}, admin)).find(({ id }) => id === node_id)).toMatchObject(
      {
        cursor: 1,
      },
    );
  });

  test('was set back and has grown past what was heard, and is followed from its beginning', async () => {
    const cursor = async () =>
      (await here.broker.call(contract.listIntelNodes, {}, admin)).find(({ id }) => id === node_id)!.cursor;
    at = '2001-01-01T00:00:00.000Z';
    await hear(work('old-day-2001-movie', 'Old Day'));
    const before = await cursor();
    await hear(work('old-day-2001-movie', 'Old Day'));
    expect(await cursor()).toBe(before + 1);
    at = '2001-01-02T00:00:00.000Z';
    await hear(work('new-day-2001-movie', 'New Day'));
    at = undefined;
    expect((await namesHere('new-day-2001-movie')).map(({ name }) => name)).toEqual(['New Day']);
    expect(await cursor()).toBe(1);
  });

  test('brings no name that holds an address, a key of somebody or what nobody sees, and its others come', async () => {
    await hear(
      work(
        'lit-2001-movie',
        'Lit',
        'https://site.example/details.php?id=7',
        'Lit passkey=abc',
        'Lit\u001b[2J',
        'Lamplit',
      ),
      work('link-2001-movie', 'https://site.example/7'),
      work('turned-2001-movie', '\u202edenruT'),
    );
    expect((await namesHere('lit-2001-movie')).map(({ name }) => name)).toEqual(['Lit', 'Lamplit']);
    for (const release_key of ['link-2001-movie', 'turned-2001-movie'])
      await expect(here.broker.call(getWork, { release_key })).rejects.toMatchObject({ code: 'not_found' });
  });

  test('takes with it, when it goes, nothing that ours have said too, and keeps no key from us', async () => {
    await ours('first-2001-movie', 'The First');
    await hear(work('first-2001-movie', 'The First', 'Der Erste'), work('squat-2001-movie', 'Not What It Is'));
    await ours('first-2001-movie', 'The First', 'Der Erste');
    await ours('squat-2001-movie', 'What It Is');
    expect(await here.broker.call(getWork, { release_key: 'squat-2001-movie' })).toMatchObject({ title: 'What It Is' });
    await here.broker.call(contract.removeIntelNode, { node_id }, admin);
    expect((await namesHere('first-2001-movie')).map(({ name }) => name).sort()).toEqual(['Der Erste', 'The First']);
    expect((await namesHere('squat-2001-movie')).map(({ name }) => name)).toEqual(['What It Is']);
  });
});

describe('what a centre takes back is taken back where it is heard', () => {
  let late: Centre;
  let node_id: string;
  beforeAll(async () => {
    late = await centre();
    node_id = await follow(here);
  });
  afterAll(async () => {
    await late.gateway.close();
    await late.close();
  });
  const follow = async (who: Centre) => {
    const { public_key } = await there.broker.call(contract.getIdentity, {});
    const wish = { name: 'origin', url: there.url, public_key, tier: 'trusted' as const };
    return (await who.broker.call(contract.addIntelNode, wish, admin)).id;
  };
  const hear = async (who = here, id = node_id) =>
    expect(await who.broker.call(contract.pullIntelNode, { node_id: id }, admin)).toMatchObject({ failures: 0, last_error: null }); // prettier-ignore
  const draft = (title: string, ...names: string[]) => ({
    title,
    type: 'movie' as const,
    year: 1950,
    aliases: names.map((name) => ({ name })),
  });
  const save = (release_key: string, title: string, ...names: string[]) =>
    there.broker.call(saveWork, { release_key, ...draft(title, ...names) } as never, there.publisher);
  const seen = async (who: Centre, release_key: string) => {
    const work = await who.broker.call(getWork, { release_key }).catch(() => undefined);
    return work && { key: work.release_key, title: work.title, names: work.aliases.map(({ name }) => name).sort(), parts: [...work.parts].sort(), merged: [...work.merged_keys].sort() }; // prettier-ignore
  };

  test('a name that is withdrawn there is gone here, comes back when it is said again, and stays away when ours have sent it', async () => {
    const key = 'taken-back-1950-movie';
    await save(key, 'Taken Back', 'Zurück', 'Wrong');
    await hear();
    await save(key, 'Taken Back', 'Zurück');
    await hear();
    expect((await seen(here, key))!.names).toEqual(['Taken Back', 'Zurück']);
    await save(key, 'Taken Back', 'Zurück', 'Wrong');
    await hear();
    expect((await seen(here, key))!.names).toEqual(['Taken Back', 'Wrong', 'Zurück']);
    await here.broker.call(saveWork, { release_key: key, ...draft('Taken Back', 'Zurück') } as never, here.publisher);
    await save(key, 'Taken Back', 'Zurück', 'Wrong', 'More');
    await hear();
    expect((await seen(here, key))!.names).toEqual(['More', 'Taken Back', 'Zurück']);
  });

  test('ids that a work had by a merge go with it when it is parted there, for who hears of it then and for who heard of the merge alone', async () => {
    const [a, b] = ['ids-a-1950-movie', 'ids-b-1950-movie'];
    for (const key of [a, b])
      await there.broker.call(saveWork, { release_key: key, ...draft(key), ids: { tmdb: key } } as never, there.publisher); // prettier-ignore
    await hear();
    const ids = async (who: Centre, release_key: string) => (await who.broker.call(getWork, { release_key })).ids;
    await there.broker.call(mergeWorks, { release_key: a, into: b }, there.publisher);
    await hear();
    expect(await ids(here, a)).toEqual({ tmdb: [a, b] });
    const late_id = await follow(late);
    await hear(late, late_id);
    await there.broker.call(unmergeWork, { release_key: a }, there.publisher);
    for (const [who, id] of [
      [here, node_id],
      [late, late_id],
    ] as const) {
      await hear(who, id);
      expect([await ids(who, a), await ids(who, b)]).toEqual([{ tmdb: [a] }, { tmdb: [b] }]);
    }
    await there.broker.call(mergeWorks, { release_key: a, into: b }, there.publisher);
    await hear();
    expect(await ids(here, a)).toEqual({ tmdb: [a, b] });
    await late.broker.call(contract.removeIntelNode, { node_id: late_id }, admin);
  });

  test('a work that somebody here has named too is not buried with the one it came from, nor is a merge by hand undone', async () => {
    for (const key of ['kept-1950-movie', 'other-1950-movie', 'third-1950-movie']) await save(key, `Title of ${key}`);
    await hear();
    const ours = { release_key: 'kept-1950-movie', ...draft('Title of kept-1950-movie', 'Unser') };
    await here.broker.call(importWorks, { source: 'ours', works: [ours] as never }, here.publisher);
    await here.broker.call(mergeWorks, { release_key: 'other-1950-movie', into: 'third-1950-movie' }, here.publisher);
    const parts = [draft('Kept, the first'), draft('Kept, the second')];
    await there.broker.call(splitWork, { release_key: 'kept-1950-movie', parts } as never, there.publisher);
    await save('other-1950-movie', 'Title of other-1950-movie', 'Autre');
    await hear();
    expect((await seen(here, 'kept-1950-movie'))!.names).toEqual(['Title of kept-1950-movie', 'Unser']);
    expect((await seen(here, 'kept-the-first-1950-movie'))!.names).toEqual(['Kept, the first']);
    expect((await seen(here, 'other-1950-movie'))!.key).toBe('third-1950-movie');
  });

  test('what was parted and then split, or turned round, between two pulls is so here too', async () => {
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((letter) => `between-${letter}-1950-movie`) as [string, string, string, string]; // prettier-ignore
    const merge = (release_key: string, into: string) =>
      there.broker.call(mergeWorks, { release_key, into }, there.publisher);
    const part = (release_key: string) => there.broker.call(unmergeWork, { release_key }, there.publisher);
    const split = (release_key: string) => there.broker.call(splitWork, { release_key, parts: [1, 2].map((n) => draft(`Half ${n} of ${release_key}`)) } as never, there.publisher); // prettier-ignore
    for (const key of [a, b, c, d]) await save(key, `Title of ${key}`);
    await merge(a, b);
    await merge(c, d);
    await hear();
    await part(a);
    await split(a);
    await merge(d, b);
    await part(c);
    await part(d);
    await merge(d, c);
    await merge(c, b);
    await hear();
    for (const key of [a, b, c, d]) expect([key, await seen(here, key)]).toEqual([key, await seen(there, key)]);
    await there.broker.call(unsplitWork, { release_key: a }, there.publisher);
    await save(a, 'Another title');
    await split(a);
    await hear();
    expect(await seen(here, a)).toEqual(await seen(there, a));
  });

  test('whoever follows every step or a few at once, and whoever comes late, sees what the origin sees, after any history', async () => {
    const keys = new Set(Array.from({ length: 6 }, (_, n) => `long-${n}-1950-movie`));
    for (const key of keys) await save(key, `Long ${key}`, `Name of ${key}`);
    const late_id = await follow(late);
    const steps = fc.sample(fc.tuple(fc.nat(5), fc.nat(99), fc.nat(99)), { numRuns: 60, seed: 11 });
    const as = (release_key: string) => there.broker.call(getWork, { release_key });
    for (const [kind, a, b] of steps) {
      const all = [...keys];
      const [key, other] = [all[a % all.length]!, all[b % all.length]!];
      const part = (n: number) => draft(`Part ${n} of ${key.slice(0, 12)}`, `Name ${n} of ${key}`);
      const step = [
        () => save(key, `Long ${key}`, `Name ${b % 3} of ${key}`),
        () => there.broker.call(mergeWorks, { release_key: key, into: other }, there.publisher),
        () => there.broker.call(unmergeWork, { release_key: key }, there.publisher),
        () => there.broker.call(splitWork, { release_key: key, parts: [part(1), part(2)] } as never, there.publisher),
        () => there.broker.call(unsplitWork, { release_key: key }, there.publisher),
        () => as(key),
      ][kind]!;
      // What is impossible by now is refused there, and nothing is heard of it.
      await step().catch(({ code }: { code?: string }) => expect(['conflict', 'not_found']).toContain(code));
      for (const one of (await as(key)).parts) keys.add(one);
      if (b % 9 < 2) await hear();
    }
    await hear();
    await hear(late, late_id);
    for (const key of keys) {
      const origin = await seen(there, key);
      expect([key, await seen(here, key)]).toEqual([key, origin]);
      expect([key, await seen(late, key)]).toEqual([key, origin]);
    }
  });
});

describe('of two centres that say the same', () => {
  interface Origin {
    says: (works: unknown[], redirects?: { from: string; into: string }[]) => Promise<void>;
    leaves: () => Promise<unknown>;
  }
  const servers: Server[] = [];
  afterAll(() => Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve)))));
  const origin = async (name: string): Promise<Origin> => {
    const key = await generateKey();
    let told: object = { works: [], redirects: [] };
    const server = createServer((request, response) => {
      const from = Number(new URL(request.url!, 'http://x').searchParams.get('since'));
      const signed = { type: 'feed', from, to: from + 1, more: false, ...told };
      void sign(signed, [key]).then((feed) => response.end(JSON.stringify(feed)));
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const wish = { name, url, public_key: key.public_key, tier: 'trusted' as const };
    const { id } = await here.broker.call(contract.addIntelNode, wish, admin);
    return {
      says: async (works, redirects = []) => {
        told = { works, redirects };
        expect(await pull(id)).toMatchObject({ failures: 0, last_error: null });
      },
      leaves: () => here.broker.call(contract.removeIntelNode, { node_id: id }, admin),
    };
  };
  const work = (release_key: string, ...names: string[]) => ({
    release_key, title: names[0], original_title: null, year: 1988, type: 'movie', season: null, root_key: null, popularity: 1, ids: {},
    aliases: names.map((name) => ({ name, language: null, kind: 'official', licence: null, source: 'x', weight: 1 })),
  }); // prettier-ignore
  const namesOf = async (release_key: string) => (await namesHere(release_key)).map(({ name, source }) => [name, source]).sort(); // prettier-ignore
  const key = 'both-1988-movie';

  test('one that takes a name back leaves it to the other, and it is gone when both have', async () => {
    const [first, second] = [await origin('first'), await origin('second')];
    await first.says([work(key, 'Both', 'Beide')]);
    await second.says([work(key, 'Both', 'Beide', 'Ambo')]);
    await first.says([work(key, 'Both')]);
    expect(await namesOf(key)).toEqual([['Ambo', 'node:second'], ['Beide', 'node:second'], ['Both', 'node:first']]); // prettier-ignore
    await second.says([work(key, 'Ambo')]);
    expect(await namesOf(key)).toEqual([['Ambo', 'node:second'], ['Both', 'node:first']]); // prettier-ignore
    await second.says([work(key, 'Ambo', 'Both')]);
    await first.leaves();
    expect(await namesOf(key)).toEqual([['Ambo', 'node:second'], ['Both', 'node:second']]); // prettier-ignore
    await second.leaves();
    expect(await namesOf(key)).toEqual([]);
  });

  test('one that goes takes its merges and splits with it, and no others', async () => {
    const [merger, other] = [await origin('merger'), await origin('other')];
    const [from, into, whole, part] = ['from-1988-movie', 'into-1988-movie', 'whole-1988-movie', 'part-1988-movie'];
    const tombstone = { ...work(whole, 'Whole'), aliases: [], parts: [part] };
    await merger.says([work(from, 'From'), work(into, 'Into'), work(whole, 'Whole')]);
    await other.says([work(from, 'From')]);
    await merger.says([work(into, 'Into'), work(part, 'Part'), tombstone], [{ from, into }]);
    const leads = async (release_key: string) => (await here.broker.call(getWork, { release_key })).release_key;
    expect([await leads(from), (await here.broker.call(getWork, { release_key: whole })).parts]).toEqual([into, [part]]); // prettier-ignore
    await merger.leaves();
    expect(await leads(from)).toBe(from);
    expect(await namesOf(from)).toEqual([['From', 'node:other']]);
    expect(await here.broker.call(getWork, { release_key: whole })).toMatchObject({ parts: [], aliases: [] });
    await other.leaves();
  });
});

test('a node in a private network, or added by anybody but an administrator, is refused', async () => {
  const wish = { name: 'inside', url: 'http://169.254.169.254/latest', public_key: 'A'.repeat(43) };
  await expect(here.broker.call(contract.addIntelNode, wish, admin)).rejects.toMatchObject({ code: 'invalid' });
  await expect(here.broker.call(contract.addIntelNode, wish, here.publisher)).rejects.toMatchObject({
    code: 'unauthorized',
  });
});
