import { text, whole } from './fields.js';

const fits = (value: unknown, bounds: { min?: number; max?: number }): boolean => text(bounds).safeParse(value).success;

test('a character counts as one, however it is written', () => {
  expect(fits('🎬🎬🎬', { max: 3 })).toBe(true);
  expect(fits('🎬🎬🎬', { max: 2 })).toBe(false);
  expect(fits('a🎬', { max: 2 })).toBe(true);
  expect(fits('🎬', { min: 2 })).toBe(false);
  expect(fits('🎬a', { min: 2, max: 2 })).toBe(true);
  expect(fits('abc', { max: 2 })).toBe(false);
  expect(fits('', { max: 0 })).toBe(true);
});

test('a text as long as a file is measured', () => {
  const long = 'ab'.repeat(20_000_000);
  expect(fits(long, { max: long.length })).toBe(true);
  expect(fits(long, { max: long.length - 1 })).toBe(false);
});

test('true and false count as one and nought, within the same bounds', () => {
  const year = whole({ min: 1850, max: 2200 });
  expect([true, false, 2001, '2001'].map((value) => year.safeParse(value).data)).toEqual([
    undefined,
    undefined,
    2001,
    2001,
  ]);
  expect([true, false].map((value) => whole({ min: 0, max: 9 }).parse(value))).toEqual([1, 0]);
});
