import { describe, expect, it, test } from '@jest/globals';
import { acronymIn, acronymsOf, shareOfEach } from './acronyms.js';
import { buildTitleIndex } from './build-title-index.js';
import { openTitleIndex } from './open-title-index.js';
import type { WorkRow } from './rows.js';

const work = (key: string, season: number, ...titles: string[]): WorkRow => ({
  release_key: key,
  root: key.split('-')[0]!,
  type: 'tv',
  season,
  aliases: titles.map((title) => ({ title })),
});
const index = openTitleIndex(
  buildTitleIndex([
    work('lantern-1', 1, 'ランタン・アーケード・オンライン', 'Lantern Arcade Online'),
    work('lantern-2', 2, 'ランタン・アーケード・オンラインII', 'Lantern Arcade Online II'),
    work('lantern-north', 0, 'Lantern Arcade Online: Northern Lights'),
    work('harbours', 1, '七つの港', 'The Seven Distant Harbours'),
    work('gate', 1, 'ONE GATE'),
    work('moth', 1, 'Moth Over Water'),
    work('men', 1, 'Men of War'),
    work('cats', 1, 'CATS'),
  ]),
);
const first = (text: string): string | undefined => index.resolve(text).candidates[0]?.release_key;

describe('what a title is abbreviated to', () => {
  test.each([
    ['Lantern Arcade Online', ['lao']],
    ['The Seven Distant Harbours', ['tsdh', 'sdh', '7dh']],
    ['ONE GATE', ['1g']],
    ['Fallen/stars night: Under Blue Water', ['fsn', 'ubw']],
    ['Re:Birth', []],
    ['Water', []],
    ['Two Words', ['2w']],
    ['Old Words', []],
    ['ランタン・アーケード・オンライン', []],
    ['A Very Long Name That Nobody Abbreviates', []],
  ])('%s: %j', (title, acronyms) => {
    expect(acronymsOf(title).map(({ acronym }) => acronym)).toEqual(acronyms);
  });

  test('with the name it stands for, the part of the title that it abbreviates', () => {
    expect(acronymsOf('Lantern Arcade Online: Northern Lights Over Sea')).toEqual([
      { acronym: 'lao', name: 'lantern arcade online' },
      { acronym: 'nlos', name: 'northern lights over sea' },
    ]);
  });

  test.each([
    ['LAO', { acronym: 'lao', rest: '', inCapitals: true }],
    ['lao', { acronym: 'lao', rest: '', inCapitals: false }],
    ['lao season 2', { acronym: 'lao', rest: ' season 2', inCapitals: false }],
    ['LAO Northern Lights', { acronym: 'lao', rest: ' Northern Lights', inCapitals: true }],
    ['the harbours', undefined],
    ['The harbours', undefined],
    ['LAOLAOLAO', undefined],
    [`LAO ${'of the sea '.repeat(6)}`, undefined],
    ['港', undefined],
    ['', undefined],
  ])('%j begins with %j', (text, read) => {
    expect(acronymIn(text)).toEqual(read);
  });
});

describe('a title by its acronym', () => {
  it.each([
    ['LAO', 'lantern-1'],
    ['lao', 'lantern-1'],
    ['LAO II', 'lantern-2'],
    ['lao s2', 'lantern-2'],
    ['LAO Northern Lights', 'lantern-north'],
    ['[Group] LAO II - 05 [1080p].mkv', 'lantern-2'],
    ['LAO.S02E05.1080p.WEB.x264-GROUP', 'lantern-2'],
    ['7DH', 'harbours'],
    ['sdh', 'harbours'],
    ['1g-episode-122-sub', 'gate'],
  ])('%s is %s', (text, release_key) => {
    expect(first(text)).toBe(release_key);
  });

  it('says so, and how likely the name is the one that is meant', () => {
    const { match } = index.resolve('LAO');
    expect(match).toMatchObject({ release_key: 'lantern-1', matched_by: 'acronym' });
    expect(match!.reasons[0]).toEqual({ code: 'acronym', value: expect.closeTo(1, 2) });
    expect(index.explain('LAO').abbreviates).toEqual(['lantern arcade online']);
  });

  it('is as doubtful as it has meanings', () => {
    const { match, candidates } = index.resolve('mow');
    expect(match).toBeNull();
    expect(
      candidates
        .slice(0, 2)
        .map(({ release_key }) => release_key)
        .sort(),
    ).toEqual(['men', 'moth']);
    expect(candidates[0]!.root_probability).toBeLessThan(0.51);
  });

  it('is less likely the more names there are to have it by chance, and the shorter it is', () => {
    const among = (aliases: number, acronym: string) => shareOfEach(1, { acronym, aliases });
    expect(among(1_000_000, 'lao')).toBeLessThan(0.1);
    expect(among(1_000_000, 'lao')).toBeLessThan(among(40_000, 'lao'));
    expect(among(40_000, 'lao')).toBeLessThan(among(40_000, 'laon'));
    expect(shareOfEach(2, { acronym: 'laon', aliases: 0 })).toBe(0.5);
  });

  it('stands first in a search if it is in capitals, and else behind the titles that begin so', () => {
    const both = openTitleIndex(
      buildTitleIndex([
        work('god', 1, 'Drops of Gold'),
        ...['Dogged Heroes', 'Dog Tower', 'Doggerland'].map((title) => work(title, 1, title)),
      ]),
    );
    const found = (text: string) => both.search(text).map(({ release_key }) => release_key);
    expect(found('DOG')[0]).toBe('god');
    expect(found('dog').indexOf('god')).toBe(2);
    expect(new Set(found('dog')).size).toBe(4);
    expect(index.search('lao')[0]).toMatchObject({ release_key: 'lantern-1', matched_by: 'acronym' });
  });

  it('stands behind a title of the same letters', () => {
    expect(index.resolve('CATS').match?.release_key).toBe('cats');
    expect(first('MOW')).not.toBe('cats');
  });

  it('means nothing of what was taken away, and what was laid over', () => {
    const other = openTitleIndex(buildTitleIndex([work('gull', 1, 'Gulls Under Night')]));
    other.remove(['gull']);
    expect(other.resolve('GUN').candidates).toEqual([]);
    other.add([work('gate', 1, 'Great Umber Nebula')]);
    expect(other.resolve('GUN').match?.release_key).toBe('gate');
  });
});
