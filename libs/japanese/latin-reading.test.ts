import { describe, expect, it } from '@jest/globals';
import { latinReadings } from './latin-reading.js';
import { withReadings } from './with-readings.js';

describe('The reading of a Japanese title', () => {
  it.each([
    ['進撃の巨人', 'shingeki no kyojin'],
    ['これはゾンビですか？', 'kore wa zonbi desu ka'],
    ['この素晴らしい世界に祝福を！', 'kono subarashii sekai ni shukufuku wo'],
    ['猫物語（黒）', 'neko monogatari kuro'],
    ['やってみた', 'yatte mi ta'],
    ['クロックワーク・プラネット', 'kurokkuwaku puranetto'],
    ['化物語 第2期', 'bakemono gatari season 2'],
  ])('%s is %s', (title, reading) => {
    expect(latinReadings(title)[0]).toBe(reading);
  });

  it.each([
    ['獣王星', 'juu ou sei'],
    ['血界', 'kekkai'],
    ['鉄砲', 'teppou'],
    ['廻戦の物語', 'kai sen no monogatari'],
    ['乙女の鎮魂曲（レクイエム）', 'otome no rekuiemu'],
    ['鉄城の物語', 'tetsu jou no monogatari'],
    ['白鯨', 'haku gei'],
    ['雪月華', 'setsu gekka'],
    ['区境', 'ku kyou'],
    ['化物語（ばけものがたり）', 'bake monogatari'],
  ])('%s may be %s, too', (title, reading) => {
    expect(latinReadings(title)).toContain(reading);
  });

  it('goes as its author spells it before it goes as one word', () => {
    expect(latinReadings('血界の鎮魂曲（レクイエム）')[1]).toMatch(/ no rekuiemu$/);
  });

  it.each(['提灯物語（アニメ）', '提灯物語（アニメ） 第2期'])('%s is not called what is remarked of it', (title) => {
    for (const reading of latinReadings(title)) expect(reading).not.toMatch(/^anime/);
  });

  it.each(['', 'Plain English', '!?', '종이달', '\u0000'])('there is none of %j', (title) => {
    expect(latinReadings(title)).toEqual([]);
  });

  it('stands beside the names that were given, once, and only where the name is Japanese', () => {
    const work = withReadings({
      release_key: 'ice',
      aliases: [{ title: '氷菓', language: 'ja' }, { title: '氷菓', language: 'zh-Hant' }, { title: 'ひょうか' }],
    });
    expect(work.aliases.slice(3).map(({ title, kind }) => [title, kind])).toEqual([['hyouka', 'reading']]);
    const given = { release_key: 'ice', aliases: [{ title: '氷菓', language: 'ja' }, { title: 'Hyouka' }] };
    expect(withReadings(given)).toBe(given);
  });

  it('ends for a title of any length', () => {
    expect(latinReadings('の'.repeat(4000))[0]!.length).toBeLessThan(400);
    expect(latinReadings('獣'.repeat(4000)).join('').length).toBeLessThan(2000);
  });
});
