import fc from 'fast-check';
import { canonicalJson, canonicalWithin, contentHash } from './canonical-json.js';
import { parseExact } from './exact-json.js';

test('the order of keys does not matter, the order of a list does', () => {
  expect(contentHash({ b: 1, a: { d: 2, c: 3 } })).toBe(contentHash({ a: { c: 3, d: 2 }, b: 1 }));
  expect(contentHash([1, 2])).not.toBe(contentHash([2, 1]));
});

test.each([
  ['1', '1.0'],
  ['1e2', '100'],
  ['1e21', '1000000000000000000000'],
  ['90071992547409930', '9007199254740993e1'],
  ['0.10', '1E-1'],
])('%s and %s are the same number', (a, b) => {
  expect(canonicalJson(parseExact(`[${a}]`))).toBe(canonicalJson(parseExact(`[${b}]`)));
});

test.each([
  ['9007199254740993', '9007199254740992'],
  ['0', '-0'],
  ['0.1', '0.1000000000000000055'],
  ['"\u00e9"', '"e\u0301"'],
  ['{"__proto__":1}', '{}'],
  ['"\\ud800"', '"\\ud801"'],
])('%s and %s are not the same', (a, b) => {
  expect(contentHash(parseExact(a))).not.toBe(contentHash(parseExact(b)));
});

test('canonical text is JSON of the same value, and its own canonical text', () => {
  fc.assert(
    fc.property(fc.json(), (source) => {
      const value = parseExact(source);
      const text = canonicalJson(value);
      expect(canonicalJson(parseExact(text))).toBe(text);
      expect(parseExact(text)).toEqual(value);
    }),
    { numRuns: 300 },
  );
});

test('keys are sorted by code units', () => {
  expect(canonicalJson({ '\u{1F600}': 1, '\uFB33': 2, a: 3, A: 4, '1': 5 })).toBe(
    '{"1":5,"A":4,"a":3,"\u{1F600}":1,"\uFB33":2}',
  );
});

test.each([
  ['9007199254740993', '9007199254740993'],
  ['90071992547409930000', '90071992547409930000'],
  ['-1e400', '-1e+400'],
  ['1.25E-400', '1.25e-400'],
  ['0.1000000000000000055', '0.1000000000000000055'],
  ['1000000000000000.0000001', '1000000000000000.0000001'],
  ['0.000001000000000000000055', '0.000001000000000000000055'],
])('%s, which no double carries, is written %s', (source, text) => {
  expect(canonicalJson(parseExact(source))).toBe(text);
});

test('a text is known to be too long as soon as it is', () => {
  fc.assert(
    fc.property(fc.json(), fc.nat(60), (source, limit) => {
      const text = canonicalJson(parseExact(source));
      expect(canonicalWithin(parseExact(source), limit)).toBe(text.length <= limit ? text : undefined);
    }),
    { numRuns: 300 },
  );
});

test('enormous numbers are read in one pass, and an enormous exponent is refused', () => {
  const digits = `1${'0'.repeat(2_000_000)}1`;
  expect(canonicalJson(parseExact(`[${digits}]`))).toBe(`[${digits}]`);
  expect(() => canonicalJson(parseExact(`[1e${'9'.repeat(5000)}]`))).toThrow('exponent');
});
