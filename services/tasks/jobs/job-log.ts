import type { EntityManager } from 'typeorm';
import type { LogEntry, LogPage } from '#libs/contracts/tasks-log';

const MOST = 200;

export interface Said {
  event: string;
  message: string;
  level?: LogEntry['level'];
  data?: Record<string, unknown>;
}

/** Adds a line to the log of a job; the last 200 are kept. */
export async function logJob(
  manager: Pick<EntityManager, 'query'>,
  table: 'pub_jobs' | 'vn_jobs',
  job_id: string,
  { event, message, level = 'info', data }: Said,
): Promise<void> {
  const entry: LogEntry = { ts: new Date().toISOString(), level, event, message, ...(data && { data }) };
  await manager.query(
    `update ${table} set logs = (case when jsonb_array_length(logs) >= ${MOST} then logs - 0 else logs end) || $2::jsonb
     where id = $1`,
    [job_id, JSON.stringify([entry])],
  );
}

/** A stretch of a log; offset and limit are cut to what makes sense, and told as they were used. */
export function logPage(logs: LogEntry[] | null, window: { offset: number; limit: number }): LogPage {
  const offset = Math.max(0, window.offset);
  const limit = Math.min(500, Math.max(1, window.limit));
  const all = logs ?? [];
  return { items: all.slice(offset, offset + limit), total: all.length, offset, limit };
}
