import { jsonFault } from './json-fault.js';

test.each([
  ['{"a":', 5, 'Expecting value'],
  ['{"a": nope}', 6, 'Expecting value'],
  ['', 0, 'Expecting value'],
  ['{"a" 1}', 5, "Expecting ':' delimiter"],
  ['{"a":1 "b":2}', 7, "Expecting ',' delimiter"],
  ['{"a":1,}', 7, 'Expecting property name enclosed in double quotes'],
  ["{'a':1}", 1, 'Expecting property name enclosed in double quotes'],
  ['[1,2', 4, "Expecting ',' delimiter"],
  ['[1,]', 3, 'Expecting value'],
  ['{} x', 3, 'Extra data'],
  ['01', 1, 'Extra data'],
  ['["abc', 1, 'Unterminated string starting at'],
  ['"a\nb"', 2, 'Invalid control character at'],
  ['"a\\qb"', 2, 'Invalid \\escape'],
  ['"a\\u12"', 2, 'Invalid \\escape'],
  ['NaN', 0, 'Expecting value'],
  ['[[], {}, {"a": [true, null]}] ]', 30, 'Extra data'],
])('%j stops being JSON at %i: %s', (text, at, words) => {
  expect(() => JSON.parse(text)).toThrow();
  expect(jsonFault(text)).toEqual({ at, words });
});

test('a million open brackets are read like any other text', () => {
  expect(jsonFault('['.repeat(1_000_000))).toEqual({ at: 1_000_000, words: 'Expecting value' });
});
