import { Offline } from '#libs/client/offline/offline';
import { Snapshots } from '#libs/client/snapshots/snapshots';
import { memoryStore } from '#libs/client/snapshots/memory-store';
import { saveIntelSite } from '#libs/contracts/intel-releases';
import { createRuleDraft, publishRules, validateRuleDraft } from '#libs/contracts/intel-rules';
import { buildSnapshotNow } from '#libs/contracts/intel-snapshots';
import { startSnapshotCentre, type SnapshotCentre } from './snapshot-centre.js';

/** Three definitions as Jackett and Prowlarr have them become drafts, are tried, published and signed, and read pages in a client offline. */
let centre: SnapshotCentre;
let offline: Offline;
beforeAll(async () => {
  centre = await startSnapshotCentre({ INTEL_SNAPSHOT_MINUTES: '0' });
});
afterAll(() => centre.close());

const BOARD = String.raw`---
id: Board
name: Board
description: "pages of a forum"
language: ru-RU
type: semi-private
encoding: windows-1251
links: [https://board.example/forum/]
caps:
  categorymappings: [{ id: 7, cat: Movies/HD, desc: Films }, { id: 9, cat: TV, desc: Series, default: true }]
  modes: { search: [q], tv-search: [q, season, ep] }
settings:
  - { name: username, type: text, label: Name }
  - { name: password, type: password, label: Password }
  - { name: stripcyrillic, type: checkbox, label: Strip, default: false }
login:
  path: login.php
  method: post
  inputs: { user: "{{ .Config.username }}", pass: "{{ .Config.password }}" }
  error: [{ selector: div.wrong }]
  test: { path: index.php, selector: a.out }
search:
  paths: [{ path: tracker.php, method: post }]
  inputs:
    nm: "{{ .Keywords }}"
    $raw: "{{ range .Categories }}f[]={{ . }}&{{ end }}"
  keywordsfilters: [{ name: re_replace, args: ["(?i)\\bS0*(\\d+)\\b", "Season $1"] }]
  rows:
    selector: tr[id^="tor_"]:has(a.dl)
    filters: [{ name: andmatch }]
  fields:
    category: { selector: a.f, attribute: href, filters: [{ name: querystring, args: f }] }
    title:
      selector: a.title
      filters:
        - { name: re_replace, args: ["(\\([\\p{IsCyrillic}\\W]+\\))|(^[\\p{IsCyrillic}\\W\\d]+\\/ )", "{{ if .Config.stripcyrillic }}{{ else }}$1$2{{ end }}"] }
        - { name: re_replace, args: ["(?i)Сезон (\\d+)(?!\\d)", "S$1"] }
    download: { selector: a.dl, attribute: href }
    size: { selector: td.size }
    seeders: { selector: b.up }
    leechers: { selector: b.down, optional: true, default: 0 }
    date: { selector: td.date, filters: [{ name: dateparse, args: "dd-MMM-yyyy HH:mm" }, { name: append, args: "" }] }
    downloadvolumefactor: { case: { "img[src=\"gold.gif\"]": 0, "*": 1 } }
`;
const INTERFACE = String.raw`---
id: interface-api
name: Interface
description: "answers of an interface"
language: en-US
type: private
encoding: UTF-8
links: [https://interface.example/]
caps:
  categorymappings: [{ id: 1, cat: Movies, desc: Movie }, { id: 2, cat: TV, desc: TV }]
  modes: { search: [q] }
settings:
  - { name: apikey, type: text, label: Key }
  - { name: freeleech, type: checkbox, label: Free, default: false }
login: { path: /api/torrents, method: get, inputs: {}, error: [{ selector: ":root:contains(\"Banned\")" }] }
search:
  paths: [{ path: api/torrents/filter, response: { type: json } }]
  headers: { Authorization: ["Bearer {{ .Config.apikey }}"] }
  inputs:
    name: "{{ .Keywords }}"
    "free[]": "{{ if .Config.freeleech }}100{{ else }}{{ end }}"
    kind: "{{ if eq .Query.Type \"tvsearch\" }}tv{{ else if eq .Query.Type \"movie\" }}film{{ else }}all{{ end }}"
  rows: { selector: data, attribute: attributes }
  fields:
    category: { selector: category_id }
    title_plain: { selector: name }
    title_file: { selector: "files[0].name", optional: true }
    title: { text: "{{ if and (eq .Result.files \"1\") (.Result.title_file) }}{{ .Result.title_file }}{{ else }}{{ .Result.title_plain }}{{ end }}" }
    files: { selector: num_file }
    download: { selector: download_link }
    size: { selector: size }
    seeders: { selector: seeders }
    date: { selector: created_at, filters: [{ name: append, args: " +00:00" }, { name: dateparse, args: "MM/dd/yyyy HH:mm:ss zzz" }] }
    downloadvolumefactor_free: { selector: freeleech, case: { 0%: 1, 50%: 0.5, "*": 0 } }
    downloadvolumefactor: { text: "{{ .Result.downloadvolumefactor_free }}" }
`;
const FEED = String.raw`---
id: feed
name: Feed
description: "a feed"
language: en-US
type: public
encoding: UTF-8
links: [https://feed.example/]
caps: { categorymappings: [{ id: 5070, cat: TV/Anime, desc: Anime }], modes: { search: [q] } }
settings: []
search:
  paths: [{ path: api/torznab, response: { type: xml, noResultsMessage: "nothing here" } }]
  inputs: { t: search, q: "{{ .Keywords }}" }
  rows: { selector: item }
  fields:
    category: { selector: "torznab\\:attr[name='category']", attribute: value }
    title: { selector: title }
    download: { selector: link }
    size: { selector: size }
    seeders: { selector: "torznab\\:attr[name='seeders']", attribute: value }
    date: { selector: pubDate, filters: [{ name: dateparse, args: "ddd, d MMM yyyy HH:mm:ss zzz" }] }
`;

const board = (rows: string) => `<html><body><table>${rows}</table></body></html>`;
const BOARD_PAGE = board(`<tr><th>Head</th></tr>
<tr id="tor_1"><td><a class="f" href="tracker.php?f=7">F</a><a class="title" href="t?1">Маяк / Harbour Сезон 2 (Россия)</a><img src="gold.gif"></td>
<td class="size">1.5 GB</td><td><b class="up">12</b></td><td class="date">05-Mar-2026 10:30</td><td><a class="dl" href="./dl.php?t=1">get</a></td></tr>
<tr id="tor_2"><td><a class="f" href="tracker.php?f=9">F</a><a class="title" href="t?2">Something else</a></td>
<td class="size">700 MB</td><td><b class="up">1</b></td><td class="date">05-Mar-2026 10:30</td><td><a class="dl" href="./dl.php?t=2">get</a></td></tr>`);
const ANSWER = JSON.stringify({
  data: [
    { attributes: { category_id: 1, name: 'Harbour 2026', num_file: 1, files: [{ name: 'Harbour.2026.1080p.mkv' }], download_link: '/dl/1', size: 9000, seeders: 3, created_at: '2026-03-05T10:30:00.000000Z', freeleech: '50%' } },
    { attributes: { category_id: 2, name: 'Harbour S01', num_file: 8, files: [{ name: 'e1.mkv' }], download_link: '/dl/2', size: 100, seeders: 0, created_at: '2026-03-05T10:30:00.000000Z', freeleech: '100%' } },
  ],
}); // prettier-ignore
const ITEMS = `<rss xmlns:torznab="x"><channel><item><title>Harbour - 01</title><link>https://feed.example/1.torrent</link><size>500</size>
<pubDate>Thu, 5 Mar 2026 10:30:00 +0100</pubDate><torznab:attr name="category" value="5070"/><torznab:attr name="seeders" value="4"/></item></channel></rss>`;

const given = [
  { site: 'board', definition: BOARD, url: 'https://board.example/forum/tracker.php', html: BOARD_PAGE, expect: [
    { title_raw: 'Маяк / Harbour S2 (Россия)', category: 'Movies/HD', size_bytes: 1_610_612_736, seeders: 12, leechers: 0, download_link: 'https://board.example/forum/dl.php?t=1', download_factor: 0 },
    { title_raw: 'Something else', category: 'TV', download_factor: 1 },
  ] },
  { site: 'interface-api', definition: INTERFACE, url: 'https://interface.example/api/torrents/filter', html: ANSWER, expect: [
    { title_raw: 'Harbour.2026.1080p.mkv', category: 'Movies', files: 1, download_factor: 0.5, upload_time: '2026-03-05T10:30:00.000Z' },
    { title_raw: 'Harbour S01', category: 'TV', download_link: 'https://interface.example/dl/2', download_factor: 0 },
  ] },
  { site: 'feed', definition: FEED, url: 'https://feed.example/api/torznab', html: ITEMS, expect: [
    { title_raw: 'Harbour - 01', category: 'TV/Anime', size_bytes: 500, seeders: 4, upload_time: '2026-03-05T09:30:00.000Z' },
  ] },
]; // prettier-ignore

test('a definition is a draft as it is, and what cannot be carried of it is told', async () => {
  const { call, publisher } = centre;
  const drafts: string[] = [];
  for (const { site, definition, expect: rows, ...page } of given) {
    await call(saveIntelSite, { site_id: site, domains: [new URL(page.url).host] }, publisher);
    const fixtures = [{ name: 'recorded', page: 'list', ...page, expect: rows }];
    const { id, losses } = await call(createRuleDraft, { definition, fixtures }, publisher);
    expect(losses).toEqual([]);
    expect((await call(validateRuleDraft, { draft_id: id }, publisher)).report).toEqual({ ok: true, problems: [], pages: ['list'] }); // prettier-ignore
    drafts.push(id);
  }
  const shell = FEED.replace('{ selector: title }', '{ selector: title, filters: [{ name: shell }] }');
  expect((await call(createRuleDraft, { definition: shell }, publisher)).losses).toEqual([
    expect.objectContaining({ code: 'unknown', path: 'search.fields.title.filters.0' }),
  ]);
  const refused = (wish: object) => expect(call(createRuleDraft, wish as never, publisher)).rejects.toMatchObject;
  await refused({ definition: FEED.replace('{ text: 1 }', 'x').replace('feed.example/]', '') })({ code: 'invalid' });
  await refused({})({ code: 'invalid', message: /rules are needed, or a definition/ });
  await refused({ definition: FEED, record: {} })({ code: 'invalid', message: /one of the two/ });
  await call(publishRules, { drafts }, publisher);
  expect(await call(buildSnapshotNow, {}, publisher)).toMatchObject({ state: 'published' });
});

test('and a client that has it offline asks the site and reads its answers by it, without telling anybody a secret', async () => {
  const snapshots = new Snapshots({ from: `${centre.url}/snap`, store: memoryStore() });
  await snapshots.sync();
  offline = new Offline(snapshots);
  for (const { site, url, html, expect: rows } of given)
    expect((await offline.readPage(site, { page: 'list', url, html })).answer.rows).toEqual(rows.map((row) => expect.objectContaining(row) as object)); // prettier-ignore
  const settings = { username: 'ada', password: 'hunter2', apikey: 'mine', stripcyrillic: true };
  const ask = async (site: string, query: Record<string, string>, categories: string[] = []) =>
    (await offline.requestsFor(site, { query, categories, settings })).answer;
  expect(await ask('board', { Q: 'маяк S02' }, ['Movies/HD'])).toEqual([
    { method: 'POST', url: 'https://board.example/forum/tracker.php', headers: {}, form: [['nm', 'маяк Season 2'], ['f[]', '7']], encoding: 'windows-1251', format: 'html' },
  ]); // prettier-ignore
  expect(await ask('interface-api', { Q: 'harbour', Type: 'movie' })).toMatchObject([
    { method: 'GET', url: 'https://interface.example/api/torrents/filter?name=harbour&kind=film', headers: { Authorization: 'Bearer mine' }, format: 'json' },
  ]); // prettier-ignore
  expect(await ask('feed', { Q: 'harbour' })).toMatchObject([{ url: 'https://feed.example/api/torznab?t=search&q=harbour' }]); // prettier-ignore
  const page = { page: 'list' as const, url: given[0]!.url, html: BOARD_PAGE };
  const { answer } = await offline.readPage('board', { ...page, question: { query: { Q: 'harbour' }, settings } });
  expect(answer.rows.map(({ title_raw }) => String(title_raw).trim())).toEqual(['Harbour S2']);
  await expect(offline.requestsFor('nobody', {})).rejects.toMatchObject({ code: 'not_found' });
  const held = JSON.stringify((await offline.rules()).answer);
  expect(held).toContain('"method":"post"');
  expect(held).not.toMatch(/hunter2|Bearer mine/);
});
