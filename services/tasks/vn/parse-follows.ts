import type { EntityManager } from 'typeorm';
import type { TaskRow } from '../engine/task-row.js';

/** What a parse job says once its task is over, or begins anew. */
export async function parseFollows(manager: EntityManager, task: TaskRow): Promise<void> {
  const status = task.state === 'succeeded' ? 'succeeded' : task.state === 'queued' ? 'pending' : 'failed';
  const error = task.state === 'cancelled' ? 'The job was cancelled.' : task.error;
  await manager.query(
    `update vn_jobs set status = $2, error = $3,
       result = case when $2 = 'failed' then jsonb_build_object('status', 'failed', 'error', $3::text) else result end
     where task_id = $1`,
    [task.id, status, status === 'failed' ? error : null],
  );
}
