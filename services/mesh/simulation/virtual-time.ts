import type { Seams } from '../leases/seams.js';

/** Chance from a seed: the same seed, the same throws (mulberry32). */
export function chanceOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

interface Event {
  readonly at: number;
  readonly order: number;
  readonly work: () => void;
  isOff: boolean;
}

/** Time that goes on only when everything that could happen now has happened. */
export class VirtualTime {
  private readonly events: Event[] = [];
  private order = 0;
  now = 1_000_000_000_000;

  after(ms: number, work: () => void): () => void {
    const event: Event = { at: this.now + Math.max(0, ms), order: this.order++, work, isOff: false };
    this.insert(event);
    return () => {
      event.isOff = true;
    };
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => void this.after(ms, resolve));
  }

  /** Runs what is to happen until a moment, one thing at a time, with all that follows from it. */
  async runUntil(end: number): Promise<void> {
    for (let next = this.events[0]; next !== undefined && next.at <= end; next = this.events[0]) {
      this.take();
      if (next.isOff) continue;
      this.now = next.at;
      next.work();
      await new Promise((settled) => setImmediate(settled));
    }
    this.now = end;
  }

  /** This time as somebody sees it whose clock is off. */
  seams(random: () => number, offMs: number): Seams {
    return { now: () => this.now + offMs, after: (ms, work) => this.after(ms, work), random };
  }

  private insert(event: Event): void {
    const { events } = this;
    let at = events.push(event) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!isBefore(event, events[above]!)) break;
      events[at] = events[above]!;
      at = above;
    }
    events[at] = event;
  }

  private take(): void {
    const { events } = this;
    const last = events.pop()!;
    if (events.length === 0) return;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= events.length) break;
      if (below + 1 < events.length && isBefore(events[below + 1]!, events[below]!)) below++;
      if (!isBefore(events[below]!, last)) break;
      events[at] = events[below]!;
      at = below;
    }
    events[at] = last;
  }
}

const isBefore = (one: Event, other: Event): boolean =>
  one.at < other.at || (one.at === other.at && one.order < other.order);
