import { foldKey, foldWords } from './fold.js';
import { splitQualifier } from './qualifier.js';
import { inDigits } from './spelled-numbers.js';

/** A name in folded words, and what people abbreviate it to. */
export interface Abbreviated {
  acronym: string;
  name: string;
}

/**
 * What people abbreviate a title in Latin letters to, and what stands before or behind its colon: the first letters of the words, also
 * without an article and with spelled numbers in digits (`Sword Art Online` is sao, `The Seven Deadly Sins` tsds, sds and 7ds). None that
 * is shorter than three letters and has no number.
 */
export function acronymsOf(title: string): Abbreviated[] {
  if (!LATIN.test(title)) return [];
  const found = new Map<string, string>();
  for (const part of [title, ...partsOf(title)]) {
    const name = foldWords(part);
    if (!SEVERAL_WORDS.test(name)) continue;
    const bare = name.replace(/^(?:the|an?) /, '');
    for (const words of new Set([name, bare, inDigits(bare)])) {
      const acronym = firstLetters(words);
      if (isAcronym(acronym) && !found.has(acronym)) found.set(acronym, name);
    }
  }
  return Array.from(found, ([acronym, name]) => ({ acronym, name }));
}

/**
 * The acronym a text begins with and what stands behind it: `SAO II`. Behind what is not in capitals nothing but a season may stand, for most
 * words of three letters abbreviate nothing. Undefined for other texts, and for long ones: each name is looked for with all that stands behind.
 */
export function acronymIn(text: string): { acronym: string; rest: string; inCapitals: boolean } | undefined {
  const [first = ''] = text.length > LONGEST ? [] : (/^\S{2,12}/.exec(text) ?? []);
  const acronym = foldKey(first);
  if (!isAcronym(acronym)) return undefined;
  const inCapitals = CAPITALS.test(first);
  if (!inCapitals && splitQualifier(text).core !== acronym) return undefined;
  return { acronym, rest: text.slice(first.length), inCapitals };
}

/**
 * How likely each of so many names, or works, is the one an acronym stands for. By chance alone it stands for more names the more are known
 * (`aliases`) and the shorter it is; counted on the names of nine thousand works, and taking every second acronym for one that no name here
 * is meant by.
 */
export function shareOfEach(names: number, { acronym, aliases }: { acronym: string; aliases: number }): number {
  return 1 / (names + aliases * CHANCE[acronym.length]!);
}

/** Whether a folded key may be an acronym of a title. */
const isAcronym = (key: string): boolean => ACRONYM.test(key);

function partsOf(title: string): string[] {
  const parts = title.split(SUBTITLE);
  return parts.length > 1 ? parts : [];
}

const firstLetters = (words: string): string =>
  words
    .split(' ')
    .map((word) => (/^[0-9]/.test(word) ? word : word[0]))
    .join('');

const LATIN = /^[ -\u024f\u2000-\u20ff～〜：]+$/;
const SUBTITLE = /[:：~～〜–—]|\s-\s/u;
const SEVERAL_WORDS = /^[a-z0-9]+(?: [a-z0-9]+)+$/;
/** Three to five letters, or two with a digit; longer names are clipped, and not abbreviated letter by letter. */
const ACRONYM = /^(?:(?=.*[a-z])(?=.*[0-9])[a-z0-9]{2,5}|[a-z]{3,5})$/;
const LONGEST = 64;
/** Two letters of the upper case, or more. */
const CAPITALS = /\p{Lu}.*\p{Lu}/u;
/** How many other names an acronym of so many letters stands for by chance, to each alias there is. */
const CHANCE: Record<number, number> = { 2: 4.4e-6, 3: 1.6e-5, 4: 1.6e-6, 5: 5e-7 };
