import { describe, expect, it } from '@jest/globals';
import { buildTitleIndex } from './build-title-index.js';
import { openTitleIndex } from './open-title-index.js';

const film = (release_key: string, year: number, ...titles: string[]) => ({
  release_key,
  type: 'movie',
  year,
  aliases: titles.map((title) => ({ title })),
});
const index = openTitleIndex(
  buildTitleIndex([
    film('kite', 1982, 'The Paper Kite', '纸风筝'),
    film('kite-2', 1991, 'The Paper Kite 2: High Wind', '纸风筝2：大风'),
    film('tide', 2003, 'Night Tide', '밤의 물결'),
    film('tide-old', 1961, 'Night Tide'),
  ]),
);
const answer = (title: string): string | undefined => index.resolve(title).match?.release_key;

describe('what stands behind the title of a film', () => {
  it.each([
    ["The Paper Kite Director's Cut", 'kite'],
    ['The Paper Kite (1982) Final Cut', 'kite'],
    ['The Paper Kite Remastered', 'kite'],
    ['Paper Kite, The (1982)', 'kite'],
    ['纸风筝 导演剪辑版', 'kite'],
    ['纸风筝 The Paper Kite 1982', 'kite'],
    ['밤의 물결 / Night Tide (2003)', 'tide'],
    ['Night Tide 1961 Extended', 'tide-old'],
    ['Nihgt Tide 2003', 'tide'],
  ])('does not hide it: %s', (asked, meant) => {
    expect(answer(asked)).toBe(meant);
  });

  it.each(['The Paper Kite 5', '纸风筝6', 'The Paper Kite Part 3', 'Night Tide Episode 4'])(
    'may say that it is another film: %s',
    (asked) => {
      expect(answer(asked)).toBeUndefined();
    },
  );
});
