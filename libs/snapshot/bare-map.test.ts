import fc from 'fast-check';
import { applyDelta, readMap, readWritten, textOf, type BareMap } from './bare-map.js';
import { canonicalText } from './canonical-text.js';
import { changed, changeOf } from './change-of-value.js';

const value = fc.jsonValue({ maxDepth: 3 });
const key = fc.oneof(fc.string({ maxLength: 4 }), fc.constantFrom('__proto__', 'constructor', 'a', 'b'));
const map = fc.dictionary(key, value, { maxKeys: 8, noNullPrototype: true });
const bare = (content: unknown): BareMap => readMap(JSON.stringify(content));
const text = (content: BareMap) => [...textOf(content)].join('');
/** What crosses the wire. */
const sent = <T>(delta: T) => JSON.parse(canonicalText(delta)) as T;

test('a map is written as canonical JSON, and read back as it was', () => {
  fc.assert(
    fc.property(map, (content) => {
      expect(text(bare(content))).toBe(canonicalText(content));
      expect(text(readMap(text(bare(content))))).toBe(canonicalText(content));
      expect(readWritten(text(bare(content)))).toEqual(bare(content));
    }),
  );
  expect(() => readMap('[]')).toThrow(RangeError);
  for (const wrong of [
    '',
    '[]',
    '{',
    '{"a"',
    '{"a":',
    '{"a":1',
    '{"a":[1}',
    '{1}',
    '{"a\\":1}',
    '{"a":1}}',
    '{"a":1,}',
  ])
    expect(() => readWritten(wrong)).toThrow();
});

test('a value becomes any other by the change between them', () => {
  fc.assert(
    fc.property(value, value, (a, b) => {
      const change = changeOf(a, b);
      expect(canonicalText(change ? changed(a, sent(change)) : a)).toBe(canonicalText(b));
    }),
  );
});

test('a delta that does not fit is refused, not guessed at', () => {
  const delta = (part: object) => ({ from: 1, to: 2, skip: [], fate: [], key: [], value: [], ...part });
  const from = bare({ a: [1], b: 'text' });
  const [ofA, ofB] = [
    (change: unknown) => ({ skip: [0], fate: [change] }),
    (change: unknown) => ({ skip: [1], fate: [change] }),
  ];
  for (const part of [
    { skip: [2], fate: [null] },
    { skip: [-1], fate: [null] },
    { skip: [0.5], fate: [null] },
    { skip: [0], fate: [] },
    { key: ['x'], value: [] },
    { key: ['x'], value: [7] },
    { key: ['x'], value: [0] },
    { skip: [0], fate: [null], key: ['x'], value: [0] },
    ofA(['s', [1, 4]]),
    ofA(['s', [0, 1], [0, 1]]),
    ofA(['s', 1]),
    ofA(['a', [[7, ['=', 1]]]]),
    ofB(['o', {}]),
    ofB(['t', [3, 0]]),
    ofA(['t', [0, 0]]),
    ofA(['?']),
  ])
    expect(() => applyDelta(from, delta(part) as never)).toThrow(RangeError);
});

test('one changed line of a long text, and one changed field of one rule, are small', () => {
  const script = Array.from({ length: 200 }, (_, n) => `line ${n}`).join('\n');
  const rules = (n: number) => ({
    rules: Array.from({ length: 50 }, (_, at) => ({ site: `site${at}`, script, n: at === 7 ? n : 0 })),
  });
  expect(canonicalText(changeOf(rules(1), rules(2))).length).toBeLessThan(60);
  expect(canonicalText(changeOf({ script }, { script: script.replace('line 77', 'LINE') })).length).toBeLessThan(40);
});
