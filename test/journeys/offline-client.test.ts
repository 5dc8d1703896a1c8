import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Caller } from '#libs/contracts/caller';
import { reportReleases } from '#libs/contracts/intel-releases';
import { createRuleDraft, publishRules, validateRuleDraft } from '#libs/contracts/intel-rules';
import { buildSnapshotNow } from '#libs/contracts/intel-snapshots';
import { importWorks, mergeWorks } from '#libs/contracts/intel-works';
import type { RecommendedWork, SiteScore } from '#libs/client/answers';
import { connect } from '#libs/client/api/api';
import { Cloud } from '#libs/client/hybrid/cloud';
import { Hybrid } from '#libs/client/hybrid/hybrid';
import { directoryStore } from '#libs/client/node/directory-store';
import { Offline } from '#libs/client/offline/offline';
import { Snapshots } from '#libs/client/snapshots/snapshots';
import { systemClock } from '#libs/client/snapshots/system-clock';
import { eventually } from '#libs/testing/child-process';
import { runServices, type RunningServices } from '#libs/testing/running';
import { keeper, ownFolder, WORKS } from '#libs/testing/seeds/catalogue';
import { startGateway, type RunningGateway } from '../../services/gateway/start-gateway.js';
import { intel } from '../../services/intel/service.js';

const YEAR = 365 * 86_400_000;
const PLAIN = Array.from({ length: 150 }, (_, n) => ({
  title: `Ledger of Harbour ${String.fromCharCode(65 + (n % 26))}${n}`,
  type: 'movie' as const,
  year: 1950 + (n % 70),
  popularity: n,
  source_ref: `plain-${n}`,
}));
const ASKED = [
  '钢铁侠',
  '鋼鐵人',
  'Iron.Man.2008.1080p.BluRay.x264-GRP',
  'irn man 2008',
  '灯塔之子 第二季',
  '[Group] Lighthouse Child S02E05 [1080p]',
  'Ledger of Harbour C28',
  'nothing of ours',
];

let running: RunningServices;
let gateway: RunningGateway;
let publisher: Caller;
const folder = mkdtempSync(join(tmpdir(), 'evidverse-offline-'));
beforeAll(async () => {
  running = await runServices([intel], { ...ownFolder(), INTEL_SNAPSHOT_MINUTES: '0', INTEL_MIN_CONTRIBUTORS: '1' });
  gateway = await startGateway({ ...running.environment, PORT: '0' });
  publisher = await keeper(running.broker, 'publisher');
  await call(importWorks, { source: 'test', works: [...WORKS, ...PLAIN] }, publisher);
  const seen = (site: string, ...keys: string[]) => keys.map((release_key) => ({ site, release_key }));
  const observations = [
    ...seen('hdsky', 'iron-man-2008-movie', 'lighthouse-child-2021-anime', 'lighthouse-child-season-2-2022-anime'),
    ...seen('ttg', 'iron-man-2008-movie', 'ledger-of-harbour-c28-1978-movie'),
  ];
  expect(await call(reportReleases, { observations }, publisher)).toMatchObject({ refused: [], unresolved: 0 });
  await publishRulesOf('hdsky');
  await call(buildSnapshotNow, {}, publisher);
  await eventually(async () => 'title' in (await cloud().resolve('Iron Man', signal)));
});
afterAll(async () => {
  await gateway.close();
  await running.close();
  rmSync(folder, { recursive: true, force: true });
});

const { signal } = new AbortController();
const call: RunningServices['broker']['call'] = (...args) => running.broker.call(...args);
const address = () => `http://127.0.0.1:${gateway.port}`;
const api = () => connect({ server: address() });
const cloud = () => new Cloud(api());
/** A program that is started anew on the same folder, so many milliseconds from now. */
function client(later = 0) {
  const clock = { ...systemClock, now: () => new Date(Date.now() + later) };
  const snapshots = new Snapshots({ from: `${address()}/snap/`, store: directoryStore(folder), clock });
  return { snapshots, offline: new Offline(snapshots) };
}

async function publishRulesOf(site: string, { selector = 'td', canary_share = 1 } = {}): Promise<void> {
  const html = `<table><tr class="row"><${selector}>A</${selector}></tr></table>`;
  const list = { row: 'tr.row', fields: { title_raw: { selector } } };
  const fixtures = [{ name: 'one', page: 'list', html, expect: [{ title_raw: 'A' }] }];
  const { id } = await call(
    createRuleDraft,
    { record: { site, engine: 'nexusphp', parse: { list } }, fixtures },
    publisher,
  );
  await call(validateRuleDraft, { draft_id: id }, publisher);
  await call(publishRules, { drafts: [id], canary_share }, publisher);
}

/** How sure an answer is may differ by what stands in the index itself and what was laid over it since. */
const inOrder = (answer: { aliases?: string[]; confidence?: number }) => ({
  ...answer,
  confidence: undefined,
  ...(answer.aliases && { aliases: [...answer.aliases].sort() }),
});
/** Scores of sites are those of the week in a snapshot and those of the moment in the cloud. */
const withoutScores = (items: readonly (RecommendedWork | SiteScore)[]) =>
  items.map((item) => ({
    ...item,
    score: 0,
    confidence: 0,
    ...('last_seen' in item && { last_seen: Date.parse(item.last_seen) }),
  }));

test('what the cloud answered before it went, the client answers afterwards, with the age of what it knows', async () => {
  const { snapshots, offline } = client();
  expect(await snapshots.sync()).toMatchObject({
    outcome: 'updated',
    came: { titles: 'full', works: 'full', index: 'full', rules: 'full' },
  });
  const online = {
    resolved: await Promise.all(ASKED.map((text) => cloud().resolve(text, signal))),
    found: await cloud().search('lighthouse', { limit: 5 }, signal),
    sites: await cloud().sites('iron-man-2008-movie', signal),
    rules: JSON.parse((await cloud().rules(undefined, signal))!.text) as object,
    recommended: await cloud().recommendSites('lighthouse-child-2021-anime', 5, signal),
    similar: await cloud().similar('lighthouse-child-2021-anime', 10, signal),
    trending: await cloud().trending(10, signal),
  };
  expect(online.resolved.filter((answer) => 'title' in answer).length).toBeGreaterThan(5);
  await gateway.close();
  for (const [at, text] of ASKED.entries()) {
    const { answer, by, snapshot } = await offline.resolve(text);
    expect(inOrder(answer)).toEqual(inOrder(online.resolved[at]!));
    expect([by, snapshot.seq]).toEqual(['offline', 1]);
    expect(snapshot.age_ms).toBeLessThan(600_000);
  }
  const found = (await offline.search('lighthouse', { limit: 5 })).answer;
  expect(found.results.map(inOrder)).toEqual(online.found.results.map(inOrder));
  const { sites } = (await offline.sites('iron-man-2008-movie')).answer;
  expect(withoutScores(sites)).toEqual(withoutScores(online.sites.sites));
  expect((await offline.rules()).answer).toEqual(online.rules);
  expect(withoutScores((await offline.recommendSites('lighthouse-child-2021-anime', 5)).answer)).toEqual(
    withoutScores(online.recommended),
  );
  expect((await offline.similar('lighthouse-child-2021-anime')).answer).toEqual(online.similar);
  expect(withoutScores((await offline.trending()).answer)).toEqual(withoutScores(online.trending));
  await expect(snapshots.sync()).rejects.toMatchObject({ code: 'unavailable' });
  expect((await offline.resolve('钢铁侠')).answer).toMatchObject({ release_key: 'iron-man-2008-movie' });
});

test('with the server gone for a year everything is still answered, and how old that is is said', async () => {
  const { snapshots, offline } = client(YEAR);
  await expect(snapshots.sync()).rejects.toMatchObject({ code: 'unavailable' });
  const old = { by: 'offline', snapshot: { seq: 1, checked_at: expect.any(String) as string } };
  const resolved = await offline.resolve('Lighthouse.Child.S02E05.1080p.WEB-DL-GRP');
  expect(resolved).toMatchObject({
    ...old,
    answer: { release_key: 'lighthouse-child-season-2-2022-anime', episode: 5 },
  });
  expect(resolved.snapshot.age_ms).toBeGreaterThanOrEqual(YEAR);
  expect(offline.parse('Lighthouse.Child.S02E05.1080p.WEB-DL-GRP')).toMatchObject({
    episodes: { value: [5] },
    group: { value: 'GRP' },
  });
  expect(await offline.search('钢铁')).toMatchObject({
    ...old,
    answer: { results: [{ release_key: 'iron-man-2008-movie' }] },
  });
  expect((await offline.sites('iron-man-2008-movie')).answer.sites.map(({ site }) => site).sort()).toEqual([
    'hdsky',
    'ttg',
  ]);
  expect((await offline.recommendSites('iron-man-2008-movie')).answer[0]!.reason).toMatch(/36[5-6] days ago/);
  expect((await offline.similar('lighthouse-child-2021-anime')).answer[0]).toMatchObject({ reason: 'the next season' });
  expect((await offline.trending()).answer.length).toBeGreaterThan(0);
  const history = ['lighthouse-child-2021-anime', 'iron-man-2008-movie'];
  const forMe = (await offline.forHistory(history)).answer;
  expect(forMe.map(({ release_key }) => release_key)).toEqual([
    'lighthouse-child-season-2-2022-anime',
    'ledger-of-harbour-c28-1978-movie',
  ]);
  const page = {
    page: 'list' as const,
    url: 'https://hdsky.example/browse.php',
    html: '<tr class="row"><td>B</td></tr>',
  };
  expect((await offline.readPage('hdsky', { ...page, html: `<table>${page.html}</table>` })).answer).toEqual({
    rows: [{ title_raw: 'B' }],
  });
});

test('a person who says which sites are theirs hears of no others', async () => {
  const offline = new Offline(client().snapshots, { sites: ['ttg'] });
  expect((await offline.sites('iron-man-2008-movie')).answer.sites.map(({ site }) => site)).toEqual(['ttg']);
  expect(JSON.stringify(await offline.similar('iron-man-2008-movie'))).not.toContain('lighthouse');
});

test('a hybrid says who answered and why: the cloud, or the snapshot while the cloud is gone', async () => {
  const hybrid = new Hybrid(api(), client().offline, { budget_ms: 5000, failures: 2, pause_ms: 60_000 });
  const because = async () => {
    const answer = await hybrid.resolve('钢铁侠');
    expect(answer.answer).toMatchObject({ release_key: 'iron-man-2008-movie' });
    return answer.by === 'cloud' ? 'cloud' : answer.because;
  };
  expect([await because(), await because(), await because()]).toEqual(['unreachable', 'unreachable', 'circuit_open']);
  gateway = await startGateway({ ...running.environment, PORT: String(gateway.port) });
  const anew = new Hybrid(api(), client().offline, { budget_ms: 60_000 });
  expect(await anew.resolve('钢铁侠')).toMatchObject({ by: 'cloud', answer: { release_key: 'iron-man-2008-movie' } });
  await expect(anew.similar('no-such-work-2000-movie')).rejects.toMatchObject({ code: 'not_found' });
});

test('rules on trial read pages for who is in their share, by their signatures, and for nobody else', async () => {
  await publishRulesOf('hdsky', { selector: 'th', canary_share: 0.5 });
  const { offline } = client();
  const page = {
    page: 'list' as const,
    url: 'https://hdsky.example/browse.php',
    html: '<table><tr class="row"><td>old</td><th>new</th></tr></table>',
  };
  const readBy = async (client_id?: string) => {
    const hybrid = new Hybrid(api(), offline, { budget_ms: 60_000, client_id });
    const { answer, by } = await hybrid.readPage('hdsky', page);
    return `${by} ${answer.rows[0]!.title_raw}`;
  };
  const share = await Promise.all(Array.from({ length: 40 }, (_, at) => readBy(`installation ${at}`)));
  expect([...new Set(share)].sort()).toEqual(['cloud new', 'cloud old']);
  expect(await readBy()).toBe('cloud old');
  expect((await offline.readPage('hdsky', page)).answer.rows).toEqual([{ title_raw: 'old' }]);
});

test('what changed since comes as deltas, and a host without news sends nothing', async () => {
  const { snapshots, offline } = client();
  expect((await offline.resolve('Brand New Harbour')).answer).toEqual({});
  const works = [{ title: 'Brand New Harbour', type: 'movie' as const, year: 2026, source_ref: 'n' }];
  await call(importWorks, { source: 'test', works }, publisher);
  await call(
    mergeWorks,
    { release_key: 'ledger-of-harbour-a0-1950-movie', into: 'ledger-of-harbour-b1-1951-movie' },
    publisher,
  );
  await call(buildSnapshotNow, {}, publisher);
  expect(await snapshots.sync()).toMatchObject({
    outcome: 'updated',
    seq: 2,
    came: { works: 'delta', recent: 'full' },
  });
  expect((await offline.resolve('Brand New Harbour')).answer).toMatchObject({
    release_key: 'brand-new-harbour-2026-movie',
  });
  expect((await offline.resolve('Ledger of Harbour A0')).answer).toMatchObject({
    release_key: 'ledger-of-harbour-b1-1951-movie',
  });
  expect((await offline.similar('ledger-of-harbour-a0-1950-movie')).answer).toEqual([]);
  expect(await snapshots.sync()).toMatchObject({ outcome: 'unchanged', requests: 1, bytes: 0 });
  await call(buildSnapshotNow, {}, publisher);
  const { outcome, requests, bytes } = await snapshots.sync();
  expect([outcome, requests]).toEqual(['unchanged', 1]);
  expect(bytes).toBeLessThanOrEqual(400);
});
