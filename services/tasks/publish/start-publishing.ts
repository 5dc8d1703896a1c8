import type { EntityManager } from 'typeorm';
import type { Platform } from '#libs/contracts/tasks-publish';
import { enqueue } from '../engine/enqueue.js';
import type { TaskRow } from '../engine/task-row.js';
import { openCall } from './calls.js';
import { logJob } from '../jobs/job-log.js';
import { isIdempotent } from './publisher.js';

/** Queues the publishing of a job for its hour; its film is there. */
export async function startPublishing(manager: EntityManager, job_id: string): Promise<void> {
  const [job] = await manager.query<
    { user_id: string; project_id: string | null; scheduled_publish_at: Date | null }[]
  >('select user_id, project_id, scheduled_publish_at from pub_jobs where id = $1', [job_id]);
  const { user_id, project_id, scheduled_publish_at: run_at } = job!;
  const task_id = await enqueue(manager, { kind: 'publish', user_id, project_id, input: { job_id }, run_at });
  await manager.query('update pub_jobs set task_id = $2 where id = $1', [job_id, task_id]);
}

/** What becomes of the jobs that wait for a render when it is over. */
export async function jobsFollowRender(manager: EntityManager, task: TaskRow): Promise<void> {
  const waiting = await manager.query<{ id: string; url: string | null }[]>(
    `select j.id, r.url from pub_jobs j join renders r on r.id = j.render_id
     where r.task_id = $1 and j.task_id is null and j.status = 'pending' order by j.seq`,
    [task.id],
  );
  for (const { id, url } of waiting) {
    if (task.state === 'succeeded') {
      await manager.query('update pub_jobs set video_url = $2 where id = $1', [id, url]);
      await logJob(manager, 'pub_jobs', id, {
        event: 'export_done',
        message: 'The film is rendered.',
        data: { parts: 1 },
      });
      await startPublishing(manager, id);
    } else if (task.state !== 'queued') {
      const error = `The film could not be rendered: ${task.error ?? 'the render was cancelled'}`;
      await manager.query(`update pub_jobs set status = 'failed', error = $2 where id = $1`, [id, error]);
      await logJob(manager, 'pub_jobs', id, { level: 'error', event: 'exception', message: error, data: { error } });
    }
  }
}

/** What a job says once its task is over, or is to be tried again. A call nobody settled leaves the outcome open. */
export async function publishFollows(manager: EntityManager, task: TaskRow): Promise<void> {
  const [job] = await manager.query<{ id: string; platform: Platform }[]>(
    'select id, platform from pub_jobs where task_id = $1',
    [task.id],
  );
  if (!job) return;
  const isOpen = !isIdempotent(job.platform) && (await openCall(manager, job.id))?.state === 'reserved';
  const over = { succeeded: 'succeeded', failed: 'failed', cancelled: 'cancelled' } as const;
  const status =
    task.state === 'queued'
      ? task.attempts > 0
        ? 'retrying'
        : 'pending'
      : task.state === 'running'
        ? 'started'
        : isOpen
          ? 'unknown'
          : over[task.state];
  const error = task.state === 'cancelled' && !isOpen ? 'The job was cancelled.' : task.error;
  await manager.query('update pub_jobs set status = $2, error = $3, result = $4 where id = $1', [
    job.id,
    status,
    status === 'succeeded' || status === 'pending' ? null : error,
    task.state === 'succeeded' ? JSON.stringify(task.result) : null,
  ]);
  if (status === 'retrying')
    await logJob(manager, 'pub_jobs', job.id, {
      event: 'auto_retry_scheduled',
      message: `It is tried again: ${task.error ?? 'the worker had to stop'}`,
      data: { next_run_at: task.run_at },
    });
}
