/** A published version of a file, and when. */
export interface Published {
  version: number;
  at: Date;
}

const DAY_MS = 86_400_000;
const NEAR = 48;
const DAYS = 14;
const WEEKS = 8;

/**
 * The versions that a direct delta is offered from: the last 48, then 64, 128, 256 … back, the last of each of 14 days and
 * of each of 8 weeks. `history` is in order and does not hold the version that is being published. Those of the 48 that are left out
 * when fewer are to be `near` can be reached in two steps.
 */
export function deltaBases(history: readonly Published[], now: Date, near = NEAR): number[] {
  const bases = new Set(near === 0 ? [] : history.slice(-near).map(({ version }) => version));
  for (let back = 1; back <= history.length; back *= 2) bases.add(history.at(-back)!.version);
  for (const [span, most] of [
    [DAY_MS, DAYS],
    [7 * DAY_MS, WEEKS],
  ] as const)
    for (const version of anchors(history, now, span, most)) bases.add(version);
  return [...bases].sort((a, b) => b - a);
}

/** The newest version of each of the last so many spans of time, counted on the calendar of UTC. */
function anchors(history: readonly Published[], now: Date, span: number, most: number): number[] {
  const current = Math.floor(now.getTime() / span);
  const newest = new Map<number, number>();
  for (const { version, at } of history) newest.set(Math.floor(at.getTime() / span), version);
  return [...newest].filter(([number]) => current - number < most).map(([, version]) => version);
}
