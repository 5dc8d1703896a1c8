import { foldWords } from './fold.js';
import { kanaToLatin } from './romanize.js';
import { isKana, isLatin } from './scripts.js';
import { looseSpelling } from './sides.js';

/**
 * What is left of a folded title when an English name has gone through katakana: the consonants, with those taken together that kana do
 * not tell apart. `クロックワーク・プラネット` and `Clockwork Planet` have one sound; '' where there is too little of it to mean anything, or
 * where the title has other letters than kana, Latin and digits.
 */
export function soundKey(words: string): string {
  const sound = soundOf(words);
  return sound.length < LEAST ? '' : sound;
}

/**
 * The sounds of the katakana in a title, each run by itself with the Latin letters and digits that belong to it: マリーベル of
 * 花の魔法使いマリーベル. Without the sound of the whole title, where that is given.
 */
export function soundParts(title: string, whole = ''): SoundPart[] {
  if (!KATAKANA.test(title)) return [];
  const plain = title.normalize('NFKC');
  const parts = new Map<string, SoundPart>();
  for (const run of plain.match(RUN) ?? []) {
    const words = foldWords(run);
    const sound = soundOf(words);
    if (sound.length >= LEAST_PART && sound !== whole && !SAYS_NOTHING.test(words))
      parts.set(sound, { sound, share: run.length / plain.length, words });
  }
  return [...parts.values()];
}

/** The sound of a run of katakana, the share the run has of the whole title, and its folded words. */
export interface SoundPart {
  sound: string;
  share: number;
  words: string;
}

/** The sound of a stretch of a title, the share the stretch has of the whole, and how it sounds with its vowels. */
export interface Sound {
  sound: string;
  share: number;
  spoken: string;
}

/**
 * How a folded title in Latin letters or kana sounds, vowels and all, with what katakana add and confuse taken away: `nazca` and ナスカ are
 * both `naska`. '' for what has other letters.
 */
export function spokenKey(words: string): string {
  return looseSpelling(words)
    .replace(/c(?=[eiy])/g, 's')
    .replace(/[cq]/g, 'k')
    .replace(/x/g, 'ks')
    .replace(/z|th/g, 's')
    .replace(/(?<=[^aeiou])u/g, '')
    .replace(/(.)\1/g, '$1');
}

/** The sounds of up to four words next to each other in a title in Latin letters, longest first, each with the share it has of the whole. */
export function soundWindows(words: string): Sound[] {
  if (!/^[ -~]+$/.test(words)) return [];
  const parts = words.split(' ').slice(0, MOST_WORDS);
  const whole = Math.max(1, soundOf(parts.join(' ')).length);
  const windows = new Map<string, Sound>();
  for (let from = 0; from < parts.length; from++)
    for (let to = from + 1; to <= Math.min(parts.length, from + 4); to++) {
      const text = parts.slice(from, to).join(' ');
      const sound = soundOf(text);
      if (sound.length >= LEAST_PART && !SAYS_NOTHING.test(text))
        windows.set(sound, { sound, share: Math.min(1, sound.length / whole), spoken: spokenKey(text) });
    }
  return [...windows.values()].sort((a, b) => b.share - a.share);
}

const KATAKANA = /[ァ-ヺ\uff66-\uff9f]/;
const RUN = /[A-Za-z0-9.]*(?:[ァ-ヺ]ー*){3}[ァ-ヺー・A-Za-z0-9.]*/g;
const LEAST_PART = 3;
/** Words that many titles have in katakana beside their names. */
const SAYS_NOTHING =
  /^(?:special|season|series|movie|anime|animation|the animation|the movie|すぺしゃる|しーずん|しりーず|むーびー|あにめ|あにめーしょん)$/;
const MOST_WORDS = 10;

function soundOf(words: string): string {
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
  return /^ ?[aeiouあいうえおぁぃぅぇぉゐゑを]/.test(words) ? `a${sound}` : sound;
}

/** Fewer consonants than these are shared by too many names. */
const LEAST = 4;

/** Letters that English writes and kana do not hear: r behind a vowel, gh, a final e; and those that it hears otherwise. */
function ofEnglish(word: string): string {
  return skeleton(
    word
      .replace(/[ts]ion/g, 'shon')
      .replace(/di(?=[aeo])/g, 'j')
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
