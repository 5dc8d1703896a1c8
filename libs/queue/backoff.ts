const LONGEST_MS = 10 * 60_000;

/** The pause after a failed attempt: doubling from `baseMs`, at most ten minutes, and a random half of it off, so that many failures do not return as one crowd. */
export function pauseAfter(attempt: number, baseMs: number, random: number): number {
  const full = Math.min(baseMs * 2 ** (attempt - 1), LONGEST_MS);
  return Math.round(full * (1 - random / 2));
}
