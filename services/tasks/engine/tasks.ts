import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { CONFIG } from '#libs/bootstrap/tokens';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf } from '#libs/contracts/contract';
import type { EventBatch } from '#libs/contracts/event-batch';
import { isUuid } from '#libs/contracts/fields';
import { Task, type listTasks, type watchTask } from '#libs/contracts/tasks';
import { AppError } from '#libs/errors/app-error';
import { currentOrigin } from '#libs/observability/origin';
import { WORK_QUEUE, type WorkQueue } from '#libs/queue/work-queue';
import type { TasksConfig } from '../config.js';
import { FOLLOW_UPS, settleCancelled, tellNews, type FollowUps } from './settle.js';
import { eventId, isNewer, TaskNews, told } from './task-news.js';
import { isOver, publicState, STORED_STATES, type TaskRow } from './task-row.js';

/** Tasks as their owners see them. Somebody else's is answered as one that is not there. */
@Injectable()
export class Tasks {
  constructor(
    private readonly database: DataSource,
    private readonly news: TaskNews,
    @Inject(WORK_QUEUE) private readonly queue: WorkQueue,
    @Inject(FOLLOW_UPS) private readonly followUps: FollowUps,
    @Inject(CONFIG) private readonly config: TasksConfig,
  ) {}

  async get(caller: Caller, id: string, client?: string | null): Promise<Task> {
    return view(await this.find(this.database.manager, caller, id), client);
  }

  /** Newest first; administrators may ask for those of everybody. */
  async list(caller: Caller, wish: InputOf<typeof listTasks>): Promise<{ items: Task[]; next: string | null }> {
    const { kind, status, project_id, dead, everyone, after, limit } = wish;
    if (everyone === true) requireAdmin(caller);
    const stored = status && STORED_STATES[status];
    const rows = await this.database.query<TaskRow[]>(
      `select * from tasks
       where ($1::uuid is null or user_id = $1) and ($2::text is null or kind = $2) and ($3::text is null or state = $3)
         and ($4::boolean is null or (attempts > 0) = $4) and ($5::uuid is null or project_id = $5)
         and ($6::boolean is not true or is_dead) and ($7::bigint is null or seq < $7)
       order by seq desc limit $8`,
      [
        everyone === true ? null : caller.user_id,
        kind ?? null,
        stored?.state ?? null,
        stored?.retried ?? null,
        project_id === undefined ? null : isUuid(project_id) ? project_id : NOBODY,
        dead ?? null,
        cursor(after),
        limit + 1,
      ],
    );
    const items = rows.slice(0, limit);
    return { items: items.map((row) => view(row)), next: rows.length > limit ? String(items.at(-1)!.seq) : null };
  }

  async cancel(caller: Caller, id: string): Promise<Task> {
    return this.database.transaction(async (manager) => {
      const task = await this.find(manager, caller, id, 'for update');
      if (isOver(task)) return view(task);
      await manager.query('update tasks set cancel_requested = true where id = $1', [task.id]);
      if (task.state === 'running') await manager.query(`select pg_notify('tasks_cancel', $1)`, [task.id]);
      else await settleCancelled(manager, task, this.settling());
      return view(await this.find(manager, caller, id));
    });
  }

  /** From the beginning, with all its attempts before it again. */
  async retry(caller: Caller, id: string): Promise<Task> {
    return this.database.transaction(async (manager) => {
      const task = await this.find(manager, caller, id, 'for update');
      if (task.state !== 'failed' && task.state !== 'cancelled')
        throw new AppError('invalid', 'Only failed or cancelled tasks can be retried');
      const { request_id, trace_parent } = currentOrigin();
      await manager.query(
        `with again as (
           update tasks set state = 'queued', attempt_epoch = attempt_epoch + 1, attempts = 0, deaths = 0, run_at = now(),
             cancel_requested = false, is_dead = false, error = null, result = null, progress = 0, note = null, news = 1,
             woken_at = null, started_at = null, finished_at = null, request_id = $2, trace_parent = $3
           where id = $1 returning id, attempt_epoch),
         waking as (insert into wakeups (task_id, epoch) select id, attempt_epoch from again returning 1)
         select pg_notify('tasks_wake', '') from waking`,
        [task.id, request_id, trace_parent],
      );
      const after = await this.find(manager, caller, id);
      await this.followUps[after.kind]?.(manager, after);
      await tellNews(manager, after);
      return view(after);
    });
  }

  /** Waits until there is something newer than the reader has seen; the last event is the end of the task. */
  async watch(caller: Caller, { task_id, after }: InputOf<typeof watchTask>): Promise<EventBatch> {
    const seen = told(after);
    const heard = this.news.next(task_id);
    let task = await this.find(this.database.manager, caller, task_id);
    if (seen && !isNewer(this.newest(task), seen) && !isOver(task)) {
      await heard;
      task = await this.find(this.database.manager, caller, task_id);
    }
    const now = this.newest(task);
    const id = eventId(now);
    if (seen && !isNewer(now, seen)) return { events: [], after, done: isOver(task) };
    return {
      events: [{ id, event: isOver(now) ? 'done' : 'progress', data: Task.parse(view(now)) }],
      after: id,
      done: isOver(now),
    };
  }

  async statistics(caller: Caller) {
    requireAdmin(caller);
    const kinds = await this.database.query(
      `select kind, count(*) filter (where state = 'queued')::int as queued,
         count(*) filter (where state = 'queued' and is_parked)::int as parked,
         count(*) filter (where state = 'running')::int as running, count(*) filter (where is_dead)::int as dead,
         coalesce(extract(epoch from now() - min(run_at) filter (where state = 'queued' and run_at <= now())), 0)::float as oldest_seconds
       from tasks where state in ('queued', 'running') or is_dead group by kind order by kind`,
    );
    return { kinds, queue: await this.queue.depth().catch(() => null) };
  }

  /** The row, or what was heard of the same attempt since it was written. */
  private newest(task: TaskRow): TaskRow {
    const news = this.news.of(task.id);
    const isSame = news && news.attempt_epoch === task.attempt_epoch && news.news > task.news && !isOver(news);
    return isSame ? { ...task, ...news } : task;
  }

  private async find(manager: EntityManager, caller: Caller, id: string, lock = ''): Promise<TaskRow> {
    const [task] = isUuid(id) ? await manager.query<TaskRow[]>(`select * from tasks where id = $1 ${lock}`, [id]) : [];
    if (task && (task.user_id === caller.user_id || caller.role === 'admin')) return task;
    throw new AppError('not_found', 'Task not found');
  }

  private settling() {
    return {
      userLimit: this.config.TASKS_PER_USER,
      followUps: this.followUps,
      now: new Date(),
      random: Math.random(),
    };
  }
}

const NOBODY = '00000000-0000-0000-0000-000000000000';

function requireAdmin({ role }: Caller): void {
  if (role !== 'admin') throw new AppError('unauthorized', 'Only administrators may see the tasks of everybody.');
}

function cursor(after: string | undefined): number | null {
  if (after === undefined) return null;
  if (/^\d{1,15}$/.test(after)) return Number(after);
  throw new AppError('invalid', 'after is not a cursor: give the `next` of the page before.');
}

/** The command line client waits for lower-case words, and knows an end by nothing else. */
function view(task: TaskRow, client?: string | null): Task {
  const state = publicState(task);
  const isCli = client?.startsWith('python-requests/') ?? false;
  const word = isCli && state === 'SUCCESS' ? 'succeeded' : isCli && state === 'FAILURE' ? 'failed' : state;
  return {
    ...task,
    task_id: task.id,
    status: word,
    result: task.state === 'failed' ? { status: 'failed', error: task.error } : task.result,
  };
}
