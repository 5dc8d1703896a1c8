import { buildTitleIndex } from './build-title-index.js';
import { openTitleIndex } from './open-title-index.js';

const SYLLABLES =
  'ka ri no ha shi to mu re sa ko ten ryu gai zen mi yo 星 空 海 人 王 城 光 夜 春 雪 風 花 の ン カ ロ'.split(' ');

/** Titles in which the same letters stand together again and again, so that every gram of one is in thousands of others. */
function madeTitles(count: number): string[] {
  let state = 42;
  const next = (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const word = () => Array.from({ length: 2 + next(3) }, () => SYLLABLES[next(SYLLABLES.length)]).join('');
  return [...new Set(Array.from({ length: count }, () => `${word()} ${word()} ${word()}`))];
}

/** The title with the letter in its middle left out, doubled, or changed for another, or swapped with its neighbour. */
function slipped(title: string, kind: number): string {
  const letters = [...title];
  const middle = letters.length >> 1;
  if (kind === 0) letters.splice(middle, 1);
  else if (kind === 1) letters.splice(middle, 0, letters[middle]!);
  else if (kind === 2) letters[middle] = 'x';
  else [letters[middle], letters[middle + 1]] = [letters[middle + 1]!, letters[middle]!];
  return letters.join('');
}

describe('what shares letters with a title', () => {
  const titles = madeTitles(20_000);
  const index = openTitleIndex(
    buildTitleIndex(titles.map((title, n) => ({ release_key: `w${n}`, aliases: [{ title }] }))),
  );
  const some = titles.map((title, n) => ({ title, key: `w${n}` })).filter((_, n) => n % 197 === 0);

  test.each(['left out', 'doubled', 'changed', 'swapped'].map((slip, kind) => ({ slip, kind })))(
    'a title with a letter $slip is found among twenty thousand that are made of the same pieces',
    ({ kind }) => {
      const found = some.filter(({ title, key }) => {
        const { candidates } = index.resolve(slipped(title, kind), { limit: 5 });
        return candidates.some(({ release_key }) => release_key === key);
      });
      expect(found.length).toBeGreaterThanOrEqual(some.length * 0.98);
    },
  );

  test('a text that shares nothing with any title is no title', () => {
    expect(index.resolve('qqqqwwww vvvv').match).toBeNull();
  });
});
