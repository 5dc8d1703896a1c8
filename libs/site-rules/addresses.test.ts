import { addressesOf } from './addresses.js';
import { RuleRecord } from './rule-record.js';

const settings = [
  { name: 'host', kind: 'text' as const, default: 'good.example' },
  { name: 'start', kind: 'text' as const, default: 'https://good.example' },
  { name: 'mirror', kind: 'select' as const, default: 'good.example', options: [['good.example', ''], ['evil.example', '']] as [string, string][] },
  { name: 'evil', kind: 'text' as const, default: '/evil.example' },
  { name: 'empty', kind: 'text' as const },
]; // prettier-ignore
const record = (rules: object) => ({
  site: 'good',
  engine: 'x',
  domains: ['good.example', '*.good.example'],
  settings,
  parse: { list: { row: 'tr', fields: { title_raw: {}, _x: { value: '/evil.example/' } } } },
  ...rules,
});
const problems = (rules: object): string[] =>
  RuleRecord.safeParse(record(rules)).error?.issues.map(({ path }) => path.join('.')) ?? [];

const LEADS_AWAY = [
  'https://evil.example/',
  '//evil.example/',
  '\\\\evil.example/',
  'ht\ttps://evil.example/',
  '\u3000https://evil.example/',
  'http:evil.example/',
  'https:/evil.example/',
  'https://good.example@evil.example/',
  'https://someone@good.example/',
  'https://evil.example/login.php#{ {x}}',
  'https://evil.example/login.php#{{x',
  'https://{{ .Config.host }}.evil.example/',
  'https://{{ .Config.host }}@evil.example/',
  'https://{{ .Config.host }}:x@evil.example/',
  'https://{{ .Config.mirror }}/',
  'https://{{ .Config.empty }}/',
  'https://www{{ .Config.host }}.good.example/',
  'https://{{ .Query.Q }}.good.example/',
  '{{ .Config.start }}.evil.example/',
  '{{ .Config.start }}{{ .Query.Q }}/',
  '{{ .Config.evil }}//evil.example/',
  '/{{ .Config.evil }}/login.php',
  'h{{ .Config.evil }}',
  '{{ "https://evil.example/" }}login.php',
  '{{ or "https://evil.example/" .Query.Q }}',
  '{{ .Query.Q }}/login.php',
  '{{ re_replace .True "True" "https://evil.example/" }}',
  'h{{ re_replace .True "True" "ttps://evil.example/" }}',
  '{{ join .Categories "https://evil.example/" }}',
  '/{{ range .Categories }}/evil.example/{{ end }}',
  '{{ range .Categories }}/{{ end }}evil.example/',
  '{{ if .Query.Q }}login.php{{ else }}https://evil.example/{{ end }}',
  'https://{{ if .Query.Q }}good.example{{ end }}.evil.example/',
  `https://${'a'.repeat(580)}.good.example.evil.example/`,
];
test.each(LEADS_AWAY)('what leads to others, or may, is refused: %s', (path) => {
  expect(problems({ login: { method: 'post', path } })).toContain('login.path');
  expect(problems({ login: { method: 'post', submit_path: path } })).toContain('login.submit_path');
  expect(problems({ login: { method: 'post', test: { path } } })).toContain('login.test.path');
  expect(problems({ download: { ask_before: { path } } })).toContain('download.ask_before.path');
  expect(problems({ search: { paths: [{ path }] } })).toContain('search.paths.0.path');
});

test.each([
  'login.php',
  '/login.php?to={{ .Query.Q }}',
  'https://www.good.example/x',
  '//good.example/x',
  '{{ .Config.sitelink }}login.php',
  'https://{{ .Config.host }}/login.php',
  '{{ .Config.start }}/login.php?x={{ .Query.Q }}',
  '{{ .Config.start }}',
  'http{{ if .Query.Q }}s{{ end }}://good.example/',
  'search-{{ .Keywords }}.html',
  '{{ if .Keywords }}find/{{ .Keywords }}{{ else }}latest{{ end }}',
  'browse.php?{{ range .Categories }}c{{.}}=1&{{ end }}',
])('what stays with the site is taken: %s', (path) => {
  expect(problems({ login: { method: 'post', path }, search: { paths: [{ path }] } })).toEqual([]);
});

test('a value may follow the first stroke only where it is escaped', () => {
  const path = '/{{ .Result._x }}';
  expect(problems({ search: { paths: [{ path }] } })).toEqual([]);
  expect(problems({ download: { ask_before: { path } } })).toEqual(['download.ask_before.path']);
});

test('an address that begins in more ways than anybody would write is refused at once', () => {
  const many = `https://${'{{ if .Query.Q }}a{{ else }}b{{ end }}'.repeat(100)}.good.example/`;
  const [only, ...others] = addressesOf({ path: many });
  expect(others).toEqual([]);
  expect(only!.host).toMatch(/cannot be told/);
});
