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
const MIXTURES = 40;

/** Prints what 4 KB of each kind of nonsense cost to read as a release name and to look for: the best of some rounds, so that only our own work counts. */
export function reportHostile(rows: readonly WorkRow[]): void {
  const index = openTitleIndex(buildTitleIndex(rows));
  const cost = (work: () => void): number => {
    let best = Infinity;
    for (let round = 0; round < ROUNDS; round++) {
      const began = performance.now();
      work();
      best = Math.min(best, performance.now() - began);
    }
    return best;
  };
  const families: [string, string][] = [
    ...Object.entries(PIECES).map(([name, piece]): [string, string] => [name, filled(() => piece)]),
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

/** All the pieces in an order that only the seed decides. */
function mixture(seed: number): string {
  const pieces = Object.values(PIECES);
  let state = seed * 2 + 1;
  return filled(() => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return pieces[(state >>> 8) % pieces.length]!;
  });
}
