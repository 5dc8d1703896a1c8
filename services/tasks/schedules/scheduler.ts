import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { LOG } from '#libs/bootstrap/tokens';
import type { Caller } from '#libs/contracts/caller';
import { ScheduledWork } from '#libs/contracts/tasks-schedules';
import { AppError } from '#libs/errors/app-error';
import type { Log } from '#libs/observability/logger';
import { nextTime } from './next-time.js';
import type { Within } from '../engine/within.js';
import { Generation } from '../generation/generation.js';
import { PubJobs } from '../publish/jobs.js';
import { Renders } from '../render/renders.js';
import { VnJobs } from '../vn/vn-jobs.js';
import type { ScheduleRow } from './schedules.js';

type Due = ScheduleRow & { next_at: Date };

const LOOK_EVERY_MS = 5000;
const AT_ONE_LOOK = 200;
const TAKEN = Symbol('another replica began it');

/**
 * Begins what is due, on every replica: who moves the row on from its due time begins the work in that transaction, the
 * others find it moved. Of several due times that were missed one is begun. What cannot begin while something is
 * unavailable waits for the next look; what may not begin is skipped, and its schedule says why.
 */
@Injectable()
export class Scheduler implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;
  private stopped = false;

  constructor(
    private readonly database: DataSource,
    private readonly renders: Renders,
    private readonly generation: Generation,
    private readonly pubJobs: PubJobs,
    private readonly vnJobs: VnJobs,
    @Inject(LOG) private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.look(), LOOK_EVERY_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.looking;
  }

  /** One look at everything; while one is under way a second waits for it. */
  look(): Promise<void> {
    this.looking ??= this.beginDue(new Date())
      .catch((error: unknown) => {
        if (!this.stopped) this.log.warn({ err: error }, 'schedules cannot be looked at right now');
      })
      .finally(() => (this.looking = undefined));
    return this.looking;
  }

  /** In no order, so that replicas share the work and none that has to wait holds up the rest. */
  private async beginDue(now: Date): Promise<void> {
    const due = await this.database.query<Due[]>(
      'select * from schedules where next_at <= $1 order by random() limit $2',
      [now, AT_ONE_LOOK],
    );
    for (const schedule of due) if (!this.stopped) await this.begin(schedule, now);
  }

  private async begin(schedule: Due, now: Date): Promise<void> {
    const within: Within = (work) =>
      this.database.transaction(async (manager) => {
        if (!(await moveOn(manager, schedule, now, null))) throw TAKEN;
        return work(manager);
      });
    try {
      const task_id = await this.ask(schedule, within);
      await this.database.query('update schedules set last_task_id = $3 where id = $1 and last_due_at = $2', [
        schedule.id,
        schedule.next_at,
        task_id,
      ]);
    } catch (thrown) {
      if (thrown === TAKEN) return;
      const error = AppError.from(thrown);
      this.log.warn({ schedule_id: schedule.id, err: thrown }, 'what is due cannot be begun');
      if (error.code !== 'unavailable') await moveOn(this.database.manager, schedule, now, error.message);
    }
  }

  /** As its owner would ask for it now, with the rights they have now. */
  private async ask({ work: kept, user_id }: Due, within: Within): Promise<string | null> {
    const caller: Caller = { user_id, role: 'user', session_id: null };
    const work = ScheduledWork.parse(kept);
    switch (work.kind) {
      case 'render':
        return (await this.renders.create(caller, work, within)).task_id;
      case 'generate.clip': {
        const { kind: _kind, ...wish } = work;
        return (await this.generation.clip(caller, { ...wish, ...ONCE }, within)).task_id;
      }
      case 'publish':
        return (await this.pubJobs.create(caller, { ...work, ...ONCE, scheduled_publish_at: null }, within)).task_id;
      case 'vn.parse':
        return (await this.vnJobs.create(caller, { ...work, ...ONCE, script_text: null }, within)).task_id;
    }
  }
}

/** The row itself sees to it that a due time is begun once; no key is needed. */
const ONCE = { idempotency_key: null };

/** Moves a schedule on from its due time to the next one after now, unless somebody did so, paused or removed it. */
async function moveOn(manager: EntityManager, due: Due, now: Date, error: string | null): Promise<boolean> {
  const [, moved] = await manager.query<[unknown[], number]>(
    `update schedules set next_at = $3, last_due_at = $2, last_error = $4, last_task_id = null
     where id = $1 and next_at = $2`,
    [due.id, due.next_at, nextTime(due, now), error],
  );
  return moved === 1;
}
