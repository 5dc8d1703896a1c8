/** How a service has its work queue injected, whichever kind it is. */
export const WORK_QUEUE = Symbol('WORK_QUEUE');

/**
 * A wake-up, never the truth: the truth of a task is its row. `id` is the task's id and epoch (`7c9e…:2`), `data` the
 * little JSON a worker needs to find the row.
 */
export interface Job {
  readonly id: string;
  readonly name: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface AddOptions {
  readonly delayMs?: number;
  /** From 0, most urgent, to 10; 5 unless told otherwise. */
  readonly priority?: number;
  /** How often a failing job is run in all; once unless told otherwise. */
  readonly attempts?: number;
  /** The pause before the second attempt; it doubles with each further one and is never exactly the same. */
  readonly backoffMs?: number;
}

/** Does the work of one job. Its `signal` aborts when the process has to end; `attempt` counts from 1. */
export type JobHandler = (job: Job, run: { signal: AbortSignal; attempt: number }) => Promise<void>;

/** How many jobs there are in each state, and for how long the oldest waiting one could have been running. */
export interface QueueDepth {
  readonly waiting: number;
  readonly delayed: number;
  readonly running: number;
  readonly oldest_seconds: number;
}

/**
 * Hands wake-ups to whoever works on them, in this process or another. At least once: a job whose worker dies comes
 * again, so a handler's first act is to ask the row whether there is anything to do.
 */
export interface WorkQueue {
  /** Resolves when the queue has the job; AppError `unavailable` otherwise. A no-op while the same name and id waits, is delayed or runs. */
  add(job: Job, options?: AddOptions): Promise<void>;
  /** As `add` for each, in one round trip for each name; when that fails any of them may have been added all the same. */
  addAll(jobs: readonly (Job & AddOptions)[]): Promise<void>;
  /** Takes jobs of one name, at most `concurrency` at once. A handler that throws is tried again, then given up with a log line. */
  work(name: string, options: { concurrency: number }, handler: JobHandler): Promise<void>;
  /** Those of these jobs, by id, that neither wait, nor are delayed, nor run: done, or forgotten. */
  unknown(jobs: readonly Pick<Job, 'id' | 'name'>[]): Promise<string[]>;
  depth(): Promise<QueueDepth>;
  /** Why it cannot take jobs right now, or undefined. */
  trouble(): Promise<string | undefined>;
  /** Takes no more jobs, lets what runs finish within `withinMs` (20 s), then aborts it by its signal. */
  close(options?: { withinMs?: number }): Promise<void>;
}

export const DEFAULT_PRIORITY = 5;
export const DEFAULT_BACKOFF_MS = 1000;
