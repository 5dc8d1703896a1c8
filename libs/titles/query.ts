import { foldKey, foldWords } from './fold.js';
import { cutsIn, numbersIn } from './numbers.js';
import { distinct, MOST_GRAMS, writeGrams } from './grams.js';
import { NO_QUALIFIER, splitQualifier, type Qualifier } from './qualifier.js';
import { scriptOf, type Script } from './scripts.js';
import { hangulKeys, looseKey } from './sides.js';
import { lastNumber, spelledKey } from './spelled-numbers.js';
import { soundKey, soundWindows, spokenKey } from './sounds.js';

/** What is known beside the title; each fact moves the ranking, none is demanded. */
export interface Hints {
  type?: string | undefined;
  year?: number | undefined;
  season?: number | undefined;
  episode?: number | undefined;
  /** It names neither season nor episode, as a film does. */
  alone?: boolean | undefined;
}

/** A title made ready to be looked for. */
export interface Query {
  raw: string;
  full: string;
  /** The folded words, with a space between. */
  words: string;
  core: string;
  loose: string;
  /** The loose keys of the Japanese title it may spell in Hangul. */
  heard: readonly string[];
  sound: string;
  /** How it sounds, vowels and all, if it is written in Latin letters. */
  spoken: string;
  /** The sounds of words of it that stand together. */
  windows: ReturnType<typeof soundWindows>;
  script: Script;
  qualifier: Qualifier;
  hints: Hints;
  /** The numbers of its name, as they are written. */
  numbers: readonly string[];
  /** Its key with spelled numbers in digits; empty where there are none of either. */
  spelled: string;
  /** The spelled number above one that it ends with; empty for none. */
  lastNumber: string;
  /** The one Latin letter it ends with, as a word of its own behind others; empty for none. */
  mark: string;
  /** The cuts it names, by their whole parts. */
  cuts: readonly string[];
  /** A year at the end of the title, where no hint says it; 0 for none. */
  yearSaid: number;
  /** The distinct grams of the core, ascending. */
  grams: Uint32Array;
  /** How rare each of them is in a segment. */
  raritiesIn(segment: { rarity(gram: number): number }): Float64Array;
}

/** The longest title that is looked for; what stands behind is cut off. */
export const LONGEST_TITLE = 300;

/** Takes a title apart for searching; what the hints say about the season stands above what the title says. */
export function queryOf(title: string, hints: Hints = {}): Query {
  const raw = title.length > LONGEST_TITLE ? title.slice(0, LONGEST_TITLE) : title;
  const full = foldKey(raw);
  const { core, qualifier } = full === '' ? { core: '', qualifier: NO_QUALIFIER } : splitQualifier(raw);
  const season = hints.season === undefined || hints.season === 0 ? qualifier.season : hints.season;
  const buffer = new Uint32Array(MOST_GRAMS);
  const grams = buffer.slice(0, distinct(buffer, writeGrams(core, buffer)));
  const words = foldWords(raw);
  return {
    raw,
    full,
    words,
    core,
    loose: looseKey(words),
    heard: hangulKeys(words),
    sound: soundKey(words),
    spoken: scriptOf(full) === 'latin' ? spokenKey(words) : '',
    windows: soundWindows(words),
    script: scriptOf(full),
    qualifier: { ...qualifier, season, weak: qualifier.weak && season === qualifier.season },
    hints,
    numbers: numbersIn(core),
    cuts: cutsIn(raw),
    spelled: spelledKey(words),
    lastNumber: lastNumber(words),
    mark: scriptOf(full) === 'latin' ? markIn(words) : '',
    yearSaid: hints.year === undefined ? (withYear(raw)?.year ?? 0) : 0,
    grams,
    raritiesIn: remembered((segment) => Float64Array.from(grams, (gram) => segment.rarity(gram))),
  };
}

/** The one Latin letter that folded words end with, behind other words or other signs. */
export const markIn = (words: string): string => MARK.exec(words)?.[0] ?? '';
const MARK = /(?<=[^a-z0-9] ?)[a-z]$/;

/** A title that ends with a year, taken apart: `Iron Man (2008)`; undefined for any other. */
export function withYear(title: string): { name: string; year: number } | undefined {
  const found = YEAR.exec(title);
  return found ? { name: title.slice(0, found.index), year: Number(found[1]) } : undefined;
}
const YEAR = /(?<![0-9])((?:19[5-9]|20[0-4])[0-9])[)\]）]?\s*$/;

/** The last answer again for as long as the same is asked. */
function remembered<K extends object, V>(make: (key: K) => V): (key: K) => V {
  let last: { key: K; value: V } | undefined;
  return (key) => (last?.key === key ? last : (last = { key, value: make(key) })).value;
}
