import { checkedDraft } from './check-draft.js';

const record = (field: object) => ({
  site: 'a',
  engine: 'x',
  parse: { list: { row: 'tr', fields: { title_raw: field } } },
});
const fixture = { name: 'a', page: 'list', html: '', expect: [] };

test('a draft is as the schema has it, with what it leaves out', () => {
  expect(checkedDraft({ record: record({}), fixtures: [fixture] })).toMatchObject({
    record: { site: 'a', schema: 1 },
    fixtures: [{ url: 'https://example.org/' }],
  });
});

test('rules and expectations beyond all measure are refused before they are looked at', () => {
  const cases = Array.from({ length: 200_000 }, () => ['a', 'bcd']);
  expect(() => checkedDraft({ record: record({ cases }), fixtures: [] })).toThrow(/record: rules may have/);
  const expected = Object.fromEntries(Array.from({ length: 300_000 }, (_, at) => [`f${at}`, at]));
  expect(() => checkedDraft({ record: record({}), fixtures: [{ ...fixture, expect: [expected] }] })).toThrow(/fixtures: what is expected/);
}); // prettier-ignore

test('thousands of templates that never close are read in one go', () => {
  const cases = Array.from({ length: 60 }, () => ['a', '{'.repeat(8000)]);
  expect(checkedDraft({ record: record({ cases }), fixtures: [] }).record.parse!.list!.fields.title_raw!.cases).toHaveLength(60);
}); // prettier-ignore

test.each([
  ['a row', { row: 'tr[' }, 'parse.list.row'],
  ['a selector', { fields: { title_raw: { selector: 'a[[' } } }, 'parse.list.fields.title_raw.selector'],
  ['a selector whose template closes it wrongly', { fields: { title_raw: { selector: 'a{{ if .Keywords }}[{{ end }}' } } }, 'parse.list.fields.title_raw.selector'],
  ['what is taken away', { fields: { title_raw: { remove: '>>' } } }, 'parse.list.fields.title_raw.remove'],
  ['a case', { fields: { title_raw: { cases: [['*', '1'], ['b[', '2']] } } }, 'parse.list.fields.title_raw.cases.1.0'],
  ['a pattern', { fields: { title_raw: { filters: [{ name: 'regex', pattern: '((' }] } } }, 'parse.list.fields.title_raw.filters.0.pattern'],
  ['a pattern that looks around without saying so', { fields: { title_raw: { filters: [{ name: 'replace_regex', pattern: 'a(?=b)', with: '' }] } } }, 'parse.list.fields.title_raw.filters.0.pattern'],
  ['a path', { format: 'json', row: 'data[', fields: {} }, 'parse.list.row'],
  ['a path within a list', { format: 'json', row: 'data', fields: { title_raw: { selector: 'a[0' } } }, 'parse.list.fields.title_raw.selector'],
])('%s that nobody could use is refused with its place and the reason', (_name, list, place) => {
  const rules = { site: 'a', engine: 'x', parse: { list: { row: 'tr', fields: {}, ...list } } };
  expect(() => checkedDraft({ record: rules, fixtures: [] })).toThrow(new RegExp(`^record\\.${place.replaceAll('.', '\\.')}: .{5}`));
}); // prettier-ignore

test.each(['127.0.0.1', '169.254.169.254', '*.0.0.1', '0x7f.0x1', 'router.local', 'a.localhost', 'nas.home', '*.lan', 'localhost'])(
  'rules do not lead those who use them to %s',
  (domain) => {
    const rules = { ...record({}), domains: ['site.example', '*.site.example', 'a.xn--p1ai', domain] };
    expect(() => checkedDraft({ record: rules, fixtures: [] })).toThrow(/^record\.domains\.3: A domain in the internet/);
  },
); // prettier-ignore

test('marks, and what is asked of pages that sign in or link, are looked at as well', () => {
  const fieldsOf = (more: object) => {
    try {
      checkedDraft({ record: { site: 'a', engine: 'x', domains: ['a.example'], ...more }, fixtures: [] });
      return [];
    } catch (error) {
      return (error as { details: { fields: { field: string }[] } }).details.fields.map(({ field }) => field);
    }
  };
  expect(fieldsOf({ verify: { any: [{ regex_match: '(' }], all: [{ selector_exists: '>>' }] } })).toEqual(['record.verify.any.0.regex_match', 'record.verify.all.0.selector_exists']);
  expect(fieldsOf({ login: { method: 'form', form: 'form[', failures: [{ selector: 'i[' }] } })).toEqual(['record.login.form', 'record.login.failures.0.selector']);
  expect(fieldsOf({ download: { links: [{ selector: 'a[href^="magnet:' }] } })).toEqual(['record.download.links.0.selector']);
  expect(fieldsOf({ parse: { list: { format: 'json', row: '$.data:has(x)', fields: { a: { cases: [['[', '1']], remove: 'i' } } } } })).toEqual([]);
}); // prettier-ignore
