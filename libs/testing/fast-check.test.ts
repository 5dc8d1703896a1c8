import { fc } from './fast-check.js';

test('a property is tried on the same examples every time', () => {
  const examples = () => {
    const seen: number[] = [];
    fc.assert(fc.property(fc.integer(), (number) => void seen.push(number)));
    return seen;
  };
  expect(new Set(examples()).size).toBeGreaterThan(10);
  expect(examples()).toEqual(examples());
});
