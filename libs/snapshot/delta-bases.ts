/** A published version of a file, and when. */
export interface Published {
  version: number;
  at: Date;
}

const DAY_MS = 86_400_000;
const NEAR = 48;
const DAYS = 14;
const WEEKS = 8;
/** Two steps of these lead six versions back, which is to the newest anchor when there is one an hour. */
const NEAREST = 3;
const ANCHOR_MS = DAY_MS / 4;
const ANCHORS = 2;

/**
 * The versions that a direct delta is offered from where it costs little: the last 48, then 64, 128, 256 … back, the last of each of
 * 14 days and of each of 8 weeks, and those that it is offered from in any case. `history` is in order and does not hold the version that is being published.
 */
export function deltaBases(history: readonly Published[], now: Date): number[] {
  const bases = new Set(history.slice(-NEAR).map(({ version }) => version));
  for (let back = 1; back <= history.length; back *= 2) bases.add(history.at(-back)!.version);
  for (const [span, most] of [
    [DAY_MS, DAYS],
    [7 * DAY_MS, WEEKS],
  ] as const) {
    const current = Math.floor(now.getTime() / span);
    for (const [number, version] of newestOf(history, span)) if (current - number < most) bases.add(version);
  }
  return descending([...bases, ...steadyBases(history, now)]);
}

/** The versions that a direct delta is offered from in any case: the last three and the anchors. All others lead to one of these. */
export const steadyBases = (history: readonly Published[], now: Date): number[] =>
  descending([...history.slice(-NEAREST).map(({ version }) => version), ...anchorsOf(history, now)]);

/** The anchors, to which deltas are made from all versions before: the last version of each of the last two quarters of a day that are over. */
export function anchorsOf(history: readonly Published[], now: Date): number[] {
  const current = Math.floor(now.getTime() / ANCHOR_MS);
  const over = [...newestOf(history, ANCHOR_MS)].filter(([number]) => number < current);
  return descending(over.slice(-ANCHORS).map(([, version]) => version));
}

/** The newest version of each span of time that has one, counted on the calendar of UTC, the oldest first. */
function newestOf(history: readonly Published[], span: number): Map<number, number> {
  const newest = new Map<number, number>();
  for (const { version, at } of history) newest.set(Math.floor(at.getTime() / span), version);
  return newest;
}

const descending = (versions: readonly number[]): number[] => [...new Set(versions)].sort((a, b) => b - a);
