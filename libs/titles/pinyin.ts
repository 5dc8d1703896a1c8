import { pinyin, polyphonic } from 'pinyin-pro';
import { isHan } from './scripts.js';

/** How a Chinese title is typed on a Latin keyboard: in full, and by the first letter of each syllable. */
export interface Pinyin {
  full: string;
  initials: string;
}

/**
 * The readings of a folded key that is written in Han characters and at most some Latin and digits: one, or two when the dictionary of
 * words reads it otherwise than character by character. Empty for everything else, Japanese with kana included.
 */
export function pinyinOf(key: string): Pinyin[] {
  if (key.length > LONGEST || !readable(key)) return [];
  const plain: string[] = [];
  let several = false;
  for (let i = 0; i < key.length; i++) {
    const reading = readingOf(key[i]!);
    several ||= reading.several;
    plain.push(reading.sound);
  }
  const readings = [join(plain)];
  if (several) {
    const byWords = join(pinyin(key, { toneType: 'none', type: 'array', v: true, nonZh: 'spaced' }));
    if (byWords.full !== readings[0]!.full) readings.unshift(byWords);
  }
  return readings;
}

const LONGEST = 64;

interface Reading {
  sound: string;
  several: boolean;
}
const readings = new Map<string, Reading>();

function readingOf(character: string): Reading {
  let known = readings.get(character);
  if (known === undefined) {
    if (isHan(character.charCodeAt(0))) {
      const all = polyphonic(character, { toneType: 'none', type: 'array', v: true })[0] ?? [];
      const sound = pinyin(character, { toneType: 'none', v: true });
      known = { sound, several: new Set(all).size > 1 };
    } else known = { sound: character, several: false };
    readings.set(character, known);
  }
  return known;
}

function readable(key: string): boolean {
  let han = false;
  for (let i = 0; i < key.length; i++) {
    const unit = key.charCodeAt(i);
    if (isHan(unit)) han = true;
    else if (unit > 0x7f) return false;
  }
  return han;
}

function join(syllables: readonly string[]): Pinyin {
  let full = '';
  let initials = '';
  for (const syllable of syllables) {
    const letters = syllable.replace(/[^a-z0-9]/g, '');
    full += letters;
    initials += letters.slice(0, 1);
  }
  return { full, initials };
}
