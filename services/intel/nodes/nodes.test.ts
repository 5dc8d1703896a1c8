import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { startService } from '#libs/bootstrap/start-service';
import { addIntelNode, listIntelNodes, pullIntelNode, saveIntelNode } from '#libs/contracts/intel-nodes';
import { getWork, importWorks } from '#libs/contracts/intel-works';
import { generateKey, sign, type SigningKey } from '#libs/snapshot/signing';
import { eventually } from '#libs/testing/child-process';
import { runServices, type RunningServices } from '#libs/testing/running';
import { administrator, keeper, ownFolder } from '#libs/testing/seeds/catalogue';
import { intel } from '../service.js';

/** Centres that are slow, or tell without end, on real servers. */
const admin = administrator();
let here: RunningServices;
let database: pg.Client;
let key: SigningKey;
const servers: Server[] = [];
beforeAll(async () => {
  here = await runServices([intel], {
    ...ownFolder(),
    INTEL_SNAPSHOT_MINUTES: '0',
    OUTBOUND_ALLOWED_HOSTS: '127.0.0.1',
  });
  database = new pg.Client({ connectionString: here.databaseUrl });
  await database.connect();
  await database.query('set search_path = intel');
  key = await generateKey();
});
afterAll(async () => {
  for (const server of servers) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
  await database.end();
  await here.close();
});

type Answers = (since: number, response: ServerResponse) => void;
const centre = async (name: string, answers: Answers, most: object = {}) => {
  const server = createServer((request: IncomingMessage, response) =>
    answers(Number(new URL(request.url!, 'http://x').searchParams.get('since')), response),
  );
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const wish = { name, url, public_key: key.public_key, tier: 'community' as const, ...most };
  return (await here.broker.call(addIntelNode, wish, admin)).id;
};
const work = (release_key: string, ...names: string[]) => ({
  release_key, title: names[0], original_title: null, year: 2001, type: 'movie', season: null, root_key: null, popularity: 1, ids: {},
  aliases: names.map((name) => ({ name, language: null, kind: 'official', licence: null, source: 'x', weight: 1 })),
}); // prettier-ignore
type Told = { works: unknown[]; redirects?: { from: string; into: string }[]; more?: boolean };
const tell = (since: number, { works, redirects = [], more = false }: Told, response: ServerResponse) =>
  void sign({ type: 'feed', from: since, to: since + 1, more, works, redirects }, [key]).then((feed) =>
    response.end(JSON.stringify(feed)),
  );
const record = async (id: string) => (await here.broker.call(listIntelNodes, {}, admin)).find((one) => one.id === id)!;
const pull = (node_id: string) => here.broker.call(pullIntelNode, { node_id }, admin);
const namesOf = async (release_key: string) => {
  const found = await here.broker.call(getWork, { release_key }).catch(() => undefined);
  return found?.aliases.map(({ name }) => name).sort();
};
const keysOf = async (name: string): Promise<string[]> =>
  (await database.query<{ release_key: string }>(`select release_key from works where source = $1 order by 1`, [`node:${name}`])).rows.map(({ release_key }) => release_key); // prettier-ignore

test('centres that never answer keep nobody waiting who is due after them', async () => {
  const waiting = new Set<ServerResponse>();
  const silent = (_since: number, response: ServerResponse) => {
    waiting.add(response);
    response.once('close', () => waiting.delete(response));
  };
  for (const name of ['silent-one', 'silent-two', 'silent-three']) await centre(name, silent);
  const id = await centre('lively', (since, response) =>
    tell(since, { works: [work('lively-2001-movie', 'Lively')] }, response),
  );
  const replica = await startService(intel, { ...here.environment, RABBITMQ_URL: `in-process:${randomUUID()}` });
  try {
    await eventually(async () => (await record(id)).last_pulled_at !== null && waiting.size === 3);
    expect(await namesOf('lively-2001-movie')).toEqual(['Lively']);
  } finally {
    await replica.close();
  }
});

describe('a centre that tells without end', () => {
  const three = (since: number) =>
    [0, 1, 2].map((n) => work(`endless-${1000 + since * 3 + n}-2001-movie`, `Endless ${since * 3 + n}`));
  const isPast = 500;
  const endless: Answers = (since, response) =>
    tell(since, { works: since < isPast ? three(since) : [], more: true }, response);

  test('brings new works up to the measure an operator has set, and goes on being heard', async () => {
    const id = await centre('endless', endless, { most_works: 10 });
    const pulled = await pull(id);
    expect(pulled).toMatchObject({ most_works: 10, works: 10, names: 10, limit_met: 'works', failures: 0 });
    expect(pulled.cursor).toBeGreaterThan(4);
    expect(await keysOf('endless')).toHaveLength(10);
    await pull(id);
    expect(await keysOf('endless')).toHaveLength(10);
    expect(await here.broker.call(saveIntelNode, { node_id: id, most_works: 20 }, admin)).toMatchObject({ most_works: 20, limit_met: null, cursor: 3 }); // prettier-ignore
    expect(await pull(id)).toMatchObject({ works: 20, limit_met: 'works' });
    const expected = Array.from({ length: 20 }, (_, n) => `endless-${1000 + n}-2001-movie`);
    expect(await keysOf('endless')).toEqual(expected);
  });

  test('brings the rest of a day on the next, from where it was left out', async () => {
    const id = await centre('daily', (since, response) =>
      tell(since, { works: [work(`daily-${since}-2001-movie`, `Daily ${since}`, `Täglich ${since}`)], more: since < 8 }, response),
      { most_works_a_day: 4 }); // prettier-ignore
    expect(await pull(id)).toMatchObject({ works: 4, works_today: 4, names_today: 8, limit_met: 'works_a_day' });
    expect(await pull(id)).toMatchObject({ works: 4 });
    await database.query('update nodes set counted_on = counted_on - 1 where id = $1', [id]);
    expect(await pull(id)).toMatchObject({ works: 8, works_today: 4, limit_met: 'works_a_day' });
    await database.query('update nodes set counted_on = counted_on - 1 where id = $1', [id]);
    expect(await pull(id)).toMatchObject({ works: 9, works_today: 1, names: 18, limit_met: null });
    expect(await keysOf('daily')).toHaveLength(9);
  });
});

test('of a centre that may bring no more, changes of what it brought and what it takes back still come', async () => {
  let told: Told = { works: [] };
  const id = await centre('full', (since, response) => tell(since, told, response), { most_works: 3, most_names: 6 });
  const hear = async (next: Told) => {
    told = next;
    return pull(id);
  };
  const [a, b, c] = ['full-a-2001-movie', 'full-b-2001-movie', 'full-c-2001-movie'];
  expect(await hear({ works: [work(a, 'A', 'Alpha'), work(b, 'B', 'Beta'), work(c, 'C')] })).toMatchObject({ works: 3, names: 5, limit_met: null }); // prettier-ignore
  const more = [work('full-d-2001-movie', 'D'), { ...work('full-t-2001-movie', 'T'), aliases: [], parts: [a] }];
  expect(await hear({ works: more, redirects: [{ from: 'full-r-2001-movie', into: a }] })).toMatchObject({ works: 3, limit_met: 'works' }); // prettier-ignore
  expect(await hear({ works: [work(a, 'Alpha', 'One', 'Two')] })).toMatchObject({ works: 3, names: 6 });
  expect(await namesOf(a)).toEqual(['Alpha', 'One']);
  await hear({ works: [{ ...work(b, 'B'), year: 2002 }], redirects: [{ from: c, into: a }] });
  expect(await here.broker.call(getWork, { release_key: b })).toMatchObject({ year: 2002, aliases: [{ name: 'B' }] });
  expect((await here.broker.call(getWork, { release_key: c })).release_key).toBe(a);
  expect(await keysOf('full')).toEqual([a, b, c]);
});

test('names and ids without end are left out, those of others too', async () => {
  const publisher = await keeper(here.broker, 'publisher');
  const ours = [{ title: 'Ours', type: 'movie', year: 2001, release_key: 'ours-2001-movie' }];
  await here.broker.call(importWorks, { source: 'ours', works: ours as never }, publisher);
  const id = await centre('namer', (since, response) => {
    const ids = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`provider_${n}`, [`${since}`]]));
    const names = Array.from({ length: 100 }, (_, n) => `Name ${since} ${n}`);
    tell(since, { works: [{ ...work('ours-2001-movie', 'Ours', ...names), ids }], more: since < 4 }, response);
  }, { tier: 'trusted', most_names: 180 }); // prettier-ignore
  expect(await pull(id)).toMatchObject({ works: 0, names: 180, limit_met: 'names' });
  const { rows } = await database.query<{ names: number; ids: number }>(
    `select (select count(*)::int from aliases where source = 'node:namer') as names,
       (select count(*)::int from work_ids i join works w on w.id = i.work_id where w.release_key = 'ours-2001-movie') as ids`,
  );
  expect(rows[0]!.names + rows[0]!.ids).toBe(180);
});

test('a centre that changes the same again and again is heard on the next day', async () => {
  let asked = 0;
  const id = await centre('restless', (since, response) => {
    asked += 1;
    tell(since, { works: [work('restless-2001-movie', 'Restless', `Turn ${since % 2}`)], more: true }, response);
  }, { most_changes_a_day: 10 }); // prettier-ignore
  expect(await pull(id)).toMatchObject({ works: 1, limit_met: 'changes_a_day', failures: 0 });
  const before = asked;
  await pull(id);
  expect(asked).toBe(before);
  await database.query('update nodes set counted_on = counted_on - 1 where id = $1', [id]);
  await pull(id);
  expect(asked).toBeGreaterThan(before);
});
