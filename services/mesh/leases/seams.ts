/** The world as the scheduler sees it: time that only goes forward, waiting, and chance. A simulation brings its own. */
export interface Seams {
  /** Milliseconds on a clock of one's own, never set back. */
  now(): number;
  /** Runs something later, unless it is called off. */
  after(ms: number, work: () => void): () => void;
  /** Evenly spread between 0 and 1. */
  random(): number;
}

/** The real world. */
export const realSeams: Seams = {
  now: () => performance.timeOrigin + performance.now(),
  after: (ms, work) => {
    const timer = setTimeout(work, Math.min(ms, 2_000_000_000));
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
};

const REMEMBERED = 16;

/**
 * The database's clock, as well as it can be known without asking: every answer tells the time at which its statement
 * began, so the greatest difference among the last few is the best, and it is never ahead of the truth.
 */
export class DatabaseClock {
  private readonly differences: number[] = [];
  private difference = 0;

  constructor(private readonly seams: Seams) {}

  now(): number {
    return this.seams.now() + this.difference;
  }

  learn(databaseNow: number): void {
    if (databaseNow === 0) return;
    this.differences.push(databaseNow - this.seams.now());
    if (this.differences.length > REMEMBERED) this.differences.shift();
    this.difference = Math.max(...this.differences);
  }
}
