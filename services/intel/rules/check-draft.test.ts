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
