/** What people thought of one recommendation. */
export interface Opinion {
  good: number;
  bad: number;
}

const MOST = 0.2;

/** By how much a score is multiplied for what people thought of it: nothing before `atLeast` have said something, and never by more than a fifth. */
export function opinionFactor({ good, bad }: Opinion, atLeast: number): number {
  const all = good + bad;
  return all < Math.max(1, atLeast) ? 1 : 1 + (MOST * (good - bad)) / (all + 2);
}
