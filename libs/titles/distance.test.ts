import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { edits } from './distance.js';

/** The same from the definition, slowly: the least of what the three or four ways to get there cost. */
function slowly(a: string, b: string): number {
  const table = Array.from({ length: a.length + 1 }, (_, i) => [i, ...Array<number>(b.length).fill(0)]);
  for (let j = 0; j <= b.length; j++) table[0]![j] = j;
  for (let i = 1; i <= a.length; i++)
    for (let j = 1; j <= b.length; j++) {
      const ways = [
        table[i - 1]![j]! + 1,
        table[i]![j - 1]! + 1,
        table[i - 1]![j - 1]! + Number(a[i - 1] !== b[j - 1]),
      ];
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) ways.push(table[i - 2]![j - 2]! + 1);
      table[i]![j] = Math.min(...ways);
    }
  return table[a.length]![b.length]!;
}

describe('the edits between two keys', () => {
  const key = (longest: number) =>
    fc.array(fc.constantFrom('a', 'b', 'c', 'あ', '剣'), { maxLength: longest }).map((letters) => letters.join(''));

  it.each([8, 33, 60])('are what they are by definition, for keys of up to %i letters', (longest) => {
    fc.assert(
      fc.property(key(longest), key(longest), (a, b) => {
        expect(edits(a, b)).toBe(slowly(a, b));
      }),
      { numRuns: 400 },
    );
  });

  it('count neighbours that changed places once', () => {
    expect([edits('steins', 'stiens'), edits('ab', 'ba'), edits('kitten', 'sitting')]).toEqual([1, 1, 3]);
  });

  it('of a key of 32 letters use its last place too', () => {
    const long = 'abcdefghijklmnopqrstuvwxyz012345';
    expect(edits(long, `x${long.slice(1, 31)}y`)).toBe(2);
  });
});
