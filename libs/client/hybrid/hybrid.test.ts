import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MemoryHost, Publisher, StandingClock } from '#libs/testing/snapshot-world';
import { buildTitleIndex } from '#libs/titles/build-title-index';
import { eventually } from '#libs/testing/child-process';
import { connect } from '../api/api.js';
import { bearer } from '../api/credentials.js';
import { Offline } from '../offline/offline.js';
import { memoryStore } from '../snapshots/memory-store.js';
import { Snapshots } from '../snapshots/snapshots.js';
import { Hybrid, type HybridOptions } from './hybrid.js';

const KEY = 'iron-man-2008-movie';
const asked: { url: string; authorization: string | undefined }[] = [];
/** What the server in the cloud does with a question just now. */
let does: (response: ServerResponse) => void;
const server = createServer((request, response) => {
  asked.push({ url: request.url!, authorization: request.headers.authorization });
  does(response);
});
let offline: Offline;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const [clock, host] = [new StandingClock(), new MemoryHost()];
  const publisher = await Publisher.start(host, clock);
  const titles = Buffer.from(
    buildTitleIndex([{ release_key: KEY, type: 'movie', year: 2008, aliases: [{ title: 'Iron Man' }] }]),
  );
  await publisher.publish({ titles, recent: {}, works: { [KEY]: { title: 'Iron Man', type: 'movie', year: 2008 } } });
  const snapshots = new Snapshots({ from: host, store: memoryStore(), clock });
  await snapshots.sync();
  offline = new Offline(snapshots);
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  asked.length = 0;
});

const address = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const cloud = () => connect({ server: address(), credentials: bearer('mine') });
const hybrid = (options: HybridOptions = {}) => new Hybrid(cloud(), offline, { budget_ms: 60_000, ...options });
const json = (status: number, body: unknown) => (response: ServerResponse) =>
  void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
const answers = json(200, { title: 'Iron Man', type: 'movie', release_key: KEY, aliases: ['钢铁侠'], confidence: 1 });
const hangs = () => undefined;
const by = async (one: Hybrid) => {
  const answer = await one.resolve('Iron Man 2008');
  expect(answer.answer).toMatchObject({ release_key: KEY });
  return answer.by === 'cloud' ? 'cloud' : answer.because;
};

test('the cloud answers when it can, and knows who asks', async () => {
  does = answers;
  expect(await hybrid().resolve('钢铁侠 2008')).toEqual({
    by: 'cloud',
    answer: expect.objectContaining({ aliases: ['钢铁侠'] }) as unknown,
  });
  expect(asked).toEqual([
    { url: '/v1/alias/resolve?q=%E9%92%A2%E9%93%81%E4%BE%A0+2008', authorization: 'Bearer mine' },
  ]);
});

test.each([
  ['does not answer in time', hangs, 'too_late'],
  ['answers an error', json(503, { code: 'unavailable', detail: 'no' }), 'unreachable'],
  ['has too many to answer', json(429, {}), 'unreachable'],
  ['answers a page', (response: ServerResponse) => void response.end('<html>'), 'unreachable'],
  ['hangs up', (response: ServerResponse) => void response.destroy(), 'unreachable'],
  ['does not know the token', json(401, { code: 'unauthorized', detail: 'no' }), 'unauthorized'],
])('when the cloud %s, the snapshot answers and says why', async (_name, deed, because) => {
  does = deed;
  expect(await by(hybrid({ budget_ms: because === 'too_late' ? 30 : 60_000 }))).toBe(because);
});

test('a cloud that fails again and again is left alone, then tried by one question, and trusted again', async () => {
  does = json(500, {});
  const patient = hybrid({ failures: 2, pause_ms: 600_000 });
  expect([await by(patient), await by(patient), await by(patient), await by(patient)]).toEqual([
    'unreachable',
    'unreachable',
    'circuit_open',
    'circuit_open',
  ]);
  expect(asked).toHaveLength(2);
  const one = hybrid({ failures: 2, pause_ms: 10 });
  expect([await by(one), await by(one)]).toEqual(['unreachable', 'unreachable']);
  does = answers;
  await eventually(async () => (await by(one)) === 'cloud');
  expect(await by(one)).toBe('cloud');
});

test('that there is no such thing is an answer: it is told, and breaks no circuit', async () => {
  does = json(404, { code: 'not_found', detail: 'There is no work x.' });
  const one = hybrid({ failures: 1 });
  for (let times = 0; times < 3; times++)
    await expect(one.similar('x')).rejects.toMatchObject({ code: 'not_found', message: 'There is no work x.' });
  expect(asked).toHaveLength(3);
});

test.each([
  ['knows no such work', json(404, { detail: 'Not Found' }), 'not_found'],
  [
    'cannot read it',
    json(422, { detail: [{ loc: ['query', 'q'], msg: 'too short', type: 'value_error' }] }),
    'invalid',
  ],
])('a cloud of the kind there was before that %s has answered too', async (_what, deed, code) => {
  does = deed;
  const one = hybrid({ failures: 1 });
  for (let times = 0; times < 2; times++) await expect(one.resolve('x')).rejects.toMatchObject({ code });
  does = answers;
  expect(await by(one)).toBe('cloud');
});

test('where the snapshot knows nothing either, the failure of the cloud is told', async () => {
  does = json(500, {});
  const empty = new Offline(new Snapshots({ from: new MemoryHost(), store: memoryStore() }));
  const one = new Hybrid(cloud(), empty, { failures: 1, pause_ms: 60_000 });
  await expect(one.resolve('x')).rejects.toMatchObject({
    code: 'internal',
    message: expect.stringContaining('answered 500') as string,
  });
  await expect(one.resolve('x')).rejects.toMatchObject({ code: 'unavailable' });
});

test('what a person has seen never leaves for the cloud', async () => {
  does = answers;
  const one = hybrid();
  expect((await one.forHistory([KEY])).by).toBe('offline');
  expect(one.parse('Iron.Man.2008.1080p').year?.value).toBe(2008);
  expect(asked).toEqual([]);
});

test.each([
  ['an envelope', json(200, { success: true, data: [] })],
  ['a list', json(200, [])],
  ['nothing', json(200, null)],
  ['fields of other kinds', json(200, { title: 7, type: 'movie', release_key: null, aliases: [] })],
  ['a page', (response: ServerResponse) => void response.writeHead(200).end('<html>Sign in to this network</html>')],
  ['that there is no such page', (response: ServerResponse) => void response.writeHead(404).end('404 page not found')],
])('what is no answer of the cloud is none: %s', async (_what, something) => {
  does = something;
  expect(['malformed', 'unreachable']).toContain(await by(hybrid()));
  expect((await hybrid().search('Iron Man')).by).toBe('offline');
  expect((await hybrid().sites(KEY)).by).toBe('offline');
  expect((await hybrid().rules()).by).toBe('offline');
  expect((await hybrid().similar(KEY)).by).toBe('offline');
});
