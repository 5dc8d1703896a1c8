import { z } from 'zod';
import { operation } from './contract.js';
import { Flag, Id, Instant, InstantInput, list, text, whole } from './fields.js';
import { LogEntry, LogPage, LogWindow } from './tasks-log.js';
import { IdempotencyKey } from './tasks.js';

/** Everything the world may ask about publishing. */

export const Platform = z.enum(['bilibili', 'douyin', 'site', 'webhook']).meta({ id: 'Platform' });
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
    status: z.enum(['pending', 'started', 'retrying', 'succeeded', 'failed', 'cancelled', 'unknown']),
    result: z.unknown().default(null),
    logs: z.array(LogEntry).nullable(),
    error: z.string().nullable(),
  })
  .meta({ id: 'PubJob' });
export type PubJob = z.input<typeof PubJob>;

const OnAccount = { account_id: Id };
const OnJob = { job_id: Id };

/**
 * What is needed to publish, sealed at rest. `credential_json` is what the platform wants: cookies for bilibili and
 * douyin, `{"url", "secret"}` for a webhook, `{}` for the platform's own site.
 */
export const createPubAccount = operation(
  'tasks.createPubAccount',
  z.object({ platform: Platform, label: text({ max: 200 }).nullish(), credential_json: text({ max: 100_000 }) }),
  PubAccount,
);
export const listPubAccounts = operation('tasks.listPubAccounts', z.object({}), z.array(PubAccount));
export const validatePubAccount = operation('tasks.validatePubAccount', z.object(OnAccount), PubAccount);
export const disablePubAccount = operation('tasks.disablePubAccount', z.object(OnAccount), PubAccount);
export const enablePubAccount = operation('tasks.enablePubAccount', z.object(OnAccount), PubAccount);
export const deletePubAccount = operation('tasks.deletePubAccount', z.object(OnAccount), z.object({ ok: z.boolean() }));

/**
 * Publishes a film: that of `video_url`, or the one rendered of a branch's head. It happens at its hour, and once: where
 * the outcome of a call is not known the job waits as `unknown` until that is settled, and is never called again blindly.
 */
export const createPubJob = operation(
  'tasks.createPubJob',
  z.object({
    ...OnAccount,
    project_id: Id.nullish(),
    branch_name: text({ max: 250 }).nullish().default('main'),
    video_url: text({ max: 4000 }).nullish(),
    title: text({ max: 500 }).nullish(),
    description: text({ max: 20_000 }).nullish(),
    tags: list(text({ max: 100 }), 50).nullish(),
    bilibili_tid: whole({ min: 0, max: 1_000_000 }).nullish(),
    cover_url: text({ max: 4000 }).nullish(),
    scheduled_publish_at: InstantInput.nullish(),
    multi_part: Flag.nullish().default(false),
    idempotency_key: IdempotencyKey,
  }),
  PubJob,
  { timeoutMs: 20_000 },
);
export const listPubJobs = operation(
  'tasks.listPubJobs',
  z.object({
    project_id: Id.optional(),
    status: PubJob.shape.status.optional(),
    after: text({ max: 40 }).optional(),
    limit: whole({ min: 1, max: 200, clamp: true }).default(50),
  }),
  z.object({ items: z.array(PubJob), next: z.string().nullable() }).meta({ id: 'PubJobList' }),
);
export const getPubJob = operation('tasks.getPubJob', z.object(OnJob), PubJob);
export const pubJobLogs = operation('tasks.pubJobLogs', z.object({ ...OnJob, ...LogWindow }), LogPage);
export const retryPubJob = operation('tasks.retryPubJob', z.object(OnJob), PubJob);
export const cancelPubJob = operation('tasks.cancelPubJob', z.object(OnJob), PubJob);
/** Says what became of a call whose outcome is unknown, after a look at the platform. */
export const settlePubJob = operation(
  'tasks.settlePubJob',
  z.object({ ...OnJob, outcome: z.enum(['published', 'not_published']) }),
  PubJob,
);
