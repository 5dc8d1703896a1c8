import { describe, expect, it } from '@jest/globals';
import { buildTitleIndex } from './build-title-index.js';
import { openTitleIndex } from './open-title-index.js';
import { splitQualifier } from './qualifier.js';

describe('the season in a title', () => {
  it.each([
    ['종이 등불 시즌 2', '종이등불', 2],
    ['종이 등불 시즌2', '종이등불', 2],
    ['종이 등불 2기', '종이등불', 2],
    ['종이 등불 제2기', '종이등불', 2],
    ['종이 등불 제 3 기', '종이등불', 3],
    ['El farol Temporada 2', 'elfarol', 2],
    ['El farol 2ª temporada', 'elfarol', 2],
    ['La lanterne Saison 2', 'lalanterne', 2],
    ['La lanterne Saison 2 : Le retour', 'lalanterneleretour', 2],
    ['Lantern Season 2: Return', 'lanternreturn', 2],
    ['灯笼 シーズン2：帰還', '灯笼归还', 2],
    ['La lanterne 2ème saison', 'lalanterne', 2],
    ['Die Laterne Staffel 2', 'dielaterne', 2],
    ['Die Laterne 2. Staffel', 'dielaterne', 2],
    ['La lanterna Stagione 2', 'lalanterna', 2],
    ['Фонарь Сезон 2', 'фонарь', 2],
    ['Фонарь 2 сезон', 'фонарь', 2],
    ['Фонарь 2-й сезон', 'фонарь', 2],
    ['Lampion sezon 3', 'lampion', 3],
    ['De lantaarn Seizoen 2', 'delantaarn', 2],
    ['Lyktan Säsong 2', 'lyktan', 2],
    ['Lentera Musim 2', 'lentera', 2],
    ['Đèn lồng Mùa 2', 'denlong', 2],
  ])('is read in %s', (title, core, season) => {
    const read = splitQualifier(title);
    expect([read.core, read.qualifier.season, read.qualifier.weak]).toEqual([core, season, false]);
  });

  it.each([
    '기생수',
    '羊½',
    '羊1/2',
    'ひつじ 1／2',
    '2기통 엔진',
    '시즌 그리팅',
    'Une saison en hiver',
    'Staffellauf 200',
    '2 Saisons',
  ])('is none in %s', (title) => {
    expect(splitQualifier(title).qualifier.season).toBe(0);
  });

  it('tells sister works apart, however it is said on either side', () => {
    const work = (release_key: string, season: number, title: string) => ({
      release_key,
      root: 'lantern',
      type: 'tv',
      season,
      aliases: [{ title }],
    });
    const index = openTitleIndex(
      buildTitleIndex([
        work('one', 1, '종이 등불'),
        work('two', 2, '종이 등불 2기'),
        work('three', 3, '종이 등불 3기'),
      ]),
    );
    expect(
      ['종이 등불 시즌 2', '종이 등불 제3기', '종이 등불'].map((q) => index.resolve(q).match?.release_key),
    ).toEqual(['two', 'three', 'one']);
  });
});
