import { RuleRecord } from './rule-record.js';

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

test('what only looks like a secret is taken', () => {
  expect(
    problems({
      login: { method: 'post', path: 'x?pass={{ .Config.passkey }}&keep=1', inputs: [['password', '{{ .Config.passkey }}'], ['keeppass', '1'], ['author', 'somebody']] },
      search: { headers: { 'X-Api-Key': '{{ .Config.passkey }}' } },
    }),
  ).toEqual([]);
}); // prettier-ignore
