import { Fixture, RuleRecord } from './rule-record.js';

const problems = (rules: object): string[] =>
  RuleRecord.safeParse({
    site: 'a',
    engine: 'x',
    domains: ['a.example'],
    settings: [{ name: 'passkey', kind: 'text' }, { name: 'cookie', kind: 'text' }, { name: 'sort', kind: 'text' }],
    ...rules,
  }).error?.issues.map(({ path }) => path.join('.')) ?? []; // prettier-ignore
const read = (fields: object, list: object = {}) => problems({ parse: { list: { row: 'tr', fields, ...list } } });

test('a secret comes into links alone, be it by another field', () => {
  const title = ['parse.list.fields.title_raw'];
  expect(read({ download_link: { value: 'get?k={{ .Config.passkey }}' }, title_raw: { value: '{{ .Config.sort }}' } })).toEqual([]);
  expect(read({ _k: { value: '{{ .Config.passkey }}' }, download_link: { value: 'get?k={{ .Result._k }}' } })).toEqual([]);
  expect(read({ title_raw: { value: '{{ .Config.cookie }}' } })).toEqual(title);
  expect(read({ title_raw: { value: '{{ .Result._b }}' }, _b: { value: '{{ .Result._a }}' }, _a: { filters: [{ name: 'append', text: '{{ .Config.cookie }}' }] } })).toEqual(title);
  expect(read({ title_raw: {}, _k: { value: '{{ .Config.cookie }}', appends: 'title_raw' } })).toEqual(title);
  expect(read({ seeders: { cases: [['b', '{{ if .Config.cookie }}1{{ end }}']] } })).toEqual(['parse.list.fields.seeders']);
  expect(read({ title_raw: {} }, { date_above: { value: '{{ .Config.cookie }}' } })).toEqual(['parse.list']);
  expect(problems({ search: { keywords: [{ name: 'append', text: '{{ .Config.cookie }}' }] } })).toEqual(['search.keywords']);
}); // prettier-ignore

test.each([
  ['an address', { search: { paths: [{ path: 'rss?passkey=abc' }] } }, 'search.paths.0.path'],
  ['an address behind another value', { login: { method: 'get', path: 'x?a=1&authkey=abcdef' } }, 'login.path'],
  ['an input', { login: { method: 'post', inputs: [['password', 'hunter2']] } }, 'login.inputs.0'],
  ['a text in a template', { login: { method: 'post', inputs: [['token', '{{ "hunter2" }}']] } }, 'login.inputs.0'],
  ['raw inputs', { search: { inputs: [['$raw', 'q=1&passkey=abc']] } }, 'search.inputs.0'],
  ['a header', { search: { headers: { 'X-Auth-Key': 'abcdef' } } }, 'search.headers.X-Auth-Key'],
])('a secret that stands in %s is refused', (_name, rules, path) => {
  expect(problems(rules)).toEqual([path]);
});

const KEY = 'd41d8cd98f00b204e9800998ecf8427e';
const TOKEN = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P';

test.each([
  ['an address, under a harmless name', { search: { paths: [{ path: `rss?u=${KEY}` }] } }, 'search.paths.0.path'],
  ['the way of an address', { search: { paths: [{ path: `rss/x?y=1&z=${KEY.slice(0, 8)}${KEY}` }] } }, 'search.paths.0.path'],
  ['an input', { login: { method: 'post', inputs: [['a', TOKEN]] } }, 'login.inputs.0.1'],
  ['a header', { search: { headers: { 'X-Site': `v1 ${KEY}` } } }, 'search.headers.X-Site'],
  ['what a setting says by itself', { settings: [{ name: 'site', kind: 'text', default: KEY }] }, 'settings.0.default'],
  ['a field', { parse: { list: { row: 'tr', fields: { download_link: { value: `get?k=${KEY}${KEY}` } } } } }, 'parse.list.fields.download_link.value'],
  ['a filter', { parse: { list: { row: 'tr', fields: { download_link: { filters: [{ name: 'append', text: `&k=${KEY}` }] } } } } }, 'parse.list.fields.download_link.filters.0.text'],
  ['the notes', { notes: 'works with uid=4711337; pass=0123abcd' }, 'notes'],
])('a secret is known by its form where it stands in %s', (_name, rules, path) => {
  expect(problems(rules)).toEqual([path]);
}); // prettier-ignore

test('and on recorded pages by the name of a key, so that nobody gives away their own', () => {
  const fixture = (html: string) =>
    Fixture.safeParse({ name: 'page', page: 'list', html, expect: [] }).error?.issues.map(({ message }) => message);
  for (const html of [
    `<a href="download.php?id=3&amp;passkey=${KEY}">get</a>`,
    `{"download":"https://a.example/get?torrent_pass=${KEY}"}`,
    `<input name="authkey" value="${KEY}">`,
    `<script>var authkey = "${KEY}";</script>`,
  ])
    expect(fixture(html)).toEqual([expect.stringMatching(/^(passkey|torrent_pass|authkey) of whoever saved/)]);
  for (const html of [
    `<a href="download.php?id=3&amp;passkey=PASSKEY">get</a>`,
    `<a href="magnet:?xt=urn:btih:${KEY}00000000">magnet</a>`,
    `<input name="passkey" value="">`,
  ])
    expect(fixture(html)).toBeUndefined();
});

test('what only looks like a secret is taken', () => {
  expect(
    problems({
      login: { method: 'post', path: 'x?pass={{ .Config.passkey }}&keep=1', inputs: [['password', '{{ .Config.passkey }}'], ['keeppass', '1'], ['author', 'somebody']] },
      search: { headers: { 'X-Api-Key': '{{ .Config.passkey }}' } },
      certificates: [`${KEY}00000000`],
      parse: { list: { row: 'tr', fields: { info_hash: { default: '0'.repeat(40), filters: [{ name: 'regex', pattern: '([0-9a-f]{40})' }] } } } },
    }),
  ).toEqual([]);
}); // prettier-ignore
