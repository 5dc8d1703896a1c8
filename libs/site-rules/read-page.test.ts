import { Budget } from './budget.js';
import { readPage } from './read-page.js';
import { RuleRecord } from './rule-record.js';

const NOW = new Date('2026-03-10T12:00:00Z');
const read = (list: object, html: string) =>
  readPage(
    RuleRecord.parse({ site: 'a', engine: 'x', parse: { list } }),
    {
      page: 'list',
      url: 'https://a.example/',
      html,
      now: NOW,
    },
    new Budget(400_000),
  ).rows;
const json = (fields: object, row = 'rows', more: object = {}) => ({ format: 'json', row, fields, ...more });

test('one row with a date that there is not leaves the others as they are', () => {
  const html = '<p>3 hours ago</p><p>99999999999 years ago</p><p>5 constructor</p>';
  expect(read({ row: 'p', fields: { upload_time: { transform: 'date' } } }, html)).toEqual([
    { upload_time: '2026-03-10T09:00:00.000Z' },
    { upload_time: null },
    { upload_time: null },
  ]);
});

test('a page that makes its rules read the same again and again is given up', () => {
  const parts = Array.from({ length: 5000 }, (_, at) => ({ a: at }));
  const answer = JSON.stringify({ rows: [{ parts, long: 'x'.repeat(100_000) }] });
  const several = { inside: 'parts', several: true };
  expect(read(json({ a: { selector: 'a' } }, 'rows', several), answer)).toHaveLength(5000);
  for (const selector of ['..long', '..parts', "..parts[?(@.a=='4999')].a", '..parts.*'])
    expect(() => read(json({ a: { selector } }, 'rows', several), answer)).toThrow(/steps/);
});

test('what is nested without end is refused, and breaks nothing', () => {
  const answer = `{"rows":[{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}]}`;
  expect(() => read(json({ a: { selector: 'a' } }), answer)).toThrow(expect.objectContaining({ code: 'invalid' }));
  const fields = { title_raw: { selector: 'b' } };
  expect(() => read({ row: 'tr', fields }, '<b>'.repeat(20_000))).toThrow(/in 2000 others at most/);
  expect(read({ row: 'p', fields }, `${'<i>'.repeat(500)}<p><b>x</b></p>`)).toEqual([{ title_raw: 'x' }]);
});

test('a long selector that is asked of very many rows is counted as often', () => {
  const selector = `${':has('.repeat(40)}td${')'.repeat(40)}`;
  const rows = (count: number) => `<table>${'<tr><td>x</td></tr>'.repeat(count)}</table>`;
  const list = { row: 'tr', fields: { title_raw: { selector } } };
  expect(read(list, rows(100))).toHaveLength(100);
  expect(() => read(list, rows(2000))).toThrow(/steps/);
});

test('a text that is replaced grows no longer than a text may be', () => {
  const filters = [{ name: 'replace', from: 'x', to: 'y'.repeat(8000) }, { name: 'replace_regex', pattern: 'y', with: 'z'.repeat(8000) }];
  const [row] = read({ row: 'p', fields: { title_raw: { filters } } }, `<p>${'x'.repeat(20_000)}</p>`);
  expect(row!.title_raw).toHaveLength(20_000);
}); // prettier-ignore
