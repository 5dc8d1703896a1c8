import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { CONFIG, LOG } from '#libs/bootstrap/tokens';
import type { Log } from '#libs/observability/logger';
import { WORK_QUEUE, type WorkQueue } from '#libs/queue/work-queue';
import type { TasksConfig } from '../config.js';
import { LEASE_SECONDS } from './heart.js';
import { KIND_LIMITS } from './kinds.js';
import { FOLLOW_UPS, settleDeath, type FollowUps } from './settle.js';
import type { TaskRow } from './task-row.js';

const LOOK_EVERY_MS = 5000;
const SWEEP_EVERY_MS = 60_000;
/** A wake-up that old should be known to the queue, or have been taken. */
const SETTLED_SECONDS = 5;

/**
 * Compares the rows with the world, every few seconds, on one replica at a time: tasks of workers that fell silent run
 * again, wake-ups that a queue forgot are written again, parked tasks whose turn has come are woken. A queue that lost
 * everything therefore costs time and nothing else.
 */
@Injectable()
export class Reconciler implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;
  private stopped = false;
  private sweptAt = 0;

  constructor(
    private readonly database: DataSource,
    @Inject(WORK_QUEUE) private readonly queue: WorkQueue,
    @Inject(FOLLOW_UPS) private readonly followUps: FollowUps,
    @Inject(CONFIG) private readonly config: TasksConfig,
    @Inject(LOG) private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.look(), LOOK_EVERY_MS);
    void this.look();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.looking;
  }

  /** One look at everything; while one is under way a second waits for it. */
  look(): Promise<void> {
    if (this.stopped) return Promise.resolve();
    this.looking ??= this.reconcile()
      .catch((error: unknown) => {
        if (!this.stopped) this.log.warn({ err: error }, 'tasks cannot be reconciled right now');
      })
      .finally(() => (this.looking = undefined));
    return this.looking;
  }

  private async reconcile(): Promise<void> {
    await this.takeFromTheDead();
    await this.database.transaction(async (manager) => {
      const [{ mine }] = (await manager.query<{ mine: boolean }[]>(
        'select pg_try_advisory_xact_lock(714003) as mine',
      )) as [{ mine: boolean }];
      if (!mine) return;
      await this.wakeForgotten(manager);
      await manager.query('select unpark_tasks(null, null, $1, $2, 500)', [this.config.TASKS_PER_USER, KIND_LIMITS]);
      await this.sweep(manager);
    });
  }

  /** Each in a transaction of its own: one whose follow-up fails does not hold the others back. */
  private async takeFromTheDead(): Promise<void> {
    for (let more = true; more && !this.stopped;) {
      more = await this.database.transaction(async (manager) => {
        const [task] = await manager.query<TaskRow[]>(
          `select * from tasks where state = 'running' and heartbeat_at < now() - make_interval(secs => $1)
           order by heartbeat_at limit 1 for update skip locked`,
          [LEASE_SECONDS],
        );
        if (!task) return false;
        this.log.warn({ task_id: task.id, kind: task.kind }, 'the worker of a task fell silent; it runs again');
        await settleDeath(manager, task, {
          userLimit: this.config.TASKS_PER_USER,
          followUps: this.followUps,
          now: new Date(),
          random: Math.random(),
        });
        return true;
      });
    }
  }

  private async wakeForgotten(manager: EntityManager): Promise<void> {
    const waiting = await manager.query<{ id: string; kind: string; attempt_epoch: number }[]>(
      `select t.id, t.kind, t.attempt_epoch from tasks t
       where t.state = 'queued' and not t.is_parked
         and coalesce(t.woken_at, t.created_at) < now() - make_interval(secs => $1)
         and not exists (select from wakeups w where w.task_id = t.id and w.epoch = t.attempt_epoch)
       order by t.seq limit 20000`,
      [SETTLED_SECONDS],
    );
    if (waiting.length === 0) return;
    const jobs = waiting.map(({ id, kind, attempt_epoch }) => ({ id: `${id}:${attempt_epoch}`, name: kind }));
    const unknown = new Set(await this.queue.unknown(jobs));
    const forgotten = waiting.filter((_, at) => unknown.has(jobs[at]!.id));
    if (forgotten.length === 0) return;
    await manager.query(
      `insert into wakeups (task_id, epoch) select * from unnest($1::uuid[], $2::integer[]) on conflict do nothing`,
      [forgotten.map(({ id }) => id), forgotten.map(({ attempt_epoch }) => attempt_epoch)],
    );
    await manager.query(`select pg_notify('tasks_wake', '')`);
    this.log.warn({ tasks: forgotten.length }, 'the queue had forgotten tasks; they are woken again');
  }

  private async sweep(manager: EntityManager): Promise<void> {
    if (Date.now() - this.sweptAt < SWEEP_EVERY_MS) return;
    this.sweptAt = Date.now();
    await manager.query(`delete from idempotency_keys where created_at < now() - interval '24 hours'`);
  }
}
