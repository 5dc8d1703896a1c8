import { describe, expect, it } from '@jest/globals';
import { buildTitleIndex } from './build-title-index.js';
import { openTitleIndex } from './open-title-index.js';
import type { WorkRow } from './rows.js';

const work = (release_key: string, { type = 'tv', season = 0 }, ...titles: string[]): WorkRow => ({
  release_key,
  root: release_key.split('-')[0]!,
  type,
  season,
  aliases: titles.map((title) => ({ title })),
});
const index = openTitleIndex(
  buildTitleIndex([
    work('harbour-1', { season: 1 }, '港の歌', '港湾之歌', 'Song of the Harbour'),
    work('harbour-2', { season: 2 }, '港の歌 第2期', '港湾之歌 第二季'),
    work('harbour-ova', { type: 'ova' }, '港の歌 OVA', '港湾之歌 OVA'),
    work('harbourfilm', { type: 'movie' }, '劇場版 港の歌', '剧场版 港湾之歌'),
    work('harbour-r', {}, '港の歌 Return of Spring', '港湾之歌 Return of Spring'),
    work('harbour-00', {}, '港の歌00', '港湾之歌00'),
    work('sixths', { season: 1 }, 'ひつじ６／１７', '绵羊６／１７'),
    work('tale-1', {}, '塔之物语 第一回 海边的旅行', '塔の物語 第一回 海の旅'),
    work('tale-0', { season: 1 }, '塔之物语', '塔の物語'),
  ]),
);
const found = (name: string): string | undefined => index.resolve(name).candidates[0]?.release_key;

describe('The work a release name means', () => {
  it.each([
    ['[Group] 港湾之歌 OVA - 05 [1080P][WEB-DL]', 'harbour-ova'],
    ['[Group][港湾之歌 OVA][港の歌 OVA][02][BIG5][1080P].mp4', 'harbour-ova'],
    ['劇場版 港の歌.2160p.BluRay.x265-GRP', 'harbourfilm'],
    ['[Group] 港湾之歌 剧场版 [1080p]', 'harbourfilm'],
    ['[Group] 港湾之歌 Return of Spring - 05 (1080p) [ABCD1234].mkv', 'harbour-r'],
    ['[Group] 港の歌 Return of Spring (港湾之歌 Return of Spring) [05][1080p]', 'harbour-r'],
    ['[Group] 港の歌00 - 05 [1080P]', 'harbour-00'],
    ['[Group] ひつじ６／１７ - 05 [1080P]', 'sixths'],
    ['[Group] 港湾之歌 第二季 [05][1080p]', 'harbour-2'],
    ['塔之物语 第一回 海边的旅行', 'tale-1'],
  ])('is told from what stands beside a title, as in %s', (name, release_key) => {
    expect(found(name)).toBe(release_key);
  });

  it.each([
    ['[Group] 港湾之歌 - 05 [1080P]', 'harbour-1'],
    ['[Group][港湾之歌][港の歌][05][BIG5][1080P].mp4', 'harbour-1'],
    ['[Group] 港湾之歌 - 00 [1080P]', 'harbour-1'],
  ])('is the one with the bare title when nothing stands beside it, as in %s', (name, release_key) => {
    expect(found(name)).toBe(release_key);
  });

  it('is told from a title with the number of all its episodes', () => {
    expect(index.resolve('港の歌 [22話全]').match?.release_key).toBe('harbour-1');
  });

  it('is not surely a work of quite another year, where a film is named', () => {
    const years = openTitleIndex(buildTitleIndex([{ ...work('gull', {}, 'Gull'), year: 2004 }]));
    expect(years.resolve('Gull.2023.1080p.BluRay.x264-GRP').match).toBeNull();
    expect(years.resolve('Gull.2004.1080p.BluRay.x264-GRP').match?.release_key).toBe('gull');
    expect(years.resolve('Gull.S02E01.2023.1080p.WEB.x264-GRP').candidates[0]!.probability).toBeGreaterThan(0.8);
  });

  it('is told without a last word that no title has', () => {
    const armour = openTitleIndex(
      buildTitleIndex([
        work('armour', {}, '甲冑戦記オルビスUC', 'kacchuu senki orubisu uc'),
        work('armoured', {}, '甲冑戦記オルビス', 'kacchuu senki oru bisu'),
        work('northern', {}, 'kacchuu senki northern star'),
        work('northerly', {}, 'kacchuu senki orbis northerly'),
        work('northward', {}, 'kacchuu senki orbis northward'),
      ]),
    );
    const { candidates } = armour.resolve('[TV-G] Kacchuu Senki Orubis UC Northernlights - 02 [BD 1080p].mkv');
    expect(candidates[0]?.release_key).toBe('armour');
  });

  it('is told from two names of one work that nothing parts', () => {
    expect(found('港の歌.港湾之歌.S01E05.1080p.WEB-DL.H264-GRP')).toBe('harbour-1');
    expect(found('【Group】【港の歌 港湾之歌】【05】【1280X720】')).toBe('harbour-1');
  });
});
