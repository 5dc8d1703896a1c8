import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseReleaseName } from './parse-release-name.js';
import type { Field, ParsedName } from './parsed-name.js';

const plain = (name: string) => {
  const { titles, year, seasons, episodes, resolution, group } = parseReleaseName(name);
  return {
    titles: titles.map(({ value }) => value),
    year: year?.value,
    seasons: seasons?.value,
    episodes: episodes?.value,
    resolution: resolution?.value,
    group: group?.value,
  };
};

describe('A release name', () => {
  it.each([
    [
      'Quiet.Harbour.S02E05.The.Storm.1080p.WEB-DL.DDP5.1.H.264-KELP.mkv',
      { titles: ['Quiet Harbour'], seasons: [2], episodes: [5], resolution: '1080p', group: 'KELP' },
    ],
    ['Quiet Harbour (2019) [2160p] [BluRay] [5.1]', { titles: ['Quiet Harbour'], year: 2019, resolution: '2160p' }],
    ['2049.Lights.2031.720p.HDTV.x264-KELP', { titles: ['2049 Lights'], year: 2031, group: 'KELP' }],
    ['quiet.harbour.207.hdtv-kelp', { titles: ['quiet harbour'], seasons: [2], episodes: [7], group: 'kelp' }],
    [
      '[Kelp-Subs] Minato no Uta - 07v2 [1080p][ABCD1234].mkv',
      { titles: ['Minato no Uta'], episodes: [7], resolution: '1080p', group: 'Kelp-Subs' },
    ],
    [
      '【海带字幕组】★10月新番★[港湾之歌/Minato no Uta][12END][720p][繁体]',
      { titles: ['港湾之歌', 'Minato no Uta'], episodes: [12], group: '海带字幕组' },
    ],
    [
      '[海带字幕组] 港湾之歌 第二季 / Minato no Uta - 03 [WebRip 1080p HEVC-10bit AAC]',
      { titles: ['港湾之歌', 'Minato no Uta'], seasons: [2], episodes: [3] },
    ],
    ['Quiet.Harbour.S01.[480p.720p.WEB-DL]', { resolution: '720p' }],
    ['[Kelp] Quiet Harbour v2 [BD1080p][ABCD1234].mkv', { resolution: '1080p' }],
    ['Quiet.Harbour.2019.UHD.BluRay.x265-KELP', { resolution: '2160p' }],
    ['Quiet.Harbour.2019.720p.BluRay.x264-FHD', { resolution: '720p' }],
    ['Quiet Harbour Season 1-3 Complete 720p', { titles: ['Quiet Harbour'], seasons: [1, 2, 3] }],
    ['[Kelp]_017-2_-_04_(H264)_[ABCD1234].mkv', { titles: ['017-2'], episodes: [4], group: 'Kelp' }],
    ['[Kelp] 52 - 01 (1080p) [ABCD1234].mkv', { titles: ['52'], episodes: [1], group: 'Kelp' }],
    ['[Quiet Harbour] 01 - 12 [1080p]', { titles: ['Quiet Harbour'] }],
    [
      '[Minato.no.Uta]-[Ep.24]-[x264+OGG]-[Chap]-[Kelp].mkv',
      { titles: ['Minato no Uta'], episodes: [24], group: 'Kelp' },
    ],
    ['QUIET HARBOUR IV 13 END', { titles: ['QUIET HARBOUR IV'], episodes: [13] }],
    ['Quiet Harbour 12v2 END', { titles: ['Quiet Harbour'], episodes: [12] }],
    ['[Kelp] Minato no Uta Complete 11-13', { titles: ['Minato no Uta'], episodes: [11, 12, 13] }],
    ['Quiet Harbour - 21 ao 23 - [KELP]', { titles: ['Quiet Harbour'], episodes: [21, 22, 23], group: 'KELP' }],
    ['[Kelp] Quiet Harbour - 9 bis 11 [720p]', { titles: ['Quiet Harbour'], episodes: [9, 10, 11] }],
    ['Quiet.Harbour.S01E01-E03.720p.BluRay', { seasons: [1], episodes: [1, 2, 3] }],
    [
      '/media/Quiet Harbour (2019)/Season 2/E05 - The Storm.mkv',
      { titles: ['Quiet Harbour'], year: 2019, seasons: [2], episodes: [5] },
    ],
    [
      'Тихая гавань / Quiet Harbour / Сезон: 2 / Серии: 1-3 из 8 [2020, WEBRip 1080p]',
      { titles: ['Тихая гавань', 'Quiet Harbour'], seasons: [2], episodes: [1, 2, 3], year: 2020 },
    ],
  ])('reads %s', (name, expected) => {
    expect(plain(name)).toMatchObject(expected);
  });

  it('takes the number behind a final season for an episode', () => {
    const { seasons, episodes } = parseReleaseName('[Group] Kasa no Mori - The Final Season - 75 [1080p].mkv');
    expect(seasons).toBeUndefined();
    expect(episodes?.value).toEqual([75]);
    expect(parseReleaseName('Kasa no Mori Season - 2 [1080p].mkv').seasons?.value).toEqual([2]);
  });

  it('says where each field stands', () => {
    const name = '[Kelp] Minato no Uta S2 - 07 [1080p].mkv';
    const parsed = parseReleaseName(name);
    expect(fieldsOf(parsed).map(({ span }) => name.slice(...span))).toEqual(
      expect.arrayContaining(['Minato no Uta', 'S2', '07', '1080p', 'Kelp', 'mkv']),
    );
  });

  it('is less sure of a last episode where nothing else says that this is a release', () => {
    const sureness = (name: string) => parseReleaseName(name).episodes!.confidence;
    for (const name of ['Area 88 END', 'Room 237 end', '区域 88 完']) expect(sureness(name)).toBeLessThan(0.8);
    for (const name of ['[Group] Area 88 END', 'Area 88 END.mkv', 'Area 88 END [720p]'])
      expect(sureness(name)).toBeGreaterThan(0.9);
  });

  it('never fails, and every field stands inside of the name', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'grapheme', maxLength: 200 }),
          fc.string({ unit: 'binary', maxLength: 200 }),
          hostile,
        ),
        (name) => {
          const parsed = parseReleaseName(name);
          for (const { span, confidence } of fieldsOf(parsed)) {
            expect(span[0]).toBeGreaterThanOrEqual(0);
            expect(span[1]).toBeGreaterThanOrEqual(span[0]);
            expect(span[1]).toBeLessThanOrEqual(name.length);
            expect(confidence >= 0 && confidence <= 1).toBe(true);
          }
          expect(parseReleaseName(name)).toEqual(parsed);
        },
      ),
      { numRuns: 500 },
    );
  });
});

/** Names made of the pieces that mean something, in any order: what a hostile hand would write. */
const hostile = fc
  .array(
    fc.constantFrom(
      'S01',
      'E02',
      '-',
      ' - ',
      '.',
      '[',
      ']',
      '(',
      ')',
      '2019',
      '1080p',
      'WEB-DL',
      '第',
      '季',
      '01',
      '12',
      'x',
      '/',
      'Season 1',
      'a',
      '港',
      '-GRP',
      '~',
      'v2',
      '_',
      '1x02',
      '全集',
      'French',
      '\\',
    ),
    { maxLength: 60 },
  )
  .map((pieces) => pieces.join(''));

function fieldsOf(parsed: ParsedName): Field<unknown>[] {
  return Object.entries(parsed).flatMap(([key, value]) =>
    key === 'name' || value === undefined ? [] : ([value].flat() as Field<unknown>[]),
  );
}
