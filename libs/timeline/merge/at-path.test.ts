import fc from 'fast-check';
import type { Document } from '../document.js';
import { parseExact } from '../exact-json.js';
import { withValueAt, withValuesAt } from './at-path.js';

const KEYS = ['a', 'b', '__proto__'];
const value = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(1, 'x', null),
    fc.dictionary(fc.constantFrom(...KEYS), tie('value'), { maxKeys: 3 }),
    fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { maxLength: 3 }),
    fc
      .uniqueArray(fc.constantFrom(...KEYS), { maxLength: 3 })
      .chain((ids) => fc.tuple(...ids.map((id) => fc.record({ id: fc.constant(id), a: tie('value') })))),
  ),
})).value;
const document = fc.dictionary(fc.constantFrom(...KEYS), value) as fc.Arbitrary<Document>;
const path = fc.array(fc.constantFrom(...KEYS), { minLength: 1, maxLength: 4 });
const changes = fc.array(fc.record({ path, value: fc.option(value, { nil: undefined }) }), { maxLength: 6 });

test('what is put in one go is what is put one after the other, and changes nothing that was there', () => {
  fc.assert(
    fc.property(document, changes, (before, all) => {
      const text = JSON.stringify(before);
      const one = all.reduce((now, { path, value }) => withValueAt(now, path, value), before);
      expect(withValuesAt(before, all)).toEqual(one);
      expect(JSON.stringify(before)).toBe(text);
    }),
    { numRuns: 2000 },
  );
});

test('a key that is called __proto__ is put like any', () => {
  const film = parseExact('{"effects":{"a":1}}') as Document;
  expect(JSON.stringify(withValueAt(film, ['effects', '__proto__'], { b: 2 }))).toBe(
    '{"effects":{"a":1,"__proto__":{"b":2}}}',
  );
});
