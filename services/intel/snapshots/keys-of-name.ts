import { Converter } from 'opencc-js';
import { nameKey, spaceless } from '../works/name-keys.js';

/** The keys under which a simple reader, who compares small letters and overlooks spaces at most, finds a name in the bare map. */
export interface KeysOfName {
  /** The name as it is written, and without its spaces. */
  written: string[];
  /** The same name by its letters alone, full width or half, and as the other Chinese script writes it. Another name that is written so comes first. */
  derived: string[];
}

export function keysOfName(name: string): KeysOfName {
  const close = spaceless(name);
  const written = distinct([name.trim().toLowerCase(), close]);
  const scripts = CHINESE.test(close) && !JAPANESE.test(close) ? [asItIs, toTraditional, toSimplified] : [asItIs];
  const forms = distinct([close, lettersOf(close)]).flatMap((form) => scripts.map((inScript) => inScript(form)));
  // Whoever has a key has to be found by the name it is of.
  const own = nameKey(name);
  const derived = distinct(forms).filter((key) => !written.includes(key) && nameKey(key) === own);
  return { written, derived };
}

const distinct = (keys: readonly string[]): string[] => [...new Set(keys)].filter((key) => key !== '');
const lettersOf = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}]/gu, '');
const CHINESE = /\p{sc=Han}/u;
const JAPANESE = /[\p{sc=Hiragana}\p{sc=Katakana}]/u;
const asItIs = (text: string): string => text;
const toTraditional = Converter({ from: 'cn', to: 'tw' });
const toSimplified = Converter({ from: 'tw', to: 'cn' });
