import fc from 'fast-check';
import { bestAssignment, type Offer } from './best-assignment.js';

const offersOf = (gains: readonly (readonly number[])[]): Offer[][] =>
  gains.map((row) => row.flatMap((gain, column) => (gain > 0 ? [{ column, gain }] : [])));
const worth = (gains: readonly (readonly number[])[], given: readonly (number | undefined)[]): number =>
  given.reduce<number>((sum, column, row) => sum + (column === undefined ? 0 : gains[row]![column]!), 0);

function bestByTrying(gains: readonly (readonly number[])[], row = 0, taken = new Set<number>()): number {
  if (row === gains.length) return 0;
  const with_ = gains[row]!.map((gain, column) =>
    gain > 0 && !taken.has(column) ? gain + bestByTrying(gains, row + 1, new Set([...taken, column])) : 0,
  );
  return Math.max(bestByTrying(gains, row + 1, taken), ...with_);
}

test('two get what they can both have, though one of them would have liked the other place a little more', () => {
  const gains = [
    [0.16, 0.15],
    [0.15, 0],
  ];
  expect(bestAssignment(offersOf(gains), 2)).toEqual([1, 0]);
});

test('what is worth more alone than two together is not given up for them', () => {
  const gains = [
    [0.45, 0.01],
    [0.01, 0],
  ];
  expect(bestAssignment(offersOf(gains), 2)).toEqual([0, undefined]);
});

test('a place for the last is found though two hundred others have to move for it', () => {
  const chain = Array.from({ length: 200 }, (_, at) => [
    { column: at, gain: 0.5 },
    { column: at + 1, gain: 0.499 },
  ]);
  const given = bestAssignment([...chain, [{ column: 0, gain: 0.5 }]], 201);
  expect(given).toEqual([...chain.map((_, at) => at + 1), 0]);
});

test('where the best cannot be found in time, nobody stays without for whom there is a place', () => {
  const size = 300;
  const numbers = Array.from({ length: size }, (_, at) => at + 1);
  const offers = numbers.map((row) =>
    numbers.map((column) => ({ column: column - 1, gain: (row * column) / size ** 2 })),
  );
  expect(new Set(bestAssignment(offers, size))).toEqual(new Set(numbers.map((column) => column - 1)));
});

test('no assignment of small tables is better, and none gives a column twice', () => {
  const table = fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 1, max: 5 })).chain(([rows, columns]) =>
    fc.array(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: columns, maxLength: columns }), {
      minLength: rows,
      maxLength: rows,
    }),
  );
  fc.assert(
    fc.property(table, (gains) => {
      const given = bestAssignment(offersOf(gains), 5);
      const taken = given.filter((column) => column !== undefined);
      expect(new Set(taken).size).toBe(taken.length);
      given.forEach((column, row) => expect(column === undefined || gains[row]![column]! > 0).toBe(true));
      expect(worth(gains, given)).toBe(bestByTrying(gains));
    }),
    { numRuns: 500 },
  );
});
