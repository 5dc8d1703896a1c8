import type { WorkRow } from '#libs/titles/rows';

const SYLLABLES = 'ka ri no ha shi to mu re sa ko ten ryu gai zen mi yo 星 空 海 人 王 城 光 夜 春 雪 風 花'.split(' ');
const PER_WORK = 4;

/** A maker of titles of made-up words, the same ones in the same order every time, hardly one of them twice in a million. */
export function titleMaker(): () => string {
  let state = 42;
  /** Mulberry32. */
  const random = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const syllable = () => SYLLABLES[Math.floor(random() * SYLLABLES.length)]!;
  const word = () => Array.from({ length: 2 + Math.floor(random() * 3) }, syllable).join('');
  return () => `${word()} ${word()} ${word()}`;
}

/** Works with so many names in all, four each. */
export function madeUpWorks(aliases: number, title = titleMaker()): WorkRow[] {
  return Array.from({ length: aliases / PER_WORK }, (_, n) => ({
    release_key: `work-${n}-2000-anime`,
    type: 'anime',
    year: 1980 + (n % 45),
    aliases: Array.from({ length: PER_WORK }, () => ({ title: title() })),
  }));
}
