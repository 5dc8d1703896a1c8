/** The longest keys compared letter by letter; longer ones are compared by their beginnings. */
const LONGEST = 64;
const rows = [new Uint8Array(LONGEST + 1), new Uint8Array(LONGEST + 1), new Uint8Array(LONGEST + 1)];

/** How alike two keys are, from 0 to 1: one less the edits (insert, delete, replace, swap neighbours) a letter of the longer one. */
export function likeness(a: string, b: string): number {
  if (a === b) return 1;
  const longer = Math.max(a.length, b.length);
  if (longer === 0) return 0;
  return 1 - Math.min(edits(a, b), longer) / longer;
}

/** The least number of edits between two keys, swaps of neighbours counted as one (optimal string alignment). */
export function edits(a: string, b: string): number {
  let start = 0;
  let m = a.length;
  let n = b.length;
  while (start < m && start < n && a.charCodeAt(start) === b.charCodeAt(start)) start++;
  while (m > start && n > start && a.charCodeAt(m - 1) === b.charCodeAt(n - 1)) {
    m--;
    n--;
  }
  const beyond = Math.max(m - start - LONGEST, n - start - LONGEST, 0);
  m = Math.min(m - start, LONGEST);
  n = Math.min(n - start, LONGEST);
  if (m === 0 || n === 0) return Math.max(m, n) + beyond;
  if (Math.min(m, n) <= BITS)
    return beyond + (m <= n ? editsInBits(a, b, { start, m, n }) : editsInBits(b, a, { start, m: n, n: m }));
  let [twoAgo, last, row] = rows as [Uint8Array, Uint8Array, Uint8Array];
  for (let j = 0; j <= n; j++) last[j] = j;
  for (let i = 1; i <= m; i++) {
    row[0] = i;
    const unit = a.charCodeAt(start + i - 1);
    for (let j = 1; j <= n; j++) {
      const other = b.charCodeAt(start + j - 1);
      let least = last[j - 1]! + (unit === other ? 0 : 1);
      if (last[j]! + 1 < least) least = last[j]! + 1;
      if (row[j - 1]! + 1 < least) least = row[j - 1]! + 1;
      if (
        i > 1 &&
        j > 1 &&
        unit === b.charCodeAt(start + j - 2) &&
        a.charCodeAt(start + i - 2) === other &&
        twoAgo[j - 2]! + 1 < least
      )
        least = twoAgo[j - 2]! + 1;
      row[j] = least;
    }
    [twoAgo, last, row] = [last, row, twoAgo];
  }
  return last[n]! + beyond;
}

/** As many letters have a bit each in one number. */
const BITS = 32;
/** Where in the shorter key each letter stands, a bit for each place; zero between two comparisons. */
const places = new Int32Array(0x10000);

/**
 * The edits between `m` letters of one key and `n` of another from `start` on, a column of the table at a time in the bits of a number
 * (Hyyrö, A bit-vector algorithm for computing Levenshtein and Damerau edit distances, 2003). `m` is at most BITS.
 */
function editsInBits(short: string, long: string, { start, m, n }: { start: number; m: number; n: number }): number {
  for (let i = 0; i < m; i++) places[short.charCodeAt(start + i)]! |= 1 << i;
  const last = 1 << (m - 1);
  let more = -1;
  let less = 0;
  let same = 0;
  let before = 0;
  let distance = m;
  for (let j = 0; j < n; j++) {
    const here = places[long.charCodeAt(start + j)]!;
    const swapped = ((~same & here) << 1) & before;
    same = swapped | (((here & more) + more) ^ more) | here | less;
    let right = less | ~(same | more);
    const left = same & more;
    if (right & last) distance++;
    else if (left & last) distance--;
    right = (right << 1) | 1;
    more = (left << 1) | ~(same | right);
    less = right & same;
    before = here;
  }
  for (let i = 0; i < m; i++) places[short.charCodeAt(start + i)] = 0;
  return distance;
}

/** Whether two keys differ in nothing but two neighbours that have changed places: what fast fingers do, and titles seldom. */
export function areSwapped(a: string, b: string): boolean {
  if (a.length !== b.length || a === b) return false;
  let at = 0;
  while (a.charCodeAt(at) === b.charCodeAt(at)) at++;
  return a[at] === b[at + 1] && a[at + 1] === b[at] && a.slice(at + 2) === b.slice(at + 2);
}

/** Whether two keys differ in one character alone, which is a number in the title that is known and none in what is asked: 芝四期 of 十四期. */
export function isSlipOfNumber(asked: string, known: string): boolean {
  if (asked.length !== known.length) return false;
  let at = 0;
  while (at < asked.length && asked.charCodeAt(at) === known.charCodeAt(at)) at++;
  return asked.slice(at + 1) === known.slice(at + 1) && NUMBER.test(known[at] ?? '') && !NUMBER.test(asked[at] ?? '');
}
const NUMBER = /[0-9一二三四五六七八九十]/;
