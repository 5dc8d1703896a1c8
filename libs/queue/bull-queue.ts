import { randomUUID } from 'node:crypto';
import type { Job as BullJob, Queue, QueueOptions } from 'bull';
import { Redis, type RedisOptions } from 'ioredis';
import { AppError } from '#libs/errors/app-error';
import type { Log } from '#libs/observability/logger';
import { requestContext } from '#libs/observability/request-context';
import { pauseAfter } from './backoff.js';
import { bullDepth } from './bull-depth.js';
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

const PREFIX = 'evidverse';
/** Bull counts from 1, and runs what has no priority last. */
const PRIORITIES = Array.from({ length: 11 }, (_, priority) => priority + 1);

const SETTLE_MS = 3000;
/** Bull looks at its connections and refuses others. */
const FOR_BULL = { maxRetriesPerRequest: null, enableReadyCheck: false };

/** Makes the Bull queue of a name; in a service `QueueModule` does it through Nest's BullModule. */
export type OpenBull = (name: string, options: QueueOptions) => Promise<Queue<Carried>>;

interface Carried {
  readonly data: Job['data'];
  readonly request_id: string;
}

/**
 * A work queue on Bull and Redis. Each name of job is a Bull queue of its own (`evidverse:tasks.render:…`), because
 * within one Bull queue all names share one concurrency, and a worker fails the names it does not know.
 */
export class BullQueue implements WorkQueue {
  private readonly connections: Redis[] = [];
  private readonly commands: Redis;
  private readonly events: () => Redis;
  private readonly queues = new Map<string, Promise<Queue<Carried>>>();
  private readonly worked = new Set<string>();
  private readonly running: RunningJobs;
  private closing: Promise<void> | undefined;
  /** Why Redis is away, while it is. */
  private away: Error | undefined;

  constructor(
    private readonly name: string,
    private readonly url: string,
    private readonly log: Log,
    private readonly open: OpenBull,
  ) {
    this.commands = this.connect({ maxRetriesPerRequest: 1, commandTimeout: 5000 });
    this.events = once(() => this.connect(FOR_BULL));
    this.running = new RunningJobs(log);
  }

  async add(job: Job, options: AddOptions = {}): Promise<void> {
    if (this.closing) throw new AppError('unavailable', 'The work queue is closed: this process is about to end.');
    const request_id = requestContext.current()?.request_id ?? randomUUID();
    await this.reach(async () => {
      const queue = await this.queueOf(job.name);
      await queue.add(
        job.name,
        { data: job.data, request_id },
        {
          jobId: job.id,
          delay: options.delayMs ?? 0,
          priority: PRIORITIES[options.priority ?? DEFAULT_PRIORITY],
          attempts: options.attempts ?? 1,
          backoff: { type: 'jittered', options: options.backoffMs ?? DEFAULT_BACKOFF_MS },
          removeOnComplete: true,
          removeOnFail: true,
          stackTraceLimit: 1,
        },
      );
    });
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
      if (!this.closing) this.log.error({ err: error, job: name }, 'jobs of this name are not taken any more');
    });
  }

  async depth(): Promise<QueueDepth> {
    const depths = await this.reach(async () => {
      const names = await this.names();
      return Promise.all(names.map((name) => bullDepth(this.commands, `${PREFIX}:${name}`, PRIORITIES)));
    });
    const sum = (state: 'waiting' | 'delayed' | 'running') => depths.reduce((total, depth) => total + depth[state], 0);
    const oldest = depths.reduce((readyAt, depth) => Math.min(readyAt, depth.ready_at ?? readyAt), Date.now());
    const oldest_seconds = (Date.now() - oldest) / 1000;
    return { waiting: sum('waiting'), delayed: sum('delayed'), running: sum('running'), oldest_seconds };
  }

  /** A connection that swallows what it is told is replaced by a new one. */
  async trouble(): Promise<string | undefined> {
    try {
      await this.commands.ping();
      return undefined;
    } catch (error) {
      const { message } = error as Error;
      if (message === 'Command timed out' && !this.closing)
        for (const connection of this.connections) connection.disconnect(true);
      return `Redis cannot be reached (${this.away?.message ?? message})`;
    }
  }

  close({ withinMs = 20_000 } = {}): Promise<void> {
    return (this.closing ??= this.end(withinMs));
  }

  private async end(withinMs: number): Promise<void> {
    const opened = await Promise.allSettled(this.queues.values());
    const queues = opened.flatMap((opening) => (opening.status === 'fulfilled' ? [opening.value] : []));
    const stopped = Promise.allSettled(queues.map((queue) => queue.pause(true, true)));
    await this.running.finish(withinMs);
    const settled = stopped.then(() => Promise.allSettled(queues.map(settle)));
    await Promise.race([settled, new Promise((resolve) => setTimeout(resolve, SETTLE_MS).unref())]);
    for (const connection of this.connections) connection.disconnect();
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
      prefix: PREFIX,
      createClient: (type) => this.connectionFor(type),
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
      if (!this.away && !this.closing) this.log.warn({ err: error, queue: bullName }, 'the work queue stumbled');
    });
    return queue;
  }

  /** The Bull queues that belong to this one, whoever opened them. */
  private async names(): Promise<string[]> {
    const key = `${PREFIX}:${this.name}:names`;
    const mine = [...this.queues.keys()].map((name) => `${this.name}.${name}`);
    if (mine.length > 0) await this.commands.sadd(key, ...mine);
    return this.commands.smembers(key);
  }

  /** Commands and news share a connection each; waiting for a job blocks one of its own. */
  private connectionFor(type: 'client' | 'subscriber' | 'bclient'): Redis {
    if (type === 'client') return this.commands;
    return type === 'subscriber' ? this.events() : this.connect(FOR_BULL);
  }

  private connect(options: RedisOptions): Redis {
    const connection = new Redis(this.url, {
      ...options,
      connectionName: `${PREFIX}:${this.name}`,
      keepAlive: 10_000,
      disconnectTimeout: 500,
      retryStrategy: (times) => Math.min(50 * 2 ** times, 1000),
      reconnectOnError: (error) => (error.message.startsWith('READONLY') ? 2 : false),
    });
    // After Bull has looked: without this check ioredis takes a connection for ready that was lost while being made.
    setImmediate(() => (connection.options.enableReadyCheck = true));
    connection.setMaxListeners(0);
    connection.on('error', (error) => this.onAway(error));
    connection.on('ready', () => this.onBack());
    this.connections.push(connection);
    return connection;
  }

  private onAway(error: Error): void {
    if (!this.away && !this.closing) this.log.warn({ err: error }, 'Redis cannot be reached, trying again');
    this.away = error;
  }

  private onBack(): void {
    if (this.away) this.log.info('Redis is back');
    this.away = undefined;
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

/** Waits until Bull has written down what became of its jobs, then stops its timers. */
async function settle(queue: Queue<Carried>): Promise<void> {
  await Promise.allSettled(Object.values(inside(queue).processing));
  await queue.close(true);
}

/** What Bull does not say in its types: its blocking connection, and what each of its slots is doing. */
function inside(queue: Queue<Carried>): { bclient: Redis; processing: Record<string, Promise<void>> } {
  return queue as unknown as { bclient: Redis; processing: Record<string, Promise<void>> };
}

function once<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
