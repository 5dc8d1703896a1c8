import { describe, expect, it } from '@jest/globals';
import { buildTitleIndex } from './build-title-index.js';
import { openTitleIndex } from './open-title-index.js';

const FILMS = [
  'Aeroplane',
  'Paper Moon',
  'Breaking Bad',
  'Parasite',
  'Die Hard',
  'Interstellar',
  'The Lighthouse Girl',
];
const index = openTitleIndex(
  buildTitleIndex(
    [...FILMS, '流浪地球', '进击的巨人'].map((title) => ({ release_key: title, type: 'movie', aliases: [{ title }] })),
  ),
);
const answer = (title: string): string | undefined => index.resolve(title).match?.release_key;

describe('a catalogue of a dozen works', () => {
  it.each([
    'Plane',
    'Planet',
    'Stellar',
    'Site',
    'Light',
    'House',
    'Paper',
    'Bad',
    'Titanic',
    'Die',
    '地球',
    '流浪者',
    '巨人',
  ])('does not take %s for a title that only has its letters, though it has nothing nearer', (title) => {
    expect(answer(title)).toBeUndefined();
  });

  it.each([
    ['Areoplane', 'Aeroplane'],
    ['Interstelar', 'Interstellar'],
    ['Breakng Bad', 'Breaking Bad'],
    ['Lighthouse Girl, The', 'The Lighthouse Girl'],
    ['Lighthouse Girl', 'The Lighthouse Girl'],
    ['DIE HARD', 'Die Hard'],
    ['進擊的巨人', '进击的巨人'],
    ['流狼地球', '流浪地球'],
  ])('knows %s for %s', (title, film) => {
    expect(answer(title)).toBe(film);
  });

  it('is as sure of a name spelt with a slip as a large one is', () => {
    const words = ['amber', 'birch', 'cedar', 'delta', 'ember', 'fjord', 'grove', 'harbor', 'island', 'jungle'];
    const others = words
      .flatMap((a) => words.map((b) => `${a} ${b} tale`))
      .map((title) => ({
        release_key: title,
        type: 'movie',
        aliases: [{ title }],
      }));
    const large = openTitleIndex(
      buildTitleIndex([...others, { release_key: 'x', type: 'movie', aliases: [{ title: 'Interstellar' }] }]),
    );
    const [few, many] = [index, large].map((of) => of.resolve('Interstelar').candidates[0]!.probability);
    expect(Math.abs(few! - many!)).toBeLessThan(0.05);
  });
});
