import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { LOG } from '#libs/bootstrap/tokens';
import { Listener } from '#libs/database/listener';
import { AppError } from '#libs/errors/app-error';
import type { Log } from '#libs/observability/logger';
import { WORK_QUEUE, type AddOptions, type Job, type WorkQueue } from '#libs/queue/work-queue';

interface Wakeup {
  seq: number;
  task_id: string;
  epoch: number;
  kind: string;
  priority: number;
  run_at: Date;
}

const AT_ONCE = 200;
const LOOK_EVERY_MS = 1000;
const CLAIM_SECONDS = 15;

/**
 * Carries wake-ups from their rows to the queue. The job's id is the task's id and epoch, so carrying one twice is a
 * no-op; the row goes only when the queue has the job. Several replicas share the rows.
 */
@Injectable()
export class WakeRelay implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly listener: Listener;
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;
  private again = false;
  private stopped = false;
  private queueIsAway = false;

  constructor(
    private readonly database: DataSource,
    @Inject(WORK_QUEUE) private readonly queue: WorkQueue,
    @Inject(LOG) private readonly log: Log,
  ) {
    const look = () => this.look();
    this.listener = new Listener(database, 'tasks-wakeups', { tasks_wake: look }, look);
  }

  onApplicationBootstrap(): void {
    this.listener.start();
    this.timer = setInterval(() => this.look(), LOOK_EVERY_MS);
    this.look();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.listener.stop();
    await this.looking;
  }

  private look(): void {
    if (this.stopped) return;
    if (this.looking) {
      this.again = true;
      return;
    }
    this.looking = this.carryAll()
      .catch((error: unknown) => {
        if (!this.stopped) this.log.warn({ err: error }, 'wake-ups cannot be carried right now');
      })
      .finally(() => {
        this.looking = undefined;
        if (this.again) this.look();
      });
  }

  private async carryAll(): Promise<void> {
    do {
      this.again = false;
      if ((await this.carry()) === AT_ONCE) this.again = true;
    } while (this.again && !this.stopped);
  }

  /** Carries one batch and tells how large it was. */
  private async carry(): Promise<number> {
    const [claimed] = await this.database.query<[Wakeup[], number]>(
      `with free as materialized (
         select seq from wakeups where claimed_until < now() order by seq limit $2 for update skip locked)
       update wakeups w set claimed_until = now() + make_interval(secs => $1)
       from free, tasks t where w.seq = free.seq and t.id = w.task_id
       returning w.seq, w.task_id, w.epoch, t.kind, t.priority, t.run_at`,
      [CLAIM_SECONDS, AT_ONCE],
    );
    if (claimed.length === 0) return 0;
    const wakeups = claimed.sort((a, b) => a.seq - b.seq);
    try {
      await this.queue.addAll(wakeups.map(jobOf));
    } catch (error) {
      await this.tryLater(wakeups, error);
      return 0;
    }
    this.queueIsAway = false;
    await this.forget(wakeups);
    return wakeups.length;
  }

  private async forget(wakeups: Wakeup[]): Promise<void> {
    await this.database.query(
      `with carried as (delete from wakeups where seq = any($1) returning task_id, epoch),
       woken as materialized (
         select t.id from tasks t join carried c on c.task_id = t.id and c.epoch = t.attempt_epoch
         order by t.id for no key update of t)
       update tasks set woken_at = now() from woken where tasks.id = woken.id`,
      [wakeups.map(({ seq }) => seq)],
    );
  }

  private async tryLater(wakeups: Wakeup[], reason: unknown): Promise<void> {
    if (!this.queueIsAway) this.log.warn({ err: reason }, AppError.from(reason).message);
    this.queueIsAway = true;
    await this.database.query(`update wakeups set claimed_until = now() + interval '1 second' where seq = any($1)`, [
      wakeups.map(({ seq }) => seq),
    ]);
  }
}

function jobOf({ task_id, epoch, kind, priority, run_at }: Wakeup): Job & AddOptions {
  const delayMs = Math.max(0, run_at.getTime() - Date.now());
  return { id: `${task_id}:${epoch}`, name: kind, data: { task_id, epoch }, delayMs, priority };
}
