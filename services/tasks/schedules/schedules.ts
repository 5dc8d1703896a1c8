import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf } from '#libs/contracts/contract';
import { isUuid } from '#libs/contracts/fields';
import { admitToProject } from '#libs/contracts/projects-media';
import type { createSchedule, Schedule } from '#libs/contracts/tasks-schedules';
import { AppError } from '#libs/errors/app-error';
import { Broker } from '#libs/messaging/broker';
import { nextTime } from './next-time.js';
import { onceForKey } from '../engine/idempotency.js';

export type ScheduleRow = Omit<Schedule, 'is_paused' | 'next_at'> & { user_id: string; next_at: Date | null };

const MOST = 100;

/** Work that a person wants again and again: asked for, listed, paused, removed. Each sees their own. */
@Injectable()
export class Schedules {
  constructor(
    private readonly database: DataSource,
    private readonly broker: Broker,
  ) {}

  /** Who may not ask for the work once is told so now; it is asked again at each due time. */
  async create(caller: Caller, wish: InputOf<typeof createSchedule>, now: Date): Promise<Schedule> {
    const { idempotency_key: key, ...input } = wish;
    const { cron, time_zone, work } = input;
    const user_id = caller.user_id!;
    const next_at = nextTime({ cron, time_zone }, now);
    const project_id = work.project_id ? await this.admitted(caller, work.project_id, work.kind) : null;
    return this.database.transaction((manager) =>
      onceForKey(manager, { user_id, operation: 'schedule', key, input }, async () => {
        await manager.query('select pg_advisory_xact_lock(714005, hashtext($1))', [user_id]);
        const [row] = await manager.query<ScheduleRow[]>(
          `insert into schedules (user_id, project_id, name, cron, time_zone, work, next_at)
           select $1, $2, $3, $4, $5, $6, $7 where (select count(*) from schedules where user_id = $1) < $8
           returning *`,
          [user_id, project_id, input.name ?? null, cron, time_zone, JSON.stringify(work), next_at, MOST],
        );
        if (row) return shown(row);
        throw new AppError('conflict', `You have ${MOST} schedules. Remove one before you add another.`);
      }),
    );
  }

  async list(caller: Caller): Promise<Schedule[]> {
    const rows = await this.database.query<ScheduleRow[]>(
      'select * from schedules where user_id = $1 order by seq desc',
      [caller.user_id],
    );
    return rows.map(shown);
  }

  async pause(caller: Caller, id: string): Promise<Schedule> {
    const { id: known } = await this.own(caller, id);
    return this.changed('update schedules set next_at = null where id = $1 returning *', [known]);
  }

  /** One that is not paused stays as it is. */
  async resume(caller: Caller, id: string, now: Date): Promise<Schedule> {
    const schedule = await this.own(caller, id);
    return this.changed('update schedules set next_at = coalesce(next_at, $2) where id = $1 returning *', [
      schedule.id,
      nextTime(schedule, now),
    ]);
  }

  async remove(caller: Caller, id: string): Promise<{ ok: boolean }> {
    const { id: known } = await this.own(caller, id);
    await this.database.query('delete from schedules where id = $1', [known]);
    return { ok: true };
  }

  private async changed(sql: string, values: unknown[]): Promise<Schedule> {
    const [[row]] = await this.database.query<[ScheduleRow[], number]>(sql, values);
    if (row) return shown(row);
    throw new AppError('not_found', 'Schedule not found');
  }

  private async own(caller: Caller, id: string): Promise<ScheduleRow> {
    const [row] = isUuid(id)
      ? await this.database.query<ScheduleRow[]>('select * from schedules where id = $1 and user_id = $2', [
          id,
          caller.user_id,
        ])
      : [];
    if (row) return row;
    throw new AppError('not_found', 'Schedule not found');
  }

  private async admitted(caller: Caller, project_id: string, kind: Schedule['work']['kind']): Promise<string> {
    const action = kind === 'publish' ? 'changeProject' : 'addMedia';
    const project = await this.broker.call(admitToProject, { project_id, action }, caller);
    if (!project.allowed) throw new AppError('unauthorized', 'Not enough permissions');
    return project.project_id;
  }
}

const shown = (row: ScheduleRow): Schedule => ({ ...row, is_paused: row.next_at === null });
