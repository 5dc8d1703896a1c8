import { pauseAfter } from './backoff.js';
import type { CarriedJob } from './running-jobs.js';
import type { QueueDepth } from './work-queue.js';

export interface HeldJob extends CarriedJob {
  readonly priority: number;
  readonly backoffMs: number;
  attempt: number;
  /** When it was, or will be, ready to run. */
  readyAt: number;
}

/** Somebody who runs jobs of one name, so many at once. */
export interface Taker {
  readonly name: string;
  readonly concurrency: number;
  busy: number;
  run(job: HeldJob): Promise<void>;
}

/** What setTimeout can bear. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The jobs of one in-process queue: waiting in order of urgency, delayed by a timer, or with a taker. */
export class JobMemory {
  private readonly known = new Set<string>();
  private readonly waiting = new Map<string, HeldJob[]>();
  private readonly delayed = new Map<HeldJob, NodeJS.Timeout>();
  private readonly takers = new Set<Taker>();

  add(job: HeldJob): void {
    if (this.known.has(keyOf(job))) return;
    this.known.add(keyOf(job));
    this.hold(job);
  }

  knows(job: Pick<HeldJob, 'id' | 'name'>): boolean {
    return this.known.has(keyOf(job));
  }

  join(taker: Taker): void {
    this.takers.add(taker);
    this.handOutSoon(taker.name);
  }

  leave(taker: Taker): void {
    this.takers.delete(taker);
  }

  depth(): QueueDepth {
    const waiting = [...this.waiting.values()].flat();
    const oldest = waiting.reduce((readyAt, job) => Math.min(readyAt, job.readyAt), Date.now());
    return {
      waiting: waiting.length,
      delayed: this.delayed.size,
      running: this.known.size - waiting.length - this.delayed.size,
      oldest_seconds: (Date.now() - oldest) / 1000,
    };
  }

  /** Forgets everything, and keeps nothing from now on. */
  forget(): void {
    for (const timer of this.delayed.values()) clearTimeout(timer);
    for (const jobs of [this.known, this.waiting, this.delayed, this.takers]) jobs.clear();
  }

  private hold(job: HeldJob): void {
    const ms = job.readyAt - Date.now();
    if (ms > 0) {
      const timer = setTimeout(() => this.hold(job), Math.min(ms, LONGEST_TIMER_MS));
      this.delayed.set(job, timer);
      return;
    }
    this.delayed.delete(job);
    const line = this.waiting.get(job.name) ?? [];
    const place = line.findLastIndex((other) => other.priority <= job.priority) + 1;
    this.waiting.set(job.name, line.toSpliced(place, 0, job));
    this.handOutSoon(job.name);
  }

  /** Not at once: whoever adds a job should not have to wait for its first steps. */
  private handOutSoon(name: string): void {
    setImmediate(() => this.handOut(name));
  }

  private handOut(name: string): void {
    const free = [...this.takers].filter((taker) => taker.name === name && taker.busy < taker.concurrency);
    const taker = free.sort((a, b) => a.busy - b.busy)[0];
    const job = taker && this.waiting.get(name)?.shift();
    if (!taker || !job) return;
    void this.run(taker, job);
    this.handOut(name);
  }

  private async run(taker: Taker, job: HeldJob): Promise<void> {
    taker.busy++;
    try {
      await taker.run(job);
      this.known.delete(keyOf(job));
    } catch {
      if (job.attempt < job.attempts && this.known.has(keyOf(job))) this.retry(job);
      else this.known.delete(keyOf(job));
    } finally {
      taker.busy--;
      this.handOut(job.name);
    }
  }

  private retry(job: HeldJob): void {
    job.readyAt = Date.now() + pauseAfter(job.attempt, job.backoffMs, Math.random());
    job.attempt++;
    this.hold(job);
  }
}

function keyOf(job: Pick<HeldJob, 'id' | 'name'>): string {
  return `${job.name} ${job.id}`;
}
