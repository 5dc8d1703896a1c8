import { describe, expect, test } from '@jest/globals';
import { buildTitleIndex } from './build-title-index.js';
import { openTitleIndex } from './open-title-index.js';
import type { WorkRow } from './rows.js';

const work = (key: string, { season = 0, type = 'tv' }: { season?: number; type?: string }, ...titles: string[]) =>
  ({
    release_key: key,
    root: key.split('-')[0]!,
    type,
    season,
    aliases: titles.map((title) => ({ title })),
  }) satisfies WorkRow;

const goesBy = (title: string, row: WorkRow): WorkRow => ({
  ...row,
  aliases: [{ title, kind: 'main' }, ...row.aliases],
});

const WORKS: WorkRow[] = [
  work('harbour-1', { season: 1 }, 'ミナトガール first season', '港の少女 first season'),
  work('harbour-2', { season: 2 }, 'ミナトガール second season', '海辺の少女 second season'),
  work('lantern-1', { season: 1 }, '提灯物語', '灯笼物语', 'Lantern'),
  work('lantern-2', { season: 2 }, '提灯物語 第二期', '灯笼物语 第二季', 'LANTERN 2nd Season'),
  work('lantern-4', { season: 4 }, '提灯物語 TO THE SEA', '灯笼物语 第四季', '灯笼物语 TO THE SEA'),
  work('lantern-5', {}, '提灯物語 TO THE SEA (第2クール)', '灯笼物语 TO THE SEA 第二期', '灯笼物语 第四季 第二期'),
  work('memory-1', { season: 1, type: 'ova' }, '追憶の欠片 OVA', '追忆碎片'),
  work('memory-5', { type: 'ova' }, '追憶の欠片5 途切れた糸', '追忆碎片5 中断的线'),
  work('gull-1', { season: 1 }, 'GULL', '海鸥', 'Gull'),
  work('gull-war', { type: 'tv' }, 'GULL 千年戦争篇', 'GULL 海鸥 千年战争篇'),
  work('engine-1', { season: 1 }, '破壊の機関', 'ENGINE!! 破坏机关'),
  work('engine-2', { season: 2 }, '破壊の機関 第2期 地獄の歌編', 'ENGINE!! 破坏机关 第二季 地狱之歌篇'),
  work('thief-1', { season: 1 }, '怪盗三世', '怪盗三世'),
  work('thief-2', { season: 2 }, '怪盗三世 2nd series', '怪盗三世 第二期'),
  work('sister-1', { season: 1 }, '干しイモ妹！ちゃん'),
  work('sister-r', { season: 2 }, '干しイモ妹！ちゃんR'),
  work('friren-1', { season: 1 }, '送りのフリーレン', 'okuri no furiren'),
  work('friren-2', { season: 2 }, '送りのフリーレン 第2期', 'okuri no furiren season 2'),
  work('frost-1', { season: 1 }, '霜の戦線', '霜冻战线'),
  work('frost-2', { season: 2 }, '霜の戦線 & AFTER', '霜冻战线 & AFTER'),
  work('frost-a', { type: 'ova' }, '霜の戦線 & AFTER OAD'),
  work('frost-o', { type: 'ova' }, '霜の戦線 店長のレストランの店長', '霜冻战线 店长的店'),
  work('plum-1', { season: 1 }, '梅-Ume-'),
  work('plum-o', { type: 'ova' }, '梅日和 OAD'),
  work('again-1', { season: 1 }, 'AGAIN', 'AGAIN 重回少年时'),
  work('again-f', { type: 'ova' }, 'AGAIN 完結編'),
  work('opera-1', { season: 1 }, '歌劇ウミネコ', '歌剧少女海鸥'),
  work('opera-s', {}, '歌劇ウミネコ 夏スペシャル', '歌剧少女海鸥 夏季特别篇'),
  { ...work('opera-y', {}, '歌劇ウミネコ 星の挨拶', '歌剧少女海鸥 星星的问候'), year: 2018 },
  work('dark-4', { season: 4 }, '闇の芝居 第4期'),
  work('dark-14', { season: 14 }, '闇の芝居 十四期'),
  work('cross-1', { season: 1 }, 'SPRING×AUTUMN', 'SPRING AUTUMN'),
  goesBy('SPRING×AUTUMN(第2クール)', work('cross-p', {}, 'SPRING AUTUMN', 'SPRING x AUTUMN')),
  work('band-1', { season: 1 }, 'バンド！', 'B-AND!'),
  goesBy('バンド!!(2期)', work('band-2', {}, 'B-AND!!')),
  work('stage-1', { season: 1 }, '人形の少女たち劇場', '人偶少女剧场'),
  work('voyage-1', { type: 'tv' }, 'ラストヴォヤージュ', 'The Last Voyage', '最后的航行'),
  work('voyage-f', { type: 'movie' }, 'ラストヴォヤージュ新劇場版:序', '最后的航行新剧场版1.11：序'),
  work('voyage-g', { type: 'movie' }, 'ラストヴォヤージュ新劇場版:破', '最后的航行新剧场版2.22：破'),
  work('moon-1', { season: 1 }, '遠い月の雷鳴', 'tooi tsuki no raimei'),
  work('moon-2', { season: 2 }, '遠い月の雷鳴T', 'tooi tsuki no raimei t'),
  work('stage-5', { season: 5, type: 'web' }, '人形の少女たち劇場 Extra', '人偶少女剧场 Extra'),
];

describe('Works of one show', () => {
  const index = openTitleIndex(buildTitleIndex(WORKS));
  const first = (title: string): string | undefined => index.resolve(title).candidates[0]?.release_key;

  test.each([
    ['the first is meant by a name that only says it is the first', '港の少女', 'harbour-1'],
    ['a subtitle with a number is not the second season of the show', '灯笼物语 TO THE SEA 2', 'lantern-5'],
    ['a number within a name is that of the name', '追忆碎片 5', 'memory-5'],
    ['two names of one work after one another are that work', 'GULL 海鸥', 'gull-1'],
    ['a subtitle needs no number of its season', 'ENGINE!! 破坏机关 地狱之歌篇', 'engine-2'],
    ['the second part of a show without parts is its second season', '怪盗三世 Part II', 'thief-2'],
    ['Latin letters behind a name are no slip of the hand', '干しイモ妹！ちゃR', 'sister-r'],
    ['a theatre in a name is no film', '人偶少女剧场', 'stage-1'],
    ['a subtitle that nobody knows is left out', 'Lantern: Through the Quiet Hills of Wormwood', 'lantern-1'],
    ['a season counts however a name is spelt', 'Okuri no Frieren 2nd Season - 03', 'friren-2'],
    ['an extra is of the season it is named after', '霜の戦線 OAD', 'frost-o'],
    ['the one name of an extra is not its show', '梅日和', 'plum-o'],
    ['the second half of a name is a name of the show', '重回少年时 完结篇', 'again-f'],
    ['the year says which extra it is', '歌剧少女海鸥 SP 2018', 'opera-y'],
    ['a slip in the number of a season is no other number', '闇の芝居 芝四期', 'dark-14'],
    ['how a work was published is no part of its title', '海鸥 (TV)', 'gull-1'],
    ['the first half goes by the name that the second has as well', 'Spring x Autumn', 'cross-1'],
    ['so it does in a release', '[Group] Spring x Autumn - 05 [1080p]', 'cross-1'],
    ['the second half is meant when it is said', 'Spring x Autumn Part 2', 'cross-p'],
    ['a film goes by the number of any of its cuts', 'Last Voyage 2.0 You Can Go', 'voyage-g'],
    [
      'one letter tells the seasons apart though the name before it is a translation',
      'Tooi Tsuki no Thunder T',
      'moon-2',
    ],
    ['signs tell the seasons apart', 'B-AND!!', 'band-2'],
  ])('%s', (_, title, key) => {
    expect(first(title)).toBe(key);
  });

  test.each(WORKS.filter(({ root }) => root === 'frost').map(({ release_key }) => release_key))(
    'an extra is of the season it is named after though %s was learned later',
    (later) => {
      const part = openTitleIndex(buildTitleIndex(WORKS.filter(({ release_key }) => release_key !== later)));
      part.add(WORKS.filter(({ release_key }) => release_key === later));
      expect(part.resolve('霜の戦線 OAD').candidates[0]?.release_key).toBe('frost-o');
    },
  );

  test('the second name of a title begins with a word, and is not the end of one', () => {
    const others = openTitleIndex(
      buildTitleIndex(['Werewolf', 'Offspring', 'Iron Maiden'].map((name) => work(name, {}, name))),
    );
    const sureness = (title: string) => others.explain(title).candidates[0]?.features.root_base ?? 0;
    for (const title of ['Wolf', 'Ring']) expect(sureness(title)).toBeLessThan(0.6);
    expect(sureness('Maiden')).toBe(0.95);
  });

  test('a fraction at the end is no season', () => {
    expect(index.explain('追忆碎片 3.5').qualifier.season).toBe(0);
    expect(index.explain('追忆碎片 5').qualifier).toMatchObject({ season: 5, weak: true });
  });

  test('OAV is another word for OVA', () => {
    expect(index.explain('追忆碎片 OAV').qualifier.form).toBe('special');
  });

  test('what two shows explain alike is of the one whose works together explain it better', () => {
    const read = (row: WorkRow, reading: string): WorkRow => ({
      ...row,
      aliases: [...row.aliases, { title: reading, kind: 'reading', weight: 0.4 }],
    });
    const night = ['', 'S', 'T'].map((mark, i) =>
      read(
        work(`night-${i + 1}`, { season: i + 1 }, `とある島の白夜海${mark}`),
        `toaru shima no byakuya kai ${mark.toLowerCase()}`,
      ),
    );
    const travellers = read(work('travel-1', { season: 1 }, 'とある島の旅人達'), 'toaru shima no tabibito tachi');
    const both = openTitleIndex(buildTitleIndex([...night, travellers]));
    const [first, ...others] = both.resolve('Toaru Shima no Lightning').candidates;
    expect(first).toMatchObject({ release_key: 'night-1' });
    for (const { probability } of others) expect(probability).toBeLessThanOrEqual(first!.probability);
    expect(both.resolve('とある島の旅人達').match).toMatchObject({ release_key: 'travel-1' });
  });
});
