import { randomUUID } from 'node:crypto';
import { AppError } from '#libs/errors/app-error';
import type { Log } from '#libs/observability/logger';
import { requestContext } from '#libs/observability/request-context';
import { JobMemory, type Taker } from './job-memory.js';
import { RunningJobs } from './running-jobs.js';
import {
  DEFAULT_BACKOFF_MS,
  DEFAULT_PRIORITY,
  type AddOptions,
  type Job,
  type JobHandler,
  type QueueDepth,
  type WorkQueue,
} from './work-queue.js';

/** One memory per name, shared by every queue of that name in this process, and gone with the last of them. */
const memories = new Map<string, { memory: JobMemory; users: number }>();

/**
 * A work queue within one process. It is memory only and loses everything when the process ends, by design: the rows
 * know what is still to be done, and whoever owns them adds it again at the next start.
 */
export class InProcessQueue implements WorkQueue {
  private readonly memory: JobMemory;
  private readonly running: RunningJobs;
  private readonly takers = new Map<string, Taker>();
  private closing: Promise<void> | undefined;

  constructor(
    private readonly name: string,
    log: Log,
  ) {
    const shared = memories.get(name) ?? { memory: new JobMemory(), users: 0 };
    memories.set(name, { ...shared, users: shared.users + 1 });
    this.memory = shared.memory;
    this.running = new RunningJobs(log);
  }

  async add(job: Job, options: AddOptions = {}): Promise<void> {
    if (this.closing) throw new AppError('unavailable', 'The work queue is closed: this process is about to end.');
    this.memory.add({
      id: job.id,
      name: job.name,
      data: JSON.parse(JSON.stringify(job.data)) as Job['data'],
      request_id: requestContext.current()?.request_id ?? randomUUID(),
      attempts: options.attempts ?? 1,
      backoffMs: options.backoffMs ?? DEFAULT_BACKOFF_MS,
      priority: options.priority ?? DEFAULT_PRIORITY,
      attempt: 1,
      readyAt: Date.now() + (options.delayMs ?? 0),
    });
  }

  async addAll(jobs: readonly (Job & AddOptions)[]): Promise<void> {
    for (const job of jobs) await this.add(job, job);
  }

  async work(name: string, { concurrency }: { concurrency: number }, handler: JobHandler): Promise<void> {
    if (this.takers.has(name)) throw new Error(`Jobs named ${name} have a handler already.`);
    const taker: Taker = {
      name,
      concurrency,
      busy: 0,
      run: (job) => this.running.attempt(job, job.attempt, handler),
    };
    this.takers.set(name, taker);
    this.memory.join(taker);
  }

  async unknown(jobs: readonly Pick<Job, 'id' | 'name'>[]): Promise<string[]> {
    return jobs.filter((job) => !this.memory.knows(job)).map(({ id }) => id);
  }

  async depth(): Promise<QueueDepth> {
    return this.memory.depth();
  }

  async trouble(): Promise<undefined> {
    return undefined;
  }

  close({ withinMs = 20_000 } = {}): Promise<void> {
    return (this.closing ??= this.end(withinMs));
  }

  private async end(withinMs: number): Promise<void> {
    for (const taker of this.takers.values()) this.memory.leave(taker);
    await this.running.finish(withinMs);
    const users = memories.get(this.name)!.users - 1;
    if (users > 0) {
      memories.set(this.name, { memory: this.memory, users });
      return;
    }
    memories.delete(this.name);
    this.memory.forget();
  }
}
