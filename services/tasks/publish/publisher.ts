import type { Platform } from '#libs/contracts/tasks-publish';
import type { TaskRun } from '../engine/task-handler.js';

/** A publish job as its row tells it. */
export interface PubJobRow {
  id: string;
  user_id: string;
  account_id: string;
  platform: Platform;
  project_id: string | null;
  branch_name: string | null;
  commit_id: string | null;
  render_id: string | null;
  video_url: string;
  title: string | null;
  description: string | null;
  tags: string[] | null;
  bilibili_tid: number | null;
  cover_url: string | null;
  multi_part: boolean;
  input_artifacts: unknown;
  attempts: number;
  task_id: string | null;
  status: string;
  scheduled_publish_at: Date | null;
}

/** All that one call needs. `call_id` is the same however often the same call is made. */
export interface Publication {
  readonly job: PubJobRow;
  readonly credential: unknown;
  readonly call_id: string;
  readonly run: TaskRun;
}

/**
 * Someone who can publish. `prepare` may be done as often as needed; `publish` is the one step that the world sees. What
 * it throws as `invalid` was surely not published; anything else leaves that open.
 */
export interface Publisher<Prepared = unknown> {
  readonly platform: Platform;
  prepare(publication: Omit<Publication, 'call_id'>): Promise<Prepared>;
  publish(publication: Publication, prepared: Prepared): Promise<Record<string, unknown>>;
}

/** There the same call made twice has the effect of one, so a call whose outcome is not known is simply made again. */
export const isIdempotent = (platform: Platform): boolean => platform === 'site' || platform === 'webhook';
