import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { canonicalText, sha256, utf8 } from '#libs/snapshot/canonical-text';
import { rulesStatement } from '#libs/snapshot/documents';
import { generateKey, sign, type SigningKey } from '#libs/snapshot/signing';
import { MemoryHost, Publisher, StandingClock } from '#libs/testing/snapshot-world';
import { buildTitleIndex } from '#libs/titles/build-title-index';
import { connect } from '../api/api.js';
import { Offline } from '../offline/offline.js';
import { memoryStore } from '../snapshots/memory-store.js';
import { Snapshots } from '../snapshots/snapshots.js';
import { Hybrid } from './hybrid.js';

/** Rules of the cloud: those that everybody has are believed by the snapshot, those on trial by their signatures alone. */

const HELD = 5;
const rules = (version: number, selector = 'td') => ({
  rules: [
    {
      site: 'alpha',
      version,
      checksum: 'x',
      engine: 'nexusphp',
      parse: { list: { row: 'tr', fields: { title_raw: { selector } } } },
    },
  ],
  version,
});
const page = {
  page: 'list',
  url: 'https://alpha.example/',
  html: '<table><tr><td>A</td><th>B</th></tr></table>',
} as const;

let publisher: Publisher;
let clock: StandingClock;
let offline: Offline;
/** What the cloud has now, and who asked it for what. */
let has: { text: string; signatures: unknown };
const asked: { url: string; client: unknown }[] = [];

const server = createServer((request: IncomingMessage, response) => {
  asked.push({ url: request.url!, client: request.headers['x-client-id'] });
  void (async () => {
    if (request.url !== '/v1/rules/latest') {
      if (has.signatures === undefined) return response.writeHead(404, { 'content-type': 'application/json' }).end('{"detail":"Not Found"}'); // prettier-ignore
      return response.writeHead(200).end(JSON.stringify({ signatures: has.signatures }));
    }
    const etag = `"${await sha256(utf8(has.text))}"`;
    if (request.headers['if-none-match'] === etag) return response.writeHead(304, { etag }).end();
    return response.writeHead(200, { etag }).end(has.text);
  })();
});

beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
afterAll(() => server.close());
beforeEach(async () => {
  const host = new MemoryHost();
  clock = new StandingClock();
  publisher = await Publisher.start(host, clock);
  const titles = Buffer.from(buildTitleIndex([]));
  await publisher.publish({ titles, recent: {}, works: {}, rules: rules(HELD) }, HELD);
  const snapshots = new Snapshots({ from: host, store: memoryStore(), clock });
  await snapshots.sync();
  offline = new Offline(snapshots);
  has = { text: canonicalText(rules(HELD)), signatures: [] };
  asked.length = 0;
});

const hybrid = () => {
  const { port } = server.address() as AddressInfo;
  const api = connect({ server: `http://127.0.0.1:${port}` });
  return new Hybrid(api, offline, { budget_ms: 60_000, failures: 1, pause_ms: 600_000, client_id: 'one of many' });
};
async function signedBy(keys: readonly SigningKey[], text: string, version: number) {
  const bytes = utf8(text);
  const statement = rulesStatement({ version, sha256: await sha256(bytes), bytes: bytes.length });
  return { text, signatures: (await sign(statement, keys)).signatures };
}
const onTrial = () => signedBy(publisher.keys.rules, canonicalText(rules(6, 'th')), 6);
const summary = async (one: Hybrid) => {
  const { answer, ...rest } = await one.rules();
  return [answer.version, rest.by === 'cloud' ? 'cloud' : rest.because];
};

test('rules that the snapshot has are not sent again', async () => {
  expect(await summary(hybrid())).toEqual([HELD, 'cloud']);
  expect(asked).toEqual([{ url: '/v1/rules/latest', client: 'one of many' }]);
});

test('rules on trial are had by their signatures, and read the pages of their site', async () => {
  has = await onTrial();
  const one = hybrid();
  expect(await summary(one)).toEqual([6, 'cloud']);
  expect(asked.map(({ url }) => url)).toEqual(['/v1/rules/latest', '/v1/rules/6/signatures']);
  expect(await one.readPage('alpha', page)).toEqual({ answer: { rows: [{ title_raw: 'B' }] }, by: 'cloud' });
  expect((await offline.readPage('alpha', page)).answer).toEqual({ rows: [{ title_raw: 'A' }] });
  await expect(one.readPage('beta', page)).rejects.toMatchObject({ code: 'not_found' });
});

test('a trial that was ended is over for who reads pages within two minutes, and until then nobody is asked', async () => {
  has = await onTrial();
  const one = hybrid();
  const read = async () => (await one.readPage('alpha', page)).answer.rows[0]!.title_raw;
  expect(await read()).toBe('B');
  has = { text: canonicalText(rules(HELD)), signatures: [] };
  asked.length = 0;
  clock.move(119_000);
  expect([await read(), asked.length]).toEqual(['B', 0]);
  clock.move(2000);
  expect(await read()).toBe('A');
});

test.each<[string, () => Promise<typeof has>]>([
  ['are signed by nobody', async () => ({ ...(await onTrial()), signatures: [] })],
  ['come of a cloud that tells of no signatures', async () => ({ ...(await onTrial()), signatures: undefined })],
  ['are signed by a stranger', async () => signedBy([await generateKey()], canonicalText(rules(6, 'th')), 6)],
  ['are signed for something else that may be signed', async () => signedBy(publisher.keys.manifest, (await onTrial()).text, 6)], // prettier-ignore
  ['were changed since', async () => ({ ...(await onTrial()), text: canonicalText(rules(6, 'tr')) })],
  ['say another version than was signed', async () => ({ ...(await onTrial()), text: canonicalText(rules(7, 'th')) })],
  ['are older than those held', () => signedBy(publisher.keys.rules, canonicalText(rules(4, 'th')), 4)],
])('rules that %s are refused, and the snapshot answers', async (_what, given) => {
  has = await given();
  const one = hybrid();
  expect(await summary(one)).toEqual([HELD, 'refused']);
  expect((await one.readPage('alpha', page)).answer).toEqual({ rows: [{ title_raw: 'A' }] });
  has = await onTrial();
  expect(await summary(one)).toEqual([6, 'cloud']);
});

test('before it is known whose signatures count no rules are believed', async () => {
  has = await onTrial();
  offline = new Offline(new Snapshots({ from: new MemoryHost(), store: memoryStore() }));
  await expect(hybrid().rules()).rejects.toMatchObject({ reason: 'missing', message: expect.stringContaining('Sync') });
  offline = new Offline(new Snapshots({ from: new MemoryHost(), store: memoryStore(), root: publisher.root }));
  expect(await summary(hybrid())).toEqual([6, 'cloud']);
});
