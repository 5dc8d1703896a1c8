import { kanaToLatin } from './romanize.js';
import { isKana, isLatin } from './scripts.js';

/**
 * What is left of a folded title when an English name has gone through katakana: the consonants, with those taken together that kana do
 * not tell apart. `クロックワーク・プラネット` and `Clockwork Planet` have one sound; '' where there is too little of it to mean anything, or
 * where the title has other letters than kana, Latin and digits.
 */
export function soundKey(words: string): string {
  let sound = '';
  for (const word of words.split(' ')) {
    let latin = '';
    let run = '';
    for (let i = 0; i <= word.length; i++) {
      const unit = i < word.length ? word.charCodeAt(i) : 0;
      if (isKana(unit)) {
        if (latin !== '') sound += ofEnglish(latin);
        latin = '';
        run += word[i]!;
        continue;
      }
      if (run !== '') sound += skeleton(kanaToLatin(run));
      run = '';
      if (unit === 0) continue;
      if (!isLatin(unit)) return '';
      latin += word[i]!;
    }
    if (latin !== '') sound += ofEnglish(latin);
  }
  const begun = /^ ?[aeiouあいうえおぁぃぅぇぉ]/.test(words) ? `a${sound}` : sound;
  return begun.length < LEAST ? '' : begun;
}

/** Fewer consonants than these are shared by too many names. */
const LEAST = 4;

/** Letters that English writes and kana do not hear: r behind a vowel, gh, a final e; and those that it hears otherwise. */
function ofEnglish(word: string): string {
  return skeleton(
    word
      .replace(/[ts]ion/g, 'shon')
      .replace(/ph/g, 'f')
      .replace(/th/g, 's')
      .replace(/gh(?![aeiou])/g, '')
      .replace(/qu/g, 'k')
      .replace(/ck/g, 'k')
      .replace(/x/g, 'ks')
      .replace(/re?$|r(?=[^aeiouyr])/g, '')
      .replace(/sc(?=[eiy])/g, 's'),
  );
}

function skeleton(latin: string): string {
  return latin
    .replace(/(.)\1/g, '$1')
    .replace(/t?ch/g, 't')
    .replace(/ts/g, 't')
    .replace(/sh/g, 's')
    .replace(/c(?=[eiy])/g, 's')
    .replace(/c|q/g, 'k')
    .replace(/dg|j/g, 'g')
    .replace(/z/g, 's')
    .replace(/v/g, 'b')
    .replace(/f/g, 'h')
    .replace(/l/g, 'r')
    .replace(/m(?=[bp])/g, 'n')
    .replace(/[aeiouwy]/g, '');
}
