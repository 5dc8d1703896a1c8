import { RuleRecord } from '../rule-record.js';
import { readPage } from '../read-page.js';
import { searchRequests } from '../search-requests.js';
import { convertDefinition } from './convert-definition.js';

const NOW = new Date('2026-03-10T12:00:00Z');

const PAGES = String.raw`
---
id: Harbour
name: Harbour
description: "a place made for this test"
language: en-US
type: semi-private
encoding: windows-1251
requestDelay: 2.5
followredirect: true
testlinktorrent: false
links:
  - https://harbour.example/forum/
  - http://old.harbour.example/
legacylinks:
  - https://gone.example/
caps:
  categorymappings:
    - {id: 7, cat: Movies/HD, desc: "Films HD"}
    - {id: 7, cat: Movies, desc: "Films HD"}
    - {id: 9, cat: TV, desc: Series, default: true}
  modes:
    search: [q]
    tv-search: [q, season, ep]
settings:
  - name: username
    type: text
    label: Username
  - name: password
    type: password
    label: Password
  - name: sort
    type: select
    label: Order
    default: 4
    options:
      4: created
      1: title
  - name: freeleech
    type: checkbox
    label: Only free
    default: false
  - name: info_cookie
    type: info_cookie
login:
  path: login.php
  method: form
  form: form#login
  submitpath: takelogin.php
  cookies: ["lang=en"]
  captcha:
    type: image
    selector: img.captcha
    input: code
  inputs:
    user: "{{ .Config.username }}"
    pass: "{{ .Config.password }}"
    keep: 1
  selectorinputs:
    csrf:
      selector: input[name="csrf"]
      attribute: value
  error:
    - selector: div.error:contains("wrong")
      message:
        selector: div.error b
  test:
    path: index.php
    selector: a[href*="logout"]
download:
  before:
    pathselector:
      selector: a.thanks
      attribute: href
  selectors:
    - selector: a[href^="magnet:"]
      attribute: href
search:
  paths:
    - path: browse.php
    - path: "{{ if .Keywords }}find/{{ .Keywords }}{{ else }}latest{{ end }}"
      categories: [9]
      inheritinputs: false
  inputs:
    $raw: "{{ range $i, $c := .Categories }}&c[{{$i}}]={{.}}{{end}}"
    q: "{{ re_replace .Keywords \"[^a-z0-9]+\" \"%\" }}"
    free: "{{ if and .Config.freeleech .Keywords }}1{{ else }}{{ end }}"
    order: "{{ .Config.sort }}"
  headers:
    User-Agent: ["Reader/1"]
  keywordsfilters:
    - name: tolower
    - name: re_replace
      args: ["(?<=\\bs)0+(?=\\d)", ""]
  error:
    - selector: h1:contains("Maintenance")
  preprocessingfilters:
    - name: replace
      args: ["<wbr>", ""]
  rows:
    selector: "table#list > tbody > tr.row{{ if .Config.freeleech }}:has(img.free){{ else }}{{ end }}, tr.more"
    after: 1
    dateheaders:
      selector: td.day
      filters:
        - name: dateparse
          args: "dddd, d MMMM yyyy"
    filters:
      - name: andmatch
  fields:
    _id:
      selector: a.title
      attribute: href
      filters:
        - name: querystring
          args: id
    title_short:
      selector: a.title
      remove: span.new
    title:
      text: "{{ if eq .Result._id \"77\" }}{{ .Result.title_short }} (77){{ else }}{{ or .Result.nothing .Result.title_short }}{{ end }}"
      filters:
        - name: re_replace
          args: ["\\bсезон (\\d+)\\b", "S$1"]
        - name: re_replace
          args: ["(\\w+)-(\\w+)$", "$2~$1"]
    nothing:
      selector: b.never
      optional: true
    title|append:
      selector: i.tag
      optional: true
      filters:
        - name: prepend
          args: " "
        - name: toupper
    category:
      selector: a.cat
      attribute: href
      filters:
        - name: regexp
          args: "cat=(\\d+)"
    details:
      selector: a.title
      attribute: href
    download:
      text: "get/{{ .Result._id }}"
    poster:
      selector: img.poster
      attribute: src
    description:
      selector: td.about
      filters:
        - name: htmldecode
        - name: trim
    size:
      selector: td.size
    seeders:
      selector: td.up
    leechers:
      selector: td.down
    genre:
      selector: td.about
      filters:
        - name: validate
          args: "Drama, Sci-Fi"
    downloadvolumefactor:
      case:
        img.free: 0
        img.half: 0.5
        "*": 1
    uploadvolumefactor:
      text: 1
    minimumseedtime:
      text: 172800
`;

const LIST = `<html><body><h1>Harbour</h1><table id="list">
<tr><td class="day">Monday, 9 March 2026</td></tr>
<tr class="row"><td><a class="cat" href="?cat=7">f</a><a class="title" href="view.php?id=77&x=1">Sea <span class="new">NEW</span>side-film</a></td>
<td class="size">1,5 GB</td><td class="up">1,204</td><td class="down">-</td></tr>
<tr class="more"><td class="about"> Drama, sea&amp;amp; <wbr>more </td><td><i class="tag">uhd</i><img class="half"></td></tr>
<tr class="row"><td><a class="cat" href="?cat=9">t</a><a class="title" href="view.php?id=78">Море сезон 2</a></td>
<td class="size">700 MiB</td><td class="up">3</td><td class="down">4</td></tr>
<tr class="more"><td class="about"></td><td><img class="free"><img class="poster" src="/p/78.jpg"></td></tr>
</table></body></html>`;

function converted(yaml: string): RuleRecord {
  const { record, losses } = convertDefinition(yaml);
  expect(losses).toEqual([]);
  // What is published goes through JSON and is read anew.
  return RuleRecord.parse(JSON.parse(JSON.stringify(record)));
}

test('a definition of pages becomes rules without loss, and these read such a page', () => {
  const record = converted(PAGES);
  expect(record).toMatchObject({
    site: 'harbour',
    access: 'semi_private',
    domains: ['harbour.example', 'old.harbour.example'],
    politeness: { min_interval_seconds: 2.5 },
    login: { method: 'form', captcha: { kind: 'image' }, from_page: { csrf: { attr: 'value' } }, cookies: ['lang=en'] },
    download: { ask_before: { path_at: { selector: 'a.thanks' } }, test_links: false },
  });
  const page = { page: 'list', url: 'https://harbour.example/forum/browse.php', html: LIST, now: NOW } as const;
  expect(readPage(record, page).rows).toEqual([
    {
      title_raw: 'Sea side-film (77) UHD',
      category: 'Movies/HD,Movies',
      details_link: 'https://harbour.example/forum/view.php?id=77&x=1',
      download_link: 'https://harbour.example/forum/get/77',
      poster: null,
      description: 'Drama, sea& more',
      size_bytes: 1610612736,
      seeders: 1204,
      leechers: 0,
      genre: 'drama',
      download_factor: 0.5,
      upload_factor: 1,
      minimum_seed_seconds: 172800,
      upload_time: '2026-03-09T00:00:00.000Z',
    },
    expect.objectContaining({
      title_raw: 'Море S2',
      category: 'TV',
      poster: 'https://harbour.example/p/78.jpg',
      description: null,
      size_bytes: 734003200,
      seeders: 3,
      leechers: 4,
      genre: null,
      download_factor: 0,
    }),
  ]);
  const asked = { ...page, question: { query: { Q: 'море' } } };
  expect(readPage(record, asked).rows.map(({ title_raw }) => title_raw)).toEqual(['Море S2']);
});

test('what is asked is made of the question and the settings, for the categories of the site', () => {
  const record = converted(PAGES);
  const question = {
    query: { Q: 'Sea Side', Season: '2', Ep: '3' },
    categories: ['TV'],
    settings: { freeleech: true },
  };
  expect(searchRequests(record, question, NOW)).toEqual([
    {
      method: 'GET',
      url: 'https://harbour.example/forum/browse.php?c%5B0%5D=9&q=sea%25side%25s2e03&free=1&order=4',
      headers: { 'User-Agent': 'Reader/1' },
      form: [],
      encoding: 'windows-1251',
      format: 'html',
    },
    expect.objectContaining({ url: 'https://harbour.example/forum/find/sea%20side%20s2e03' }),
  ]);
  const films = searchRequests(record, { categories: ['Movies'] }, NOW);
  expect(films.map(({ url }) => url)).toEqual(['https://harbour.example/forum/browse.php?c%5B0%5D=7&order=4']);
});

const ANSWERS = String.raw`
id: answers
name: Answers
type: private
encoding: UTF-8
links: [https://answers.example/]
caps:
  categories:
    Film: Movies
    Show: TV
  modes:
    search: [q]
settings:
  - name: apikey
    type: text
    label: Key
  - name: uploader
    type: text
    label: Uploader
login:
  method: get
  path: api/me
  inputs:
    key: "{{ .Config.apikey }}"
search:
  paths:
    - path: "https://api.answers.example/v1/find"
      method: post
      response:
        type: json
        noResultsMessage: "nothing"
  headers:
    Authorization: ["Bearer {{ .Config.apikey }}"]
  inputs:
    q: "{{ .Keywords }}"
    cats: "{{ join .Categories \",\" }}"
  rows:
    selector: "data{{ if .Config.uploader }}:has(by:contains({{ .Config.uploader }})){{ else }}:not(hidden){{ end }}"
    attribute: torrents
    multiple: true
    count:
      selector: $.meta.total
  fields:
    category:
      selector: kind
      case:
        1: Film
        "*": Show
    title_name:
      selector: ..names.en
    title:
      selector: quality
      filters:
        - name: prepend
          args: "{{ .Result.title_name }} "
    download:
      selector: "files[0].url"
    infohash:
      selector: hash
    size:
      selector: bytes
    files:
      selector: files
      filters:
        - name: re_replace
          args: ["^.*$", "2"]
    seeders:
      selector: peers.up
    leechers:
      selector: peers.down
      optional: true
      default: 5
    date:
      selector: created
      filters:
        - name: append
          args: " +00:00"
        - name: dateparse
          args: "MM/dd/yyyy HH:mm:ss zzz"
    _vip:
      selector: vip
      case:
        True: "{{ .True }}"
        False: "{{ .False }}"
    downloadvolumefactor:
      text: "{{ if .Result._vip }}0{{ else }}1{{ end }}"
`;

test('a definition of an interface that answers JSON becomes rules that read its answers', () => {
  const record = converted(ANSWERS);
  const torrent = (kind: number, more: object = {}) => ({
    kind, quality: '1080p', files: [{ url: `/dl/${kind}` }], hash: 'ab', bytes: 1000, peers: { up: 2 }, created: '2026-03-01T10:00:00.000000Z', vip: kind === 1, ...more,
  }); // prettier-ignore
  const data = [
    { by: 'ada', names: { en: 'One' }, torrents: [torrent(1), torrent(2)] },
    { by: 'bob', names: { en: 'Two' }, torrents: [torrent(3)], hidden: true },
  ];
  const read = (answer: unknown, settings = {}) =>
    readPage(record, { page: 'list', url: 'https://api.answers.example/v1/find', html: JSON.stringify(answer), now: NOW, question: { settings } }).rows; // prettier-ignore
  expect(read({ meta: { total: 3 }, data })).toEqual([
    {
      category: 'Movies', title_raw: 'One 1080p', download_link: 'https://api.answers.example/dl/1', info_hash: 'ab', size_bytes: 1000,
      files: 2, seeders: 2, leechers: 5, upload_time: '2026-03-01T10:00:00.000Z', download_factor: 0,
    },
    expect.objectContaining({ category: 'TV', title_raw: 'One 1080p', download_factor: 1 }),
  ]); // prettier-ignore
  expect(read({ meta: { total: 3 }, data }, { uploader: 'bob' }).map(({ title_raw }) => title_raw)).toEqual([
    'Two 1080p',
  ]);
  expect(read({ meta: { total: 0 }, data: null })).toEqual([]);
  expect(() => read({ meta: { total: 1 } })).toThrow('no list');
  const [request] = searchRequests(record, { query: { Q: 'x' }, categories: ['TV'], settings: { apikey: 'k' } }, NOW);
  expect(request).toMatchObject({
    method: 'POST',
    headers: { Authorization: 'Bearer k' },
    form: [['q', 'x'], ['cats', 'Show']],
  }); // prettier-ignore
});

test('a definition of a feed becomes rules that read XML', () => {
  const record = converted(`
id: feed
name: Feed
type: public
links: [https://feed.example/]
caps: { categories: { All: Other }, modes: { search: [q] } }
settings: []
search:
  path: rss.xml
  rows: { selector: rss > channel > item }
  fields:
    category: { text: All }
    title: { selector: title }
    title|optional: { selector: longTitle }
    download: { selector: enclosure, attribute: url }
    date: { selector: pubDate, filters: [{ name: dateparse, args: "Mon, 02 Jan 2006 15:04:05 -0700" }] }
    size: { selector: "[name=size]", attribute: value }
    seeders: { text: 1 }
    leechers: { text: 1 }
`);
  expect(record.search!.paths).toEqual([expect.objectContaining({ path: 'rss.xml', format: 'html' })]);
  const html = `<rss><channel><item><title>A</title><pubDate>Tue, 10 Mar 2026 01:02:03 +0100</pubDate><enclosure url="a.torrent"/>
    <attr name="size" value="99"/></item><item><title>B</title><longTitle>Better B</longTitle><enclosure url="b"/></item><item><title>C</title></item></channel></rss>`;
  const xml = { ...record, parse: { list: { ...record.parse!.list!, format: 'xml' as const } } };
  const { rows } = readPage(xml, { page: 'list', url: 'https://feed.example/rss.xml', html, now: NOW });
  expect(rows).toEqual([
    expect.objectContaining({
      title_raw: 'A', download_link: 'https://feed.example/a.torrent', upload_time: '2026-03-10T00:02:03.000Z', size_bytes: 99,
    }),
    expect.objectContaining({ title_raw: 'Better B', upload_time: null, size_bytes: 0 }),
  ]); // prettier-ignore
});

const small = (changes: string, fields = '') => `
id: small
name: Small
type: private
links: [https://small.example/]
caps: { categories: { All: Other }, modes: { search: [q] } }
${changes}
search:
  paths: [{ path: list }]
  rows: { selector: tr }
  fields:
    title: { selector: a }
    download: { selector: a, attribute: href }
    ${fields}
`;

test.each([
  ['a filter nobody knows', small('', 'date: { selector: b, filters: [{ name: shell, args: ls }] }'), 'unknown', 'search.fields.date.filters.0'],
  ['a part nobody knows', small('', 'date: { selector: b, script: x }'), 'unknown', 'search.fields.date.script'],
  ['a layout that is no date', small('', 'date: { selector: b, filters: [{ name: dateparse, args: "9 Aug 1999" }] }'), 'date', 'search.fields.date.filters.0'],
  ['a pattern nobody reads', small('', "date: { selector: b, filters: [{ name: regexp, args: '(?(a)b|c)' }] }"), 'pattern', 'search.fields.date.filters.0'],
  ['a selector nobody reads', small('', "date: { selector: 'b[[' }"), 'selector', 'search.fields.date.selector'],
  ['a template nobody reads', small('', "date: { text: '{{ exec .Keywords }}' }"), 'template', 'parse.list.fields.upload_time.value'],
  ['a setting nobody has', small('', "date: { text: '{{ .Config.nobody }}' }"), 'template', 'parse.list.fields.upload_time.value'],
  ['a password', small('settings: [{ name: password, type: password, default: hunter2 }]'), 'secret', 'settings.0.default'],
  ['a cookie of a session', small('login: { method: get, path: x, cookies: ["sid=0123456789abcdef"] }'), 'secret', 'login.cookies'],
  ['a key in a header', small('').replace('rows:', 'headers: { Authorization: ["Bearer abcdef"] }\n  rows:'), 'secret', 'search.headers.Authorization'],
  ['a path that is none', small('').replace('[{ path: list }]', '[{ path: list }, x]'), 'unknown', 'search.paths.1'],
  ['a field of a form that is none', small('login: { method: form, path: x, selectorinputs: { csrf: x } }'), 'unknown', 'login.selectorinputs.csrf'],
  ['a place of a link that is none', small('download: { selectors: [x] }'), 'unknown', 'download.selectors.0'],
  ['answers of two kinds', small('').replace('[{ path: list }]', '[{ path: list }, { path: api, response: { type: json } }]'), 'mixed_formats', 'search.paths'],
])('%s is told as lost, with its place', (_name, yaml, code, path) => {
  expect(convertDefinition(yaml).losses).toEqual([expect.objectContaining({ code, path })]);
}); // prettier-ignore

test('secrets of a definition are in nothing that comes of it', () => {
  const yaml = small('settings: [{ name: password, type: password, default: hunter2 }]\nlogin: { method: get, path: x, cookies: ["sid=0123456789abcdef"] }');
  expect(JSON.stringify(convertDefinition(yaml))).not.toMatch(/hunter2|0123456789abcdef/);
}); // prettier-ignore

test('what is no definition is refused', () => {
  for (const yaml of ['', 'a', '- a', 'id: x', 'id: [', 'a: &a [*a]', `id: ${'['.repeat(50_000)}`, small('', '__proto__: { selector: b }'), small('', '"__proto__|append": { selector: b }')])
    expect(() => convertDefinition(yaml)).toThrow(/definition/i);
}); // prettier-ignore

test('rules ask no host but those of their site, whatever a setting makes of an address', () => {
  const { record } = convertDefinition(
    small('settings: [{ name: host, type: text, default: api.small.example }]').replace('path: list', 'path: "https://{{ .Config.host }}/list"'),
  ); // prettier-ignore
  expect(record!.domains).toEqual(['small.example', 'api.small.example']);
  const asking = (host: string) => () => searchRequests(record!, { settings: { host } }, NOW);
  expect(asking('api.small.example')()[0]!.url).toBe('https://api.small.example/list');
  for (const host of ['evil.example', 'api.small.example.evil.example', 'api.small.example@evil.example', ''])
    expect(asking(host)).toThrow(/not a domain|no address/);
});
