import { z } from 'zod';
import { Instant } from './fields.js';
import { LogEntry } from './tasks-log.js';

/** Everything the world may ask about publishing. */

export const Platform = z.enum(['bilibili', 'douyin']).meta({ id: 'Platform' });
export type Platform = z.input<typeof Platform>;

/** An account on a platform; its credentials never leave. */
export const PubAccount = z
  .object({
    id: z.string(),
    platform: Platform,
    label: z.string().nullable(),
    status: z.enum(['active', 'expired', 'disabled']),
    last_checked_at: Instant.nullable(),
    last_error: z.string().nullable(),
  })
  .meta({ id: 'PubAccount' });
export type PubAccount = z.input<typeof PubAccount>;

export const PubJob = z
  .object({
    id: z.string(),
    platform: Platform,
    account_id: z.string(),
    project_id: z.string().nullable(),
    branch_name: z.string().nullable(),
    video_url: z.string(),
    title: z.string().nullable(),
    description: z.string().nullable(),
    tags: z.array(z.string()).nullable(),
    bilibili_tid: z.number().int().nullable(),
    cover_url: z.string().nullable(),
    scheduled_publish_at: Instant.nullable(),
    multi_part: z.boolean(),
    input_artifacts: z.unknown().default(null),
    attempts: z.number().int(),
    task_id: z.string().nullable(),
    status: z.enum(['pending', 'started', 'retrying', 'succeeded', 'failed']),
    result: z.unknown().default(null),
    logs: z.array(LogEntry).nullable(),
    error: z.string().nullable(),
  })
  .meta({ id: 'PubJob' });
export type PubJob = z.input<typeof PubJob>;
