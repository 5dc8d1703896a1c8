import { Converter } from 'opencc-js';
import { pinyin } from 'pinyin-pro';
import { buildTitleIndex } from '#libs/titles/build-title-index';
import { foldKey } from '#libs/titles/fold';
import { openTitleIndex } from '#libs/titles/open-title-index';
import type { WorkRow } from '#libs/titles/rows';
import { hangulOfRomaji } from './hangul-of-romaji.js';
import { percent, table } from './table.js';

/** What a person types, and the title it was made of. */
interface Typed {
  q: string;
  key: string;
}

/**
 * Prints how often what a person types brings a work of that name among the first five: titles of one and two wide characters, as they
 * stand and in the other Chinese script, Chinese titles by their pinyin, Japanese titles as a Korean spells them, and names of several words in
 * Latin letters by the first letters of these.
 */
export function reportShort(rows: readonly WorkRow[]): void {
  const index = openTitleIndex(buildTitleIndex(rows));
  const named = new Map<string, Set<string>>();
  for (const { release_key, aliases } of rows)
    for (const { title } of aliases)
      named.set(foldKey(title), (named.get(foldKey(title)) ?? new Set()).add(release_key));
  const lines = Object.entries(setsOf(rows)).map(([name, set]) => {
    let first = 0;
    let fifth = 0;
    for (const { q, key } of set) {
      const found = index.search(q, { limit: 5 }).map(({ release_key }) => release_key);
      const meant = named.get(key)!;
      if (found.some((one) => meant.has(one))) fifth++;
      if (meant.has(found[0] ?? '')) first++;
    }
    return [name, String(set.length), percent(first / set.length), percent(fifth / set.length)];
  });
  console.log('titles as they are typed');
  console.log(table(['set', 'queries', 'first', 'among five'], lines));
}

const MOST = 1500;
const SEVERAL_WORDS = /^[a-z]+(?: [a-z]+){2,4}$/i;
const HAN = /^\p{Script=Han}+$/u;

function setsOf(rows: readonly WorkRow[]): Record<string, Typed[]> {
  const traditional = Converter({ from: 'cn', to: 'tw' });
  const titles = new Map<string, string>();
  const readings = new Map<string, string>();
  const worded = new Map<string, string>();
  for (const { aliases } of rows)
    for (const { title, language, kind } of aliases) {
      if (kind === 'reading') readings.set(foldKey(title), title);
      else if (SEVERAL_WORDS.test(title)) worded.set(foldKey(title), title);
      else if (language === 'zh-Hans' || language === 'ja') titles.set(foldKey(title), title);
    }
  const all = [...titles].map(([key, title]) => ({ key, title }));
  const wide = (key: string): boolean =>
    /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]+$/u.test(key);
  const short = all.filter(({ key }) => key.length <= 2 && wide(key));
  const chinese = sample(all.filter(({ key, title }) => HAN.test(title) && key.length >= 3 && key.length <= 8));
  const spoken = sample(
    [...readings].map(([key, title]) => ({ key, title })).filter(({ key }) => /^[a-z]{6,24}$/.test(key)),
  );
  const acronyms = Array.from(worded, ([key, title]) => ({ q: title.replace(/(\S)\S* ?/g, '$1'), key }));
  const syllables = (title: string): string[] => pinyin(title, { toneType: 'none', type: 'array', v: true });
  return {
    'one character': short.filter(({ key }) => key.length === 1).map(({ key, title }) => ({ q: title, key })),
    'two characters': short.filter(({ key }) => key.length === 2).map(({ key, title }) => ({ q: title, key })),
    'one or two, in traditional characters': short
      .filter(({ title }) => HAN.test(title) && traditional(title) !== title)
      .map(({ key, title }) => ({ q: traditional(title), key })),
    'pinyin in one word': chinese.map(({ key, title }) => ({ q: syllables(title).join(''), key })),
    'pinyin, syllable by syllable': chinese.map(({ key, title }) => ({ q: syllables(title).join(' '), key })),
    'pinyin with tones': chinese.map(({ key, title }) => ({ q: pinyin(title), key })),
    'pinyin initials, four and more': chinese
      .filter(({ key }) => key.length >= 4)
      .map(({ key, title }) => ({
        q: syllables(title)
          .map((syllable) => syllable[0]!)
          .join(''),
        key,
      })),
    'romaji written in Hangul': spoken
      .map(({ key, title }) => ({ q: hangulOfRomaji(title), key }))
      .filter(({ q }) => q !== ''),
    'acronyms of three letters': acronyms.filter(({ q }) => q.length === 3),
    'acronyms of four and five': acronyms.filter(({ q }) => q.length > 3),
  };
}

/** Every n-th of them, so that the set is the same each time. */
function sample<T>(all: readonly T[]): T[] {
  const step = Math.max(1, Math.ceil(all.length / MOST));
  return all.filter((_, i) => i % step === 0);
}
