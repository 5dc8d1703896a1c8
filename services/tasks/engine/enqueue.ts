import type { EntityManager } from 'typeorm';
import { AppError } from '#libs/errors/app-error';
import { currentOrigin } from '#libs/observability/origin';
import { KINDS, type KindName } from './kinds.js';

/** A task to be: `run_at` is now unless told otherwise, `priority` that of the kind. */
export interface TaskDraft {
  kind: KindName;
  user_id: string;
  project_id?: string | null;
  input: Record<string, unknown>;
  run_at?: Date | null;
  priority?: number;
}

const MOST_QUEUED = 5000;

/** Writes a task and its wake-up into the transaction of whatever asks for it, and gives its id. */
export async function enqueue(manager: EntityManager, draft: TaskDraft): Promise<string> {
  const { request_id, trace_parent } = currentOrigin();
  const rows = await manager.query<{ id: string }[]>(
    `with task as (
       insert into tasks (kind, user_id, project_id, input, run_at, priority, request_id, trace_parent)
       select $1, $2, $3, $4, coalesce($5::timestamptz, now()), $6, $8, $9
       where (select count(*) from (select 1 from tasks where user_id = $2 and state = 'queued' limit $7) queued) < $7
       returning id),
     waking as (insert into wakeups (task_id, epoch) select id, 1 from task returning task_id)
     select task_id as id, pg_notify('tasks_wake', '') from waking`,
    [
      draft.kind,
      draft.user_id,
      draft.project_id ?? null,
      JSON.stringify(draft.input),
      draft.run_at ?? null,
      draft.priority ?? KINDS[draft.kind].priority,
      MOST_QUEUED,
      request_id,
      trace_parent,
    ],
  );
  if (rows[0]) return rows[0].id;
  throw new AppError(
    'unavailable',
    `You have ${MOST_QUEUED} tasks waiting. Wait until some are done, or cancel some.`,
    {
      reason: 'too_many_requests',
      retry_after_s: 30,
    },
  );
}
