/** Folded words with English numbers up to 999 in digits: `ocean s eleven` and `ocean s 11` are one. */
export function inDigits(words: string): string {
  if (!NUMBER.test(words)) return words;
  const all = words.split(' ');
  const out: string[] = [];
  for (let i = 0; i < all.length;) {
    const below = belowHundred(all, i);
    const isHundred = all[i + below.taken] === 'hundred';
    if (!isHundred) {
      out.push(below.taken === 0 ? all[i]! : String(below.value));
      i += Math.max(1, below.taken);
      continue;
    }
    i += below.taken + 1;
    const rest = belowHundred(all, all[i] === 'and' ? i + 1 : i);
    if (rest.taken > 0) i += rest.taken + (all[i] === 'and' ? 1 : 0);
    out.push(String((below.taken === 0 ? 1 : below.value) * 100 + rest.value));
  }
  return out.join(' ');
}

/** The words for one to nineteen. */
export const SMALL =
  'one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const TENS = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');
const NUMBER = new RegExp(`\\b(?:${[...SMALL, ...TENS, 'hundred'].join('|')})\\b`);
const VALUES = new Map([
  ...SMALL.map((word, i): [string, number] => [word, i + 1]),
  ...TENS.map((word, i): [string, number] => [word, 10 * (i + 2)]),
]);

/** The number that the words from here on say, and how many of them it takes; none where they say none. */
function belowHundred(words: readonly string[], at: number): { value: number; taken: number } {
  const first = VALUES.get(words[at] ?? '') ?? 0;
  if (first === 0) return { value: 0, taken: 0 };
  const next = first >= 20 ? (VALUES.get(words[at + 1] ?? '') ?? 10) : 10;
  return next < 10 ? { value: first + next, taken: 2 } : { value: first, taken: 1 };
}

/** What titles are compared by whose numbers are spelled in one and written in digits in the other; '' for a title without a number. */
export function spelledKey(words: string): string {
  const digits = inDigits(words);
  return /[0-9]/.test(digits) ? digits.replace(/^(?:the|an?) /, '').replaceAll(' ', '') : '';
}

/** The word that a title ends with, if it spells a number above one and stands behind others; empty otherwise. */
export function lastNumber(words: string): string {
  const word = /(?<= )[a-z]+$/.exec(words)?.[0] ?? '';
  return (VALUES.get(word) ?? 0) > 1 ? word : '';
}
