import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { buildTitleIndex } from './build-title-index.js';
import { openTitleIndex } from './open-title-index.js';
import type { WorkRow } from './rows.js';

const lighthouse = (season: number, ...titles: string[]): WorkRow => ({
  release_key: `lighthouse-${season}-tv`,
  root: 'lighthouse',
  type: 'tv',
  year: 2018 + season,
  season,
  aliases: titles.map((title, i) => ({ title, kind: i === 0 ? 'main' : 'synonym' })),
});
const WORKS: WorkRow[] = [
  lighthouse(1, '灯台の少女', 'Toudai no Shoujo', '灯塔少女', 'The Lighthouse Girl'),
  lighthouse(2, '灯台の少女 第2期', '灯塔少女 第二季', 'The Lighthouse Girl 2nd Season'),
  lighthouse(3, '灯台の少女 THE FINAL 第3期', '灯塔少女 第三季'),
  {
    release_key: 'paper-moon-1999-movie',
    type: 'movie',
    year: 1999,
    aliases: [{ title: '纸月亮' }, { title: 'Paper Moon & Sons' }, { title: '종이달' }],
  },
  { release_key: 'sword-2001-tv', type: 'tv', year: 2001, aliases: [{ title: '剣' }, { title: 'ツルギ' }] },
  {
    release_key: 'eighty-six-2021-tv',
    type: 'tv',
    year: 2021,
    aliases: [{ title: '86' }, { title: '86 ―エイティシックス―' }],
  },
];
const dusk = (key: string, season: number, ...titles: string[]): WorkRow => ({
  release_key: key,
  root: 'dusk',
  season,
  aliases: titles.map((title) => ({ title })),
});
const ember = (key: string, season: number, ...titles: string[]): WorkRow => ({
  ...dusk(key, season, ...titles),
  root: 'ember',
});
const SISTERS: WorkRow[] = [
  dusk('dusk-1', 1, '夕闇の旗', 'Flag of Dusk', '暮色之旗'),
  dusk('dusk-2', 2, '夕闇の旗II', '暮色之旗 贰之卷'),
  dusk('dusk-r', 0, '夕闇の旗 Reprise', '暮色之旗 外传'),
  { release_key: 'yell', aliases: [{ title: 'ラッパ!' }] },
  { release_key: 'yell-2', aliases: [{ title: 'ラッパ!!' }] },
  { release_key: 'planet', aliases: [{ title: 'クロックワーク・プラネット' }] },
  { release_key: 'bell', aliases: [{ title: '港町の歌姫メアリーベル' }] },
  { release_key: 'green-lady', aliases: [{ title: '绿女士' }] },
  { release_key: 'garden×garden', aliases: [{ title: 'ニワ×ニワ', language: 'ja' }, { title: 'Niwa×Garden' }] },
  ember('ember-1', 1, '残り火の庭', '余烬之庭'),
  ember('ember-f', 0, '残り火の庭F'),
  ember('ember-z', 3, '残り火の庭 零', '余火燃烧之花零'),
];
const whale = (
  key: string,
  { season, type = 'tv' }: { season: number; type?: string },
  ...titles: string[]
): WorkRow => ({
  ...dusk(key, season, ...titles),
  type,
  root: key.split('-')[0]!,
});
const COUNTED: WorkRow[] = [
  whale('whale-1', { season: 1 }, '鯨', 'Whale', '鲸鱼'),
  whale('whale-2', { season: 2 }, '鯨 第2期', 'Whale 2nd Season', '鲸鱼 第二季'),
  whale('whale-ova', { season: 0, type: 'ova' }, '鯨の休日', '鲸鱼 OAD'),
  whale('comet-1', { season: 1 }, '彗星！-すいせいのうた-', '彗星之歌 第一年'),
  whale('comet-2', { season: 2 }, '彗星！2年目', 'Comet'),
  whale('comet-3', { season: 3 }, '彗星！3年目', 'Comet'),
  whale('tasuka', { season: 1 }, '時の絵巻タスカ'),
  whale('tesoki', { season: 1 }, 'テソキ'),
  whale('niseboy-1', { season: 1 }, 'ニセボイ', 'Niseboy'),
  {
    ...whale('niseboy-2', { season: 2 }, 'ニセボイ:'),
    aliases: [{ title: 'ニセボイ:' }, { title: 'niseboy', kind: 'reading', weight: 0.4 }],
  },
];
const counted = openTitleIndex(buildTitleIndex(COUNTED));
const index = openTitleIndex(buildTitleIndex(WORKS));
const sisters = openTitleIndex(buildTitleIndex(SISTERS));
const found = (title: string): string | undefined => index.resolve(title).candidates[0]?.release_key;

describe('A title index', () => {
  it.each([
    ['灯台の少女', 'lighthouse-1-tv'],
    ['燈塔少女', 'lighthouse-1-tv'],
    ['ＴＨＥ ＬＩＧＨＴＨＯＵＳＥ ＧＩＲＬ', 'lighthouse-1-tv'],
    ['灯塔少女 第2季', 'lighthouse-2-tv'],
    ['The Lighthouse Girl S2', 'lighthouse-2-tv'],
    ['燈塔少女 第三季', 'lighthouse-3-tv'],
    ['劍', 'sword-2001-tv'],
    ['86', 'eighty-six-2021-tv'],
    ['Paper Moon &amp; Sons', 'paper-moon-1999-movie'],
  ])('knows %s whatever the script, the width and the way a season is written', (title, work) => {
    expect(found(title)).toBe(work);
  });

  it.each([
    ['The Lighthuose Girl', 'lighthouse-1-tv'],
    ['灯搭少女 第二季', 'lighthouse-2-tv'],
    ['toudai no syoujo', 'lighthouse-1-tv'],
    ['tsurugi', 'sword-2001-tv'],
    ['dengtashaonv', 'lighthouse-1-tv'],
    ['zhiyueliang', 'paper-moon-1999-movie'],
    ['zyl', 'paper-moon-1999-movie'],
    ['jongidal', 'paper-moon-1999-movie'],
    ['도다이 노 쇼조', 'lighthouse-1-tv'],
    ['쓰루기', 'sword-2001-tv'],
  ])('finds %s by a slip of the pen, another romanization or pinyin', (title, work) => {
    expect(found(title)).toBe(work);
  });

  it.each([
    ['暮色之旗 第二輯', 'dusk-2'],
    ['暮色之旗II', 'dusk-2'],
    ['Flag of Dusk 2nd Series', 'dusk-2'],
    ['Flag of Dusk S02E03', 'dusk-2'],
    ['暮色之旗', 'dusk-1'],
    ['Flag of Dusk Reprise', 'dusk-r'],
    ['ラッパ！！', 'yell-2'],
    ['ラッパ！', 'yell'],
    ['Clockwork Planet', 'planet'],
    ['Mary Bell', 'bell'],
    ['Mary Bell - Episode 3 - The Harbour', 'bell'],
    ['lu nv shi', 'green-lady'],
    ['lǜ nǚ shì', 'green-lady'],
    ['niwa x garden', 'garden×garden'],
    ['余烬之庭F', 'ember-f'],
    ['余火燃烧之花', 'ember-1'],
  ])('tells sisters apart and hears English through katakana: %s', (title, work) => {
    expect(sisters.resolve(title).candidates[0]?.release_key).toBe(work);
  });

  it.each([
    ['Whale S07E01', 'whale-1'],
    ['Whale S02E01', 'whale-2'],
    ['Comet', 'comet-1'],
    ['Tasca', 'tasuka'],
    ['Niseboy', 'niseboy-1'],
    ['鲸鱼 OVA', 'whale-ova'],
  ])('knows what people mean who count otherwise, or write what they hear: %s', (title, work) => {
    expect(counted.resolve(title).candidates[0]?.release_key).toBe(work);
  });

  it('says nothing rather than something wrong', () => {
    expect(index.resolve('Completely Unknown Picture').match).toBeNull();
    expect(index.resolve('').candidates).toEqual([]);
    expect(index.resolve('!?★').match).toBeNull();
  });

  it('says why', () => {
    const { match } = index.resolve('灯塔少女 第2季');
    expect(match?.reasons.map(({ code }) => code)).toContain('season_agrees');
    expect(index.explain('灯塔少女 第2季')).toMatchObject({ keys: { core: '灯塔少女' }, qualifier: { season: 2 } });
  });

  it('reads a release name before it looks, and trusts two titles more than one', () => {
    expect(
      index.resolve('[Kelp] 灯塔少女 第二季 / The Lighthouse Girl S2 - 03 [1080p].mkv').candidates[0]?.release_key,
    ).toBe('lighthouse-2-tv');
    expect(index.resolve('Paper.Moon.and.Sons.1999.1080p.BluRay.x264-KELP').candidates[0]?.release_key).toBe(
      'paper-moon-1999-movie',
    );
  });

  it('finds what one has begun to type', () => {
    expect(index.search('灯').map(({ release_key }) => release_key)).toContain('lighthouse-1-tv');
    expect(index.search('paper').map(({ release_key }) => release_key)).toContain('paper-moon-1999-movie');
  });

  it('keeps a title of any length', () => {
    const long = '長い題'.repeat(60);
    const own = openTitleIndex(buildTitleIndex([...WORKS, { release_key: 'long', aliases: [{ title: long }] }]));
    expect(own.names('long')).toEqual([long]);
    expect(own.resolve('纸月亮').match?.release_key).toBe('paper-moon-1999-movie');
  });

  it('is the same bytes whatever the order of the rows', () => {
    expect(buildTitleIndex([...WORKS].reverse())).toEqual(buildTitleIndex(WORKS));
  });

  it('knows new and changed works without being built anew, and forgets removed ones', () => {
    const living = openTitleIndex(buildTitleIndex(WORKS));
    living.add([
      { release_key: 'glass-river-2026-movie', type: 'movie', year: 2026, aliases: [{ title: 'Glass River' }] },
    ]);
    living.add([{ ...WORKS[3]!, aliases: [{ title: 'A Moon of Paper' }] }]);
    expect(living.resolve('glass river').match?.release_key).toBe('glass-river-2026-movie');
    expect(living.resolve('A Moon of Paper').match?.release_key).toBe('paper-moon-1999-movie');
    expect(living.resolve('종이달').match).toBeNull();
    living.remove(['glass-river-2026-movie', 'sword-2001-tv']);
    expect(living.resolve('glass river').match).toBeNull();
    expect(living.resolve('剣').match).toBeNull();
  });

  it('takes a title with a year for the work of that year, in the file or over it', () => {
    const index = openTitleIndex(buildTitleIndex(WORKS));
    const meant = (title: string) => index.resolve(title, { floor: 0.9 }).match?.release_key;
    const old = 'paper-moon-1999-movie';
    expect(['Paper Moon & Sons 1999', 'paper.moon.sons.1999', '纸月亮 (1999)'].map(meant)).toEqual([old, old, old]);
    const remake = { release_key: 'paper-moon-2011-movie', type: 'movie', year: 2011, aliases: [{ title: '纸月亮' }] };
    index.add([remake]);
    expect([meant('纸月亮 (1999)'), meant('纸月亮 2011')]).toEqual([old, remake.release_key]);
    index.remove([old]);
    expect(meant('纸月亮 (1999)')).toBeUndefined();
  });

  it('refuses a file that is cut short, changed or no index at all', () => {
    const bytes = buildTitleIndex(WORKS);
    const changed = bytes.slice();
    changed[bytes.length - 40]! ^= 1;
    for (const bad of [bytes.subarray(0, bytes.length - 8), changed, new Uint8Array(64), new Uint8Array(3)]) {
      expect(() => openTitleIndex(bad)).toThrow(/title index/);
    }
  });

  it('answers any text, the same every time', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }), fc.string({ maxLength: 4000 })),
        (title) => {
          expect(index.resolve(title)).toEqual(index.resolve(title));
          expect(Array.isArray(index.search(title))).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('finds every title it was built from', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.stringMatching(/^[a-zA-Zあ-ん一-龥가-힣0-9 ]{1,24}[a-zあ一가]$/), {
          minLength: 1,
          maxLength: 12,
        }),
        (titles) => {
          const rows = titles.map((title, i) => ({ release_key: `work-${i}`, aliases: [{ title }] }));
          const small = openTitleIndex(buildTitleIndex(rows));
          for (const title of titles)
            expect(small.resolve(title).candidates.map(({ alias }) => alias)).toContain(title);
        },
      ),
      { numRuns: 60 },
    );
  });
});
