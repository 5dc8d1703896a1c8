import type { EntityManager } from 'typeorm';
import { AppError } from '#libs/errors/app-error';
import { pauseAfter } from '#libs/queue/backoff';
import { factsOf, KIND_LIMITS, MOST_DEATHS } from './kinds.js';
import type { TaskRow } from './task-row.js';

/** What else has to change in the same transaction when a task of some kind changes its state. */
export type FollowUps = Readonly<Record<string, (manager: EntityManager, task: TaskRow) => Promise<void>>>;
export const FOLLOW_UPS = Symbol('FOLLOW_UPS');

/** How an attempt ended. `handedBack`: the process has to go, the task did nothing wrong. */
export type Outcome =
  | { kind: 'succeeded'; result: unknown }
  | { kind: 'failed'; error: AppError }
  | { kind: 'cancelled' }
  | { kind: 'handedBack' };

/** Which attempt it was, by whom, the last news that was told of it, and how far it was said to be. */
export interface Attempt {
  id: string;
  epoch: number;
  worker_id: string;
  news: number;
  progress: number;
}

export interface Settling {
  userLimit: number;
  followUps: FollowUps;
  now: Date;
  random: number;
}

/**
 * Ends an attempt by compare-and-set: nothing happens, and false comes back, when the attempt is no longer the task's
 * current one. A failure that is `unavailable` is tried again after a pause, so often as its kind allows.
 */
export async function settleAttempt(
  manager: EntityManager,
  attempt: Attempt,
  outcome: Outcome,
  settling: Settling,
): Promise<boolean> {
  const [task] = await manager.query<TaskRow[]>(
    `select * from tasks where id = $1 and attempt_epoch = $2 and state = 'running' and worker_id = $3 for no key update`,
    [attempt.id, attempt.epoch, attempt.worker_id],
  );
  if (!task) return false;
  const told = { news: Math.max(task.news, attempt.news), progress: Math.max(task.progress, attempt.progress) };
  await conclude(manager, { ...task, ...told }, outcome, settling);
  return true;
}

/** Takes a task from a worker that fell silent: it runs again, or is given up after too many such deaths. */
export async function settleDeath(manager: EntityManager, task: TaskRow, settling: Settling): Promise<void> {
  const died = { ...task, deaths: task.deaths + 1 };
  await manager.query('update tasks set deaths = deaths + 1 where id = $1', [task.id]);
  const outcome: Outcome = task.cancel_requested
    ? { kind: 'cancelled' }
    : died.deaths >= MOST_DEATHS
      ? {
          kind: 'failed',
          error: new AppError('internal', `${MOST_DEATHS} workers died with this task in hand. Ask an operator why.`),
        }
      : { kind: 'handedBack' };
  await conclude(manager, died, outcome, settling);
}

/** Cancels a task that no worker has; its row must be locked. */
export function settleCancelled(manager: EntityManager, task: TaskRow, settling: Settling): Promise<void> {
  return conclude(manager, task, { kind: 'cancelled' }, settling);
}

async function conclude(manager: EntityManager, task: TaskRow, outcome: Outcome, settling: Settling): Promise<void> {
  const wasRunning = task.state === 'running';
  if (wasRunning) await lockPlaces(manager, task);
  const after = mayTryAgain(task, outcome)
    ? await requeue(manager, task, outcome, settling)
    : await finish(manager, task, outcome);
  await settling.followUps[task.kind]?.(manager, after);
  await tellNews(manager, after);
  if (wasRunning)
    await manager.query('select unpark_tasks($1, $2, $3, $4, 2)', [
      task.user_id,
      task.kind,
      settling.userLimit,
      KIND_LIMITS,
    ]);
}

/** The same locks in the same order as `claim_tasks`: who is being parked right now is seen, or waits. */
async function lockPlaces(manager: EntityManager, { user_id, kind }: TaskRow): Promise<void> {
  await manager.query('select lock_places(array[$1::uuid], array[$2::text], $3)', [user_id, kind, KIND_LIMITS]);
}

function mayTryAgain(task: TaskRow, outcome: Outcome): boolean {
  if (outcome.kind === 'handedBack') return !task.cancel_requested;
  if (outcome.kind !== 'failed' || outcome.error.code !== 'unavailable' || task.cancel_requested) return false;
  return task.attempts - task.deaths < factsOf(task.kind).attempts;
}

async function requeue(
  manager: EntityManager,
  task: TaskRow,
  outcome: Outcome,
  { now, random }: Settling,
): Promise<TaskRow> {
  const { backoffMs } = factsOf(task.kind);
  const failed = outcome.kind === 'failed';
  const pause = failed ? pauseAfter(Math.max(task.attempts - task.deaths, 1), backoffMs, random) : 0;
  const [after] = await manager.query<TaskRow[]>(
    `with again as (
       update tasks set state = 'queued', attempt_epoch = attempt_epoch + 1, worker_id = null, heartbeat_at = null,
         woken_at = null, run_at = $2, progress = 0, note = null, news = 1, error = $3
       where id = $1 returning *),
     waking as (insert into wakeups (task_id, epoch) select id, attempt_epoch from again)
     select again.*, pg_notify('tasks_wake', '') from again`,
    [task.id, new Date(now.getTime() + pause), failed ? outcome.error.message : task.error],
  );
  return after!;
}

async function finish(manager: EntityManager, task: TaskRow, outcome: Outcome): Promise<TaskRow> {
  const error = outcome.kind === 'failed' ? outcome.error : undefined;
  const [[after]] = await manager.query<[TaskRow[], number]>(
    `update tasks set state = $2, result = $3, error = $4, is_dead = $5, news = $6, worker_id = null,
       heartbeat_at = null, is_parked = false, finished_at = now(),
       progress = case when $2 = 'succeeded' then 1 else $7::double precision end
     where id = $1 returning *`,
    [
      task.id,
      outcome.kind === 'handedBack' ? 'cancelled' : outcome.kind,
      outcome.kind === 'succeeded' ? JSON.stringify(outcome.result ?? null) : null,
      error?.message ?? null,
      error !== undefined && (error.code === 'unavailable' || error.code === 'internal'),
      task.news + 1,
      task.progress,
    ],
  );
  return after!;
}

/** Tells whoever watches, after the commit. */
export async function tellNews(manager: EntityManager, task: TaskRow): Promise<void> {
  await manager.query(`select pg_notify('tasks_news', $1)`, [newsOf(task)]);
}

/** What is told of a task as it goes on; small, for PostgreSQL carries 8000 bytes at most. */
export function newsOf({ id, attempt_epoch, news, state, progress, note, attempts }: TaskNews): string {
  return JSON.stringify({ id, attempt_epoch, news, state, progress, note: note?.slice(0, 500) ?? null, attempts });
}

export type TaskNews = Pick<TaskRow, 'id' | 'attempt_epoch' | 'news' | 'state' | 'progress' | 'note' | 'attempts'>;
