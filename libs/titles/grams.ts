import { isWide } from './scripts.js';

/** The most grams of one key that are looked at; a title of 4 KB costs no more than one of this length. */
export const MOST_GRAMS = 192;

/**
 * Writes the grams of a key to `into` and answers how many there are: pairs where a wide character takes part, threes within other
 * scripts, and one for each end of the key, so that two titles of two characters still share something after a typo. The codes of
 * different grams of Latin, kana, Han and Hangul never collide, and are mixed so that they lie evenly over 32 bits.
 */
export function writeGrams(key: string, into: Uint32Array): number {
  const length = key.length;
  if (length === 0) return 0;
  let count = 0;
  let beforeBefore = -1;
  let before = BEGIN;
  let beforeWide = false;
  for (let i = 0; i <= length && count < MOST_GRAMS - 1; i++) {
    const unit = i === length ? END : key.charCodeAt(i);
    const wide = i === length ? false : isWide(unit);
    if (wide || beforeWide) into[count++] = mix((before << 16) | unit);
    else if (beforeBefore !== -1)
      into[count++] = mix(((beforeBefore & 0x3ff) << 20) | ((before & 0x3ff) << 10) | (unit & 0x3ff));
    beforeBefore = wide || beforeWide ? -1 : before;
    before = unit;
    beforeWide = wide;
  }
  return count;
}

const BEGIN = 2;
const END = 3;

/** MurmurHash3's finalizer: a bijection of 32 bits. */
export function mix(code: number): number {
  let h = code | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** A 32-bit hash of a key, evenly spread; `seed` keeps the kinds of keys apart. */
export function hashKey(key: string, seed: number): number {
  let h = (0x811c9dc5 ^ Math.imul(seed, 0x9e3779b1)) | 0;
  for (let i = 0; i < key.length; i++) h = Math.imul(h ^ key.charCodeAt(i), 0x01000193);
  return mix(h ^ key.length);
}

/** Sorts the first `count` numbers of a buffer and moves the distinct ones to its front; answers how many they are. */
export function distinct(buffer: Uint32Array, count: number): number {
  buffer.subarray(0, count).sort();
  let kept = 0;
  for (let i = 0; i < count; i++) if (i === 0 || buffer[i] !== buffer[i - 1]) buffer[kept++] = buffer[i]!;
  return kept;
}
