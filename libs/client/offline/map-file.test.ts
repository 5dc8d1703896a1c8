import fc from 'fast-check';
import { canonicalText, utf8 } from '#libs/snapshot/canonical-text';
import { MapFile } from './map-file.js';

const fileOf = (map: object) => new MapFile<unknown>(utf8(canonicalText(map)));
const key = fc.stringMatching(/^[a-z0-9]{1,6}(-[a-z0-9]{1,4}){0,2}$/);
const text = fc.oneof(fc.string(), fc.constantFrom('},', '},"', '":{', '"}', '\\', '{"a":{', 'é人'));
const value = fc.record({ title: text, other: text, sites: fc.array(fc.record({ site: text }), { maxLength: 3 }) });

test('every entry is found by its key and in its turn, whatever its texts hold, and no other is', () => {
  fc.assert(
    fc.property(fc.dictionary(key, value, { noNullPrototype: true }), key, (map, other) => {
      const file = fileOf(map);
      for (const [one, held] of Object.entries(map)) expect(file.get(one)).toEqual(held);
      if (!Object.hasOwn(map, other)) expect(file.get(other)).toBeUndefined();
      expect(Object.fromEntries(file.entries())).toEqual(map);
    }),
    { numRuns: 300 },
  );
});

test('one of many is found', () => {
  const works = Array.from({ length: 20_000 }, (_, n) => [`work-${n}-2000-tv`, { title: `${n}` }] as const);
  const file = fileOf(Object.fromEntries(works));
  for (const n of [0, 1, 777, 19_999]) expect(file.get(`work-${n}-2000-tv`)).toEqual({ title: `${n}` });
  expect(file.get('work-20000-2000-tv')).toBeUndefined();
});
