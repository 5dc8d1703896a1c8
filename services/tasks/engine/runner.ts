import { randomUUID } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CONFIG, LOG } from '#libs/bootstrap/tokens';
import { AppError } from '#libs/errors/app-error';
import type { Log } from '#libs/observability/logger';
import { continueFrom } from '#libs/observability/origin';
import { WORK_QUEUE, type Job, type WorkQueue } from '#libs/queue/work-queue';
import { objectKey } from '#libs/storage/object-store';
import type { TasksConfig } from '../config.js';
import { DiskRoom } from '../media/disk-room.js';
import { Attempts, type Wake } from './attempts.js';
import { Heart, StopReason } from './heart.js';
import { factsOf } from './kinds.js';
import { ProgressMeter } from './progress-meter.js';
import { FOLLOW_UPS, newsOf, settleAttempt, type FollowUps, type Outcome, type TaskNews } from './settle.js';
import { TASK_HANDLERS, type TaskHandler } from './task-handler.js';
import type { TaskRow } from './task-row.js';

/** A worker's hands: takes wake-ups, claims what they stand for, does it, and writes down what came of it. */
@Injectable()
export class Runner implements OnApplicationBootstrap {
  private readonly workerId = `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`;
  private readonly attempts: Attempts;

  constructor(
    private readonly database: DataSource,
    @Inject(WORK_QUEUE) private readonly queue: WorkQueue,
    @Inject(TASK_HANDLERS) private readonly handlers: readonly TaskHandler[],
    @Inject(FOLLOW_UPS) private readonly followUps: FollowUps,
    private readonly heart: Heart,
    @Inject(CONFIG) private readonly config: TasksConfig,
    @Inject(LOG) private readonly log: Log,
  ) {
    this.attempts = new Attempts(database, { id: this.workerId, userLimit: config.TASKS_PER_USER });
  }

  async onApplicationBootstrap(): Promise<void> {
    for (const handler of this.handlers)
      await this.queue.work(handler.kind, { concurrency: factsOf(handler.kind).atOnce }, (job, { signal }) =>
        this.take(handler, job, signal),
      );
  }

  /** A wake-up that is late, or a second of its kind, finds nothing to claim. */
  private async take(handler: TaskHandler, job: Job, ending: AbortSignal): Promise<void> {
    const task = await this.attempts.claim(job.data as unknown as Wake);
    if (task) await continueFrom(task, `tasks.${task.kind}`, () => this.perform(handler, task, ending));
  }

  private async perform(handler: TaskHandler, task: TaskRow, ending: AbortSignal): Promise<void> {
    const hold = this.heart.hold(task.id, task.attempt_epoch, this.workerId);
    const meter = new ProgressMeter(task, (news, keep) => void this.tell(news, keep));
    const signal = AbortSignal.any([hold.signal, ending]);
    try {
      const outcome = task.cancel_requested
        ? ({ kind: 'cancelled' } as const)
        : await this.attempt(handler, task, { signal, ending, meter });
      meter.stop();
      if (outcome === undefined) return;
      const kept = await this.settle(task, meter, outcome);
      if (!kept) this.log.warn({ task_id: task.id }, 'a task was finished by an attempt that is no longer its own');
    } finally {
      meter.stop();
      hold.release();
    }
  }

  private async attempt(
    handler: TaskHandler,
    task: TaskRow,
    { signal, ending, meter }: { signal: AbortSignal; ending: AbortSignal; meter: ProgressMeter },
  ): Promise<Outcome | undefined> {
    let directory: string | undefined;
    try {
      const result = await handler.run({
        task,
        caller: { user_id: task.user_id, role: 'user', session_id: null },
        signal,
        get directory() {
          return (directory ??= mkdtempSync(join(tmpdir(), 'evidverse-task-')));
        },
        room: new DiskRoom(this.config.TASK_DISK_MB * 1024 ** 2),
        outputKey: (name) => objectKey('tasks', task.id, String(task.attempt_epoch), name),
        progress: (done, note) => meter.report(done, note),
      });
      return { kind: 'succeeded', result };
    } catch (thrown) {
      if (signal.aborted) return outcomeOfStop(signal.reason, ending);
      const error = AppError.from(thrown);
      if (error.code === 'internal')
        this.log.error({ err: thrown, task_id: task.id, kind: task.kind }, 'a task failed unforeseen');
      return { kind: 'failed', error };
    } finally {
      if (directory !== undefined) await rm(directory, { recursive: true, force: true }).catch(() => {});
    }
  }

  /** Written down as soon as the database can be reached; should that take too long, the reconciler calls it a death. */
  private async settle(task: TaskRow, { news, progress }: ProgressMeter, outcome: Outcome): Promise<boolean> {
    const attempt = { id: task.id, epoch: task.attempt_epoch, worker_id: this.workerId, news, progress };
    for (let tries = 1; ; tries++) {
      try {
        if (outcome.kind !== 'failed' && outcome.kind !== 'handedBack' && this.followUps[task.kind] === undefined) {
          const result = outcome.kind === 'succeeded' ? outcome.result : null;
          return await this.attempts.end({ ...attempt, state: outcome.kind, result });
        }
        return await this.database.transaction((manager) =>
          settleAttempt(manager, attempt, outcome, {
            userLimit: this.config.TASKS_PER_USER,
            followUps: this.followUps,
            now: new Date(),
            random: Math.random(),
          }),
        );
      } catch (thrown) {
        if (tries === 10 || AppError.from(thrown).code !== 'unavailable') throw thrown;
        await new Promise((resolve) => setTimeout(resolve, 100 * 2 ** Math.min(tries, 4)));
      }
    }
  }

  private async tell(news: TaskNews, keep: boolean): Promise<void> {
    const kept = keep
      ? `update tasks set progress = $2, note = $3, news = $4 where id = $5 and attempt_epoch = $6 and state = 'running' and news < $4 returning`
      : 'select';
    const values = keep
      ? [newsOf(news), news.progress, news.note, news.news, news.id, news.attempt_epoch]
      : [newsOf(news)];
    await this.database.query(`${kept} pg_notify('tasks_news', $1)`, values).catch(() => {});
  }
}

/** Superseded: whoever took over writes down the end. */
function outcomeOfStop(reason: unknown, ending: AbortSignal): Outcome | undefined {
  if (reason instanceof StopReason) return reason.why === 'cancelled' ? { kind: 'cancelled' } : undefined;
  return ending.aborted ? { kind: 'handedBack' } : undefined;
}
