import { parseReleaseName } from '#libs/release-name/parse-release-name';
import { buildTitleIndex } from '#libs/titles/build-title-index';
import { openTitleIndex } from '#libs/titles/open-title-index';
import type { WorkRow } from '#libs/titles/rows';
import { table } from './table.js';

/** 4 KB each of what names are made of, repeated until it hurts. */
const PIECES: Readonly<Record<string, string>> = {
  brackets: '[',
  'pairs of brackets': '[]()',
  'nested brackets': '[({【',
  digits: '1',
  'numbers apart': '12 ',
  'numbers and dashes': '01-02 - ',
  separators: '._- ',
  dashes: ' - ',
  slashes: 'a/b\\',
  'episode marks': 'S01E01',
  'episode ranges': 'E01-E99~',
  'season words': '第二季 2nd Season II ',
  years: '(1999) 2001 ',
  'sizes and codecs': '1920x1080 x264 DTS-HD 5.1 ',
  'words of releases': 'WEB-DL.PROPER.REPACK.MULTi.',
  'mixed scripts': 'aあ漢한бβ',
  'one letter': 'a',
  'one Han character': '一',
  'combining marks': 'e\u0301\u0300\u0316',
  'half-width kana': 'ｶﾞｷﾞ',
  'halves of surrogates': '\ud800',
  emoji: '👨‍👩‍👧',
  'control characters': '\u0000\u0007\u200b\u202e',
  entities: '&amp;&#38;',
  'long words': 'Lorem ipsum dolor sit amet ',
};
const LONG = 4096;
const ROUNDS = 5;
const AGAIN = 3;
const MIXTURES = 40;

/**
 * Prints what 4 KB of each kind of nonsense, and of what is made to cost much in this very index, take to read as a release name and to look
 * for: processor time, the best of some rounds, so that only our own work counts.
 */
export function reportHostile(rows: readonly WorkRow[]): void {
  const index = openTitleIndex(buildTitleIndex(rows));
  const cost = (work: () => void): number => {
    let best = Infinity;
    for (let round = 0; round < ROUNDS; round++) {
      const began = process.cpuUsage();
      for (let again = 0; again < AGAIN; again++) work();
      const { user, system } = process.cpuUsage(began);
      best = Math.min(best, (user + system) / 1000 / AGAIN);
    }
    return best;
  };
  const families: [string, string][] = [
    ...Object.entries(PIECES).map(([name, piece]): [string, string] => [name, filled(() => piece)]),
    ...crafted(rows),
    ...Array.from({ length: MIXTURES }, (_, seed): [string, string] => [`mixture ${seed}`, mixture(seed)]),
  ];
  const measured = families.map(([name, text]) => ({
    name,
    parse: cost(() => parseReleaseName(text)),
    resolve: cost(() => index.resolve(text)),
    search: cost(() => index.search(text)),
  }));
  measured.sort((a, b) => Math.max(b.parse, b.resolve, b.search) - Math.max(a.parse, a.resolve, a.search));
  const ms = (value: number): string => `${value.toFixed(2)} ms`;
  console.log(`hostile input · ${families.length} kinds of 4 KB, the ten dearest`);
  console.log(
    table(
      ['kind', 'read', 'resolve', 'search'],
      measured.slice(0, 10).map(({ name, parse, resolve, search }) => [name, ms(parse), ms(resolve), ms(search)]),
    ),
  );
}

function filled(next: () => string): string {
  let text = '';
  while (text.length < LONG) text += next();
  return text.slice(0, LONG);
}

/** Texts of the index's own titles: whole ones in a row and in every frame of a release name, their commonest pairs and threes of letters, and titles that begin alike. */
function crafted(rows: readonly WorkRow[]): [string, string][] {
  const titles = rows.flatMap(({ aliases }) => aliases.map(({ title }) => title));
  const some = titles.filter((_, i) => i % 97 === 0);
  const counts = new Map<string, number>();
  for (const title of titles)
    for (let i = 0; i + 3 <= title.length; i++) {
      const three = title.slice(i, i + 3).toLowerCase();
      counts.set(three, (counts.get(three) ?? 0) + 1);
    }
  const common = [...counts].sort((a, b) => b[1] - a[1]).map(([three]) => three);
  const short = [...titles].filter((title) => title.length <= 4);
  const inRow = (all: readonly string[], between: string): string => {
    let i = 0;
    return filled(() => all[i++ % all.length]! + between);
  };
  return [
    ['titles in a row', inRow(some, ' ')],
    ['titles with slashes', inRow(some, ' / ')],
    ['titles in brackets', `[Group]${inRow(some, '][').slice(0, LONG - 60)} - 05 [1080p].mkv`],
    ['short titles in a row', `[Group] ${inRow(short, ' ').slice(0, LONG - 60)} - 05 [1080p].mkv`],
    [
      'one short title again and again',
      `[Group] ${inRow(short.slice(0, 1), ' ').slice(0, LONG - 60)} - 05 [1080p].mkv`,
    ],
    ['the commonest letters', inRow(common.slice(0, 200), '')],
    ['the commonest letters apart', inRow(common.slice(0, 200), ' ')],
  ];
}

/** All the pieces in an order that only the seed decides. */
function mixture(seed: number): string {
  const pieces = Object.values(PIECES);
  let state = seed * 2 + 1;
  return filled(() => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return pieces[(state >>> 8) % pieces.length]!;
  });
}
