import { describe, expect, test } from '@jest/globals';
import { buildTitleIndex } from './build-title-index.js';
import { openTitleIndex } from './open-title-index.js';
import { inDigits, spelledKey } from './spelled-numbers.js';

const films = (...titles: string[]) =>
  openTitleIndex(buildTitleIndex(titles.map((title) => ({ release_key: title, type: 'movie', aliases: [{ title }] }))));

describe('Spelled numbers', () => {
  test.each([
    ['eleven lanterns', '11 lanterns'],
    ['twenty one', '21'],
    ['forty ten', '40 10'],
    ['one hundred and one gulls', '101 gulls'],
    ['the hundred', 'the 100'],
    ['three hundred', '300'],
    ['two hundred and a half', '200 and a half'],
    ['two and a half', '2 and a half'],
    ['someone often', 'someone often'],
  ])('%s is %s', (words, digits) => {
    expect(inDigits(words)).toBe(digits);
  });

  test('titles are compared by them without the article in front', () => {
    expect(spelledKey('the seven gulls')).toBe(spelledKey('7 gulls'));
    expect(spelledKey('the gulls')).toBe('');
  });

  const known = films(
    "Lantern's Eleven",
    'The Hateful Gull Eight',
    '12 Angry Gulls',
    'Harbour 9',
    'Harbour Story',
    'District 9',
  );
  test.each([
    ['Lanterns 11', "Lantern's Eleven"],
    ['Hateful Gull 8', 'The Hateful Gull Eight'],
    ['Twelve Angry Gulls', '12 Angry Gulls'],
    ['Harbour Nine', 'Harbour 9'],
    ['District Nine', 'District 9'],
  ])('%s is %s', (asked, title) => {
    expect(known.resolve(asked).match?.release_key).toBe(title);
  });

  test.each(["Lantern's Twelve", 'Lanterns 1', 'Harbour Ten', 'Harbour Story Two'])(
    '%s is another film than those known',
    (asked) => {
      expect(known.resolve(asked).match).toBeNull();
    },
  );
});
