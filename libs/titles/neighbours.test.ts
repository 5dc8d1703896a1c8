import { describe, expect, it } from '@jest/globals';
import { buildTitleIndex } from './build-title-index.js';
import { openTitleIndex } from './open-title-index.js';

const FILMS = [
  'The Crow',
  'Fargo',
  'Planes',
  'Psycho',
  'Interstellar',
  'Work number 7777',
  'Paper Moon',
  '提灯の仮面W',
  '新・港の拳',
];
const index = openTitleIndex(
  buildTitleIndex(FILMS.map((title) => ({ release_key: title, type: 'movie', aliases: [{ title }] }))),
);
const answer = (title: string): string | undefined => index.resolve(title).match?.release_key;

describe('a catalogue that lacks what is asked, and has its neighbour', () => {
  it.each(['The Crown', 'Argo', 'Plane', 'Psych', 'Work number 777777', '提灯の仮面', '港の拳'])(
    'has no answer to %s',
    (title) => {
      expect(answer(title)).toBeUndefined();
    },
  );

  it.each([
    ['The Corw', 'The Crow'],
    ['Fagro', 'Fargo'],
    ['Pscyho', 'Psycho'],
    ['Interstelar', 'Interstellar'],
    ['Paper Mon', 'Paper Moon'],
    ['提灯の假面W', '提灯の仮面W'],
    ['新・港の挙', '新・港の拳'],
  ])('still knows %s for %s', (title, film) => {
    expect(answer(title)).toBe(film);
  });
});
