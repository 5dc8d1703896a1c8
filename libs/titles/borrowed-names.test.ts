import { describe, expect, it } from '@jest/globals';
import { buildTitleIndex } from './build-title-index.js';
import { openTitleIndex } from './open-title-index.js';
import type { WorkRow } from './rows.js';

const work = (release_key: string, type: string, ...titles: string[]): WorkRow => ({
  release_key,
  type,
  aliases: titles.map((title) => ({ title })),
});
const ROWS = [
  work('pedal', 'tv', '臆病ペダル', '弱虫车轮', 'Timid Pedal'),
  work('pedal-film', 'movie', '劇場版 臆病ペダル'),
  work('pedal-grace', 'movie', '臆病ペダル 夜明けの坂'),
  work('shell', 'tv', '外殻警備隊 QRST_2060', 'Soul of the Armour: QRST_2060'),
  work('shell-1', 'tv', '外殻警備隊 LONELY ISLAND NETWORK'),
  work('another', 'tv', 'Another'),
  work('sounds-so', 'ova', 'アナザバ'),
  work('anthology', 'tv', '夜明けの坂と海'),
  work('slope', 'ova', '夜の坂 OVA', '夜之坡道 OVA'),
];
const index = openTitleIndex(buildTitleIndex(ROWS));
const first = (title: string) => index.resolve(title).candidates[0];

describe('A name that a work borrows from its series', () => {
  it.each([
    ['弱虫车轮 夜明けの坂', 'pedal-grace'],
    ['Timid Pedal 夜明けの坂', 'pedal-grace'],
    ['弱虫车轮 剧场版', 'pedal-film'],
    ['Soul of the Armour Lonely Island Network', 'shell-1'],
  ])('is recognised: %s', (title, release_key) => {
    expect(first(title)).toMatchObject({ release_key });
    expect(first(title)!.probability).toBeGreaterThan(0.8);
  });

  it('is that of a work which was added a moment ago', () => {
    const added = openTitleIndex(buildTitleIndex(ROWS));
    added.add([work('pedal-sea', 'movie', '臆病ペダル 海の果て')]);
    expect(added.resolve('弱虫车轮 海の果て').match?.release_key).toBe('pedal-sea');
    added.remove(['pedal-grace']);
    expect(added.resolve('弱虫车轮 夜明けの坂').candidates.map(({ release_key }) => release_key)).not.toContain(
      'pedal-grace',
    );
  });

  it('is borrowed no more from a work that has lost it', () => {
    const changed = openTitleIndex(buildTitleIndex(ROWS));
    changed.add([work('pedal', 'tv', '臆病ペダル', 'Timid Pedal')]);
    expect(changed.resolve('弱虫车轮 夜明けの坂').match).toBeNull();
    expect(changed.resolve('Timid Pedal 夜明けの坂').match?.release_key).toBe('pedal-grace');
  });

  it('is not that of a film where an extra is asked for', () => {
    expect(first('弱虫车轮 OVA')?.release_key).toBe('pedal');
  });
});

describe('A show none of whose extras is known', () => {
  it('stands for them', () => {
    expect(index.resolve('Another OVA').match?.release_key).toBe('another');
    expect(first('[Group] Another OVA - The Long Way Home (BD 1080p) [3A561D0E].mkv')).toMatchObject({
      release_key: 'another',
    });
  });

  it('does not where one is known by that name', () => {
    const both = openTitleIndex(buildTitleIndex([...ROWS, work('slope-tv', 'tv', '夜の坂', '夜之坡道')]));
    expect(both.resolve('夜之坡道 OVA').candidates[0]?.release_key).toBe('slope');
  });
});

describe('What stands behind a name heard in katakana', () => {
  const films = openTitleIndex(
    buildTitleIndex([
      work('gel-a', 'movie', 'ヱンジェリオン新劇場版:序'),
      work('gel-q', 'movie', 'ヱンジェリオン新劇場版:Q'),
      work('gel-b', 'movie', '新世界エンジェリオン劇場版 まごころ'),
    ]),
  );

  it('tells films apart, and old letters are heard as new ones', () => {
    expect(films.resolve('Angelion The New Movie Q').candidates[0]?.release_key).toBe('gel-q');
    expect(films.resolve('Angelion The New Movie Q').candidates.map(({ release_key }) => release_key)).toContain(
      'gel-a',
    );
  });
});
