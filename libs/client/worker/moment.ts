/** A point in time by two clocks: the one that never jumps, and the one that goes on while the machine sleeps. */
export interface Moment {
  readonly steady_ms: number;
  readonly wall_ms: number;
}

export const moment = (): Moment => ({ steady_ms: performance.now(), wall_ms: Date.now() });

/** How much time has passed for sure: the larger of what both clocks say, for a lease is better given up early than late. */
export const passed = (since: Moment, now: Moment): number =>
  Math.max(now.steady_ms - since.steady_ms, now.wall_ms - since.wall_ms);
