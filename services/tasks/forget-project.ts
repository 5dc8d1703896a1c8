import type { EntityManager } from 'typeorm';

/** Removes what is kept of a project that is gone, and calls off what is still to be done for it; safe to repeat. */
export async function forgetProject(manager: EntityManager, project_id: string): Promise<void> {
  await manager.query(
    `with stopped as (
       update tasks set cancel_requested = true where project_id = $1 and state in ('queued', 'running') returning id)
     select pg_notify('tasks_cancel', id::text) from stopped`,
    [project_id],
  );
  await manager.query(
    `update tasks set state = 'cancelled', is_parked = false, finished_at = now(), news = news + 1
     where project_id = $1 and state = 'queued'`,
    [project_id],
  );
  for (const table of ['clips', 'vn_jobs', 'pub_jobs', 'renders', 'schedules'])
    await manager.query(`delete from ${table} where project_id = $1`, [project_id]);
}
