import fc from 'fast-check';
import { applyDelta, placed, readMap, textOf, undoOf, type BareMap, type Delta } from '../bare-map.js';
import { canonicalText } from '../canonical-text.js';
import { GrowingDelta } from './growing-delta.js';

const key = fc.oneof(fc.string({ maxLength: 4 }), fc.constantFrom('__proto__', 'constructor', 'a', 'b'));
const value = fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.constantFrom(1, { a: [1, 2] }, { a: [1, 3] }));
const map = fc
  .dictionary(key, value, { maxKeys: 8, noNullPrototype: true })
  .map((content) => readMap(JSON.stringify(content)));
const text = (content: BareMap) => [...textOf(content)].join('');

test('every version of a series becomes the newest by one delta, made of what was undone on the way', () => {
  fc.assert(
    fc.property(fc.array(map, { minLength: 2, maxLength: 6 }), (series) => {
      const newest = series.at(-1)!;
      const delta = new GrowingDelta(placed(newest), series.length - 1);
      for (let at = series.length - 2; at >= 0; at--) {
        delta.back(undoOf(series[at]!, series[at + 1]!));
        const sent = delta.text(at).toString();
        const read = JSON.parse(sent) as Delta;
        expect(canonicalText(read)).toBe(sent);
        expect(text(applyDelta(series[at]!, read))).toBe(text(newest));
        const anew = new GrowingDelta(placed(newest), series.length - 1);
        anew.back(undoOf(series[at]!, newest));
        expect(anew.text(at).toString()).toBe(sent);
      }
    }),
  );
});

test('a work that many names lead to is sent once, however many of them are new', () => {
  const work = (names: string[]) =>
    readMap(JSON.stringify(Object.fromEntries(names.map((name) => [name, { title: 'x'.repeat(200), names }]))));
  const [from, to] = [work(['a', 'c']), work(['a', 'b', 'c', 'd'])];
  const delta = new GrowingDelta(placed(to), 2);
  delta.back(undoOf(from, to));
  const sent = delta.text(1);
  expect(text(applyDelta(from, JSON.parse(sent.toString()) as Delta))).toBe(text(to));
  expect(sent.length).toBeLessThan(150);
});
