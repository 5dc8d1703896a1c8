import fc from 'fast-check';
import { isRawNumber, nestsDeeperThan, parseExact } from './exact-json.js';

test.each([
  '9007199254740993',
  '-0',
  '1e400',
  '0.1000000000000000055',
  '123456789012345678901234567890',
  '1E-400',
  '-0.0',
  '2.50000000000000000000001',
])('%s comes out as it went in', (number) => {
  const text = `{"n":${number},"list":[${number}]}`;
  expect(JSON.stringify(parseExact(text))).toBe(text);
});

test('an ordinary number is an ordinary number', () => {
  expect(parseExact('[1,1.5,-3,1e3,1e21,1.0,10.500,0.1234567890123456]')).toEqual([
    1, 1.5, -3, 1000, 1e21, 1, 10.5, 0.1234567890123456,
  ]);
  expect(isRawNumber((parseExact('[9007199254740993]') as unknown[])[0])).toBe(true);
});

test.each(['{"__proto__":{"x":1},"a":2}', '{"__proto__":{"x":9007199254740993},"a":2}'])('%s keeps its key', (text) => {
  const value = parseExact(text) as object;
  expect(Object.keys(value)).toEqual(['__proto__', 'a']);
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  expect(JSON.stringify(value)).toBe(text);
});

test('a lone surrogate survives', () => {
  expect((parseExact('{"s":"\\ud800"}') as { s: string }).s).toBe('\ud800');
});

test('any JSON value is read as JSON.parse reads it, up to the sign of zero', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify(value);
      expect(JSON.stringify(parseExact(text))).toBe(text);
    }),
    { numRuns: 300 },
  );
});

test('hashes and other texts do not make reading slow', () => {
  const text = JSON.stringify({ hash: '3e5f0000000000000000000000000000', list: ['1e9', '12345678901234567890'] });
  expect(parseExact(text)).toEqual(JSON.parse(text));
});

test('depth is counted outside of text only', () => {
  expect(nestsDeeperThan(2, '[[1],{"a":2}]')).toBe(false);
  expect(nestsDeeperThan(2, '[[[1]]]')).toBe(true);
  expect(nestsDeeperThan(1, '{"a":"[[[[\\"[[["}')).toBe(false);
  expect(nestsDeeperThan(500, '['.repeat(100_000))).toBe(true);
});
