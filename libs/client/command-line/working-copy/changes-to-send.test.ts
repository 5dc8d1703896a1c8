import fc from 'fast-check';
import { contentHash } from '#libs/timeline/canonical-json';
import type { Document } from '#libs/timeline/document';
import { parseExact } from '#libs/timeline/exact-json';
import { changeDocument } from '#libs/timeline/objects/change-value';
import { changesToSend } from './changes-to-send.js';

const film = (clips: number, titleOf = (n: number) => `clip ${n}`): Document => ({
  tracks: [
    {
      id: 't',
      clips: Array.from({ length: clips }, (_, n) => ({ id: `c${n}`, title: titleOf(n), long: 'x'.repeat(200) })),
    },
  ],
});

test('one title in a film of a thousand clips is one short change', () => {
  const changes = changesToSend(
    film(1000),
    film(1000, (n) => (n === 500 ? 'another' : `clip ${n}`)),
  );
  expect(changes).toEqual([{ path: ['tracks', 't', 'clips', 'c500', 'title'], value: 'another' }]);
});

test('what would be as long as the film, or says nothing, is sent whole', () => {
  expect(
    changesToSend(
      film(3000),
      film(3000, (n) => `other ${n}`),
    ),
  ).toBeUndefined();
  expect(changesToSend(film(3), film(3))).toBeUndefined();
  expect(changesToSend({ ['k'.repeat(1001)]: 1 }, { ['k'.repeat(1001)]: 2 })).toBeUndefined();
});

test('an id with more digits than a number holds is never mistaken for another', () => {
  const list = (text: string) =>
    parseExact(`{"a":[{"id":12345678901234567890.5,"t":${text}},{"id":"x","t":0}]}`) as Document;
  const changes = changesToSend(list('1'), list('2'));
  if (changes) expect(contentHash(changeDocument(list('1'), changes))).toBe(contentHash(list('2')));
});

test('whatever is told makes of the one document the other', () => {
  const id = fc.constantFrom('a', 'b', 'c', 1, 2);
  const thing = fc.record({ id, n: fc.oneof(fc.integer(), fc.string(), fc.array(fc.integer())) });
  const things = fc.uniqueArray(thing, { selector: (one) => JSON.stringify(one.id), maxLength: 5 });
  const document = fc.dictionary(fc.string(), fc.oneof(things, fc.jsonValue()), { noNullPrototype: true });
  fc.assert(
    fc.property(document, document, (before, after) => {
      const [one, other] = [before, after].map((each) => JSON.parse(JSON.stringify(each)) as Document) as [
        Document,
        Document,
      ];
      const changes = changesToSend(one, other);
      if (changes) expect(contentHash(changeDocument(one, changes))).toBe(contentHash(other));
    }),
    { numRuns: 300 },
  );
});
