import { hangulAsRomaji, hangulToLatin, kanaToLatin } from './romanize.js';
import { isHan, isHangul, isKana, isLatin } from './scripts.js';
import { inDigits } from './spelled-numbers.js';

/** The kinds of keys a title is found by; side keys are used only as their names say, never instead of the title's own key. */
export const KEY_KIND = { full: 1, core: 2, loose: 3, pinyin: 4, initials: 5, sound: 6, part: 7, acronym: 8 } as const;

/**
 * The loose key of a folded title or query: what is left when romanizers disagree. Latin loses its articles, doubled vowels, the
 * particle's w and apostrophes, and its numbers are in digits; kana and Hangul are written in Latin, long vowels dropped. '' when the title has Han characters, whose
 * reading nobody knows.
 */
export const looseKey = (words: string): string => loosen(inDigits(inLatin(words)));

/** How a folded title in Latin letters, kana or Hangul is spelled loosely, its numbers as they are; '' for other scripts. */
export const looseSpelling = (words: string): string => loosen(inLatin(words));

function inLatin(words: string): string {
  let latin = '';
  let run = '';
  for (let i = 0; i <= words.length; i++) {
    const unit = i === words.length ? 0x20 : words.charCodeAt(i);
    if (isHan(unit)) return '';
    if (isKana(unit) || isHangul(unit)) {
      run += words[i];
      continue;
    }
    if (run !== '') {
      latin += isKana(run.charCodeAt(0)) ? kanaToLatin(run) : hangulToLatin(run);
      run = '';
    }
    if (unit === 0x20) latin += ' ';
    else if (isLatin(unit)) latin += words[i];
    else return '';
  }
  return latin.trim();
}

/** Pinyin as it is looked for: ü is typed v, u or as it is. */
export const pinyinKey = (letters: string): string => letters.replace(/([nl])v/g, '$1u');

/** The loose keys a Japanese title may have whose sound somebody wrote in Hangul; none for what is not Hangul. */
export function hangulKeys(words: string): string[] {
  if (!Array.from(words).some((letter) => isHangul(letter.charCodeAt(0)))) return [];
  const keys = READINGS.map((hard) => loosen(inDigits(hangulAsRomaji(words, hard))));
  return [...new Set(keys)].filter((key) => key !== '');
}

/** The first three sounds that Hangul leaves open are tried both ways. */
const READINGS = [0, 1, 2, 3, 4, 5, 6, 7];

const ROMAN: Record<string, string> = { ii: '2', iii: '3', iv: '4', vi: '6', vii: '7', viii: '8' };

function loosen(words: string): string {
  let out = '';
  for (const word of words.split(' ')) {
    if (word === '' || word === 'the' || word === 'a' || word === 'an' || word === 'and') continue;
    out += ROMAN[word] ?? (word === 'wo' ? 'o' : word === 'ha' ? 'wa' : word === 'he' ? 'e' : word);
  }
  return (
    out
      .replace(/ou|oo|oh(?![aeiou])/g, 'o')
      .replace(/uu/g, 'u')
      .replace(/aa/g, 'a')
      .replace(/ii/g, 'i')
      .replace(/ee|ei/g, 'e')
      // Letters alone: 11 is not 1.
      .replace(/([a-z])\1/g, '$1')
      .replace(/ku(?=k)/g, '')
      .replace(/m(?=[bmp])/g, 'n')
      .replace(/dzu|du/g, 'zu')
      .replace(/tsu/g, 'tu')
      .replace(/shi/g, 'si')
      .replace(/chi/g, 'ti')
      .replace(/f/g, 'h')
      .replace(/v/g, 'b')
      .replace(/j([aou])/g, 'jy$1')
      .replace(/jyi|ji/g, 'zi')
      .replace(/sh([aou])/g, 'sy$1')
      .replace(/ch([aou])/g, 'ty$1')
      .replace(/l/g, 'r')
  );
}
