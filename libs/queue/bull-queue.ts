import { randomUUID } from 'node:crypto';
import type { Job as BullJob, Queue, QueueOptions } from 'bull';
import type { Redis } from 'ioredis';
import { AppError } from '#libs/errors/app-error';
import type { Log } from '#libs/observability/logger';
import { requestContext } from '#libs/observability/request-context';
import { pauseAfter } from './backoff.js';
import { bullDepth } from './bull-depth.js';
import { RedisConnections } from './redis-connections.js';
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

/** Bull counts from 1, and runs what has no priority last. */
const PRIORITIES = Array.from({ length: 11 }, (_, priority) => priority + 1);

const SETTLE_MS = 3000;

/** Makes the Bull queue of a name; in a service `QueueModule` does it through Nest's BullModule. */
export type OpenBull = (name: string, options: QueueOptions) => Promise<Queue<Carried>>;

interface Carried {
  readonly data: Job['data'];
  readonly request_id: string;
}

/**
 * A work queue on Bull and Redis. Each name of job is a Bull queue of its own (`<prefix>:tasks.render:…`), because
 * within one Bull queue all names share one concurrency, and a worker fails the names it does not know.
 */
export class BullQueue implements WorkQueue {
  private readonly redis: RedisConnections;
  private readonly prefix: string;
  private readonly queues = new Map<string, Promise<Queue<Carried>>>();
  private readonly worked = new Set<string>();
  private readonly running: RunningJobs;
  private closing: Promise<void> | undefined;
  private stuck: string | undefined;

  constructor(
    private readonly name: string,
    { url, prefix }: { url: string; prefix: string },
    private readonly log: Log,
    private readonly open: OpenBull,
  ) {
    this.prefix = prefix;
    this.redis = new RedisConnections(url, `${prefix}:${name}`, log);
    this.running = new RunningJobs(log);
  }

  add(job: Job, options: AddOptions = {}): Promise<void> {
    return this.addAll([{ ...job, ...options }]);
  }

  async addAll(jobs: readonly (Job & AddOptions)[]): Promise<void> {
    if (this.closing) throw new AppError('unavailable', 'The work queue is closed: this process is about to end.');
    const request_id = requestContext.current()?.request_id ?? randomUUID();
    const byName = Map.groupBy(jobs, ({ name }) => name);
    await this.reach(() => Promise.all([...byName].map(([name, those]) => this.addTo(name, those, request_id))));
  }

  private async addTo(name: string, jobs: readonly (Job & AddOptions)[], request_id: string): Promise<void> {
    const queue = await this.queueOf(name);
    const added = await queue.addBulk(
      jobs.map(({ id, data, ...options }) => ({
        name,
        data: { data, request_id },
        opts: {
          jobId: id,
          delay: options.delayMs ?? 0,
          priority: PRIORITIES[options.priority ?? DEFAULT_PRIORITY],
          attempts: options.attempts ?? 1,
          backoff: { type: 'jittered', options: options.backoffMs ?? DEFAULT_BACKOFF_MS },
          removeOnComplete: true,
          removeOnFail: true,
          stackTraceLimit: 1,
        },
      })),
    );
    // Bull does not look at what Redis answered to each; a job that was refused has no id.
    if (added.some(({ id }) => id === undefined || id === null)) throw new Error(`Redis refused jobs named ${name}.`);
  }

  async work(name: string, { concurrency }: { concurrency: number }, handler: JobHandler): Promise<void> {
    if (this.worked.has(name)) throw new Error(`Jobs named ${name} have a handler already.`);
    this.worked.add(name);
    const queue = await this.queueOf(name);
    queue.on('stalled', ({ id }: BullJob) =>
      this.log.warn({ job: name, job_id: id }, 'a job fell silent with its worker and comes again'),
    );
    // Opened now and not when Bull comes to it, which could be after the end.
    void inside(queue).bclient;
    const taking = queue.process(name, concurrency, (job) => {
      const { data, request_id } = job.data;
      const carried = { id: String(job.id), name, data, request_id, attempts: job.opts.attempts ?? 1 };
      return this.running.attempt(carried, job.attemptsMade + 1, handler);
    });
    void taking.catch((error: unknown) => {
      if (this.closing) return;
      this.stuck = `jobs named ${name} are not taken`;
      this.log.error({ err: error, job: name }, this.stuck);
    });
  }

  async unknown(jobs: readonly Pick<Job, 'id' | 'name'>[]): Promise<string[]> {
    return this.reach(async () => {
      const asking = this.redis.commands.pipeline();
      for (const { id, name } of jobs) asking.exists(`${this.prefix}:${this.name}.${name}:${id}`);
      const answers = (await asking.exec()) ?? [];
      return jobs.filter((_, at) => known(answers[at]) === 0).map(({ id }) => id);
    });
  }

  async depth(): Promise<QueueDepth> {
    const depths = await this.reach(async () => {
      const names = await this.names();
      return Promise.all(names.map((name) => bullDepth(this.redis.commands, `${this.prefix}:${name}`, PRIORITIES)));
    });
    const sum = (state: 'waiting' | 'delayed' | 'running') => depths.reduce((total, depth) => total + depth[state], 0);
    const oldest = depths.reduce((readyAt, depth) => Math.min(readyAt, depth.ready_at ?? readyAt), Date.now());
    const oldest_seconds = (Date.now() - oldest) / 1000;
    return { waiting: sum('waiting'), delayed: sum('delayed'), running: sum('running'), oldest_seconds };
  }

  async trouble(): Promise<string | undefined> {
    return (await this.redis.trouble()) ?? this.stuck;
  }

  close({ withinMs = 20_000 } = {}): Promise<void> {
    return (this.closing ??= this.end(withinMs));
  }

  private async end(withinMs: number): Promise<void> {
    const opened = await Promise.allSettled(this.queues.values());
    const queues = opened.flatMap((opening) => (opening.status === 'fulfilled' ? [opening.value] : []));
    const stopped = Promise.allSettled(queues.map((queue) => queue.pause(true, true)));
    const settled = stopped.then(() => Promise.allSettled(queues.map(settle)));
    // What Redis has handed over begins a moment later, and a Redis that is away settles nothing.
    const patience = () => Promise.race([settled, new Promise((resolve) => setTimeout(resolve, SETTLE_MS).unref())]);
    await this.running.finish(withinMs, patience);
    this.redis.end();
  }

  private queueOf(name: string): Promise<Queue<Carried>> {
    const known = this.queues.get(name);
    if (known) return known;
    const opening = this.opened(`${this.name}.${name}`);
    opening.catch(() => this.queues.delete(name));
    this.queues.set(name, opening);
    return opening;
  }

  private async opened(bullName: string): Promise<Queue<Carried>> {
    const queue = await this.open(bullName, {
      prefix: this.prefix,
      createClient: (type) => this.redis.forBull(type),
      settings: {
        stalledInterval: 10_000,
        maxStalledCount: 5,
        retryProcessDelay: 1000,
        backoffStrategies: {
          jittered: (attempts, _error, baseMs) => pauseAfter(attempts, Number(baseMs), Math.random()),
        },
      },
    });
    // Bull leaves this promise unwatched: a Redis that goes away at the wrong moment would end the process.
    Object.assign(queue, { setWorkerName: async () => {} });
    queue.on('error', (error) => {
      if (!this.redis.isAway) this.log.warn({ err: error, queue: bullName }, 'the work queue stumbled');
    });
    return queue;
  }

  /** The Bull queues that belong to this one, whoever opened them. */
  private async names(): Promise<string[]> {
    const key = `${this.prefix}:${this.name}:names`;
    const mine = [...this.queues.keys()].map((name) => `${this.name}.${name}`);
    if (mine.length > 0) await this.redis.commands.sadd(key, ...mine);
    return this.redis.commands.smembers(key);
  }

  private async reach<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const words = 'The work queue cannot be reached right now. Try again in a moment.';
      throw new AppError('unavailable', words, undefined, { cause: error });
    }
  }
}

/** What one command of a pipeline answered; the whole question fails with the first of its errors. */
function known(answer: [Error | null, unknown] | undefined): unknown {
  if (answer?.[0]) throw answer[0];
  return answer?.[1];
}

/** Waits until Bull has written down what became of its jobs, then stops its timers. */
async function settle(queue: Queue<Carried>): Promise<void> {
  await Promise.allSettled(Object.values(inside(queue).processing));
  await queue.close(true);
}

/** What Bull does not say in its types: its blocking connection, and what each of its slots is doing. */
function inside(queue: Queue<Carried>): { bclient: Redis; processing: Record<string, Promise<void>> } {
  return queue as unknown as { bclient: Redis; processing: Record<string, Promise<void>> };
}
