/** How many leases a node may hold, and how it came to that. */
export interface Standing {
  readonly quota: number;
  readonly failures: number;
  readonly coolingUntilMs: number | null;
}

const COOL_AFTER = 5;
const COOL_MS = 10 * 60_000;

/**
 * A node's standing after a verified outcome: success doubles its quota up to the cap, failure halves it down to one, and
 * five failures in a row are a cool-off of ten minutes. A release says nothing about a node. Who was given none has none.
 */
export function standingAfter(
  before: Standing,
  outcome: 'done' | 'failed' | 'expired',
  { cap, nowMs }: { cap: number; nowMs: number },
): Standing {
  if (outcome === 'done') return { quota: Math.min(cap, before.quota * 2), failures: 0, coolingUntilMs: null };
  const failures = before.failures + 1;
  const isTooMany = failures >= COOL_AFTER;
  return {
    quota: Math.max(Math.min(1, before.quota), Math.floor(before.quota / 2)),
    failures: isTooMany ? 0 : failures,
    coolingUntilMs: isTooMany ? nowMs + COOL_MS : before.coolingUntilMs,
  };
}

/** Whether a client's version is at least the one asked for; versions are numbers between dots, a missing one is the lowest. */
export function isAtLeast(version: string | null, least: string): boolean {
  const [have, want] = [partsOf(version ?? ''), partsOf(least)];
  for (let at = 0; at < Math.max(have.length, want.length); at++) {
    const difference = (have[at] ?? 0) - (want[at] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

const partsOf = (version: string): number[] => (/^v?(\d+(?:\.\d+)*)/.exec(version)?.[1] ?? '0').split('.').map(Number);
