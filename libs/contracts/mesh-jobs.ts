import { z } from 'zod';
import { operation } from './contract.js';
import { Instant, InstantInput, JsonObject, list, text, whole } from './fields.js';
import { JobId, SiteName } from './mesh.js';

/** Jobs as administrators see and make them. */

export const JOB_KINDS = ['full', 'incremental', 'hr', 'inbox', 'rss', 'detail'] as const;
export const JOB_STATES = ['pending', 'leased', 'done', 'dead', 'cancelled'] as const;

const PAYLOAD_MAX = 16_384;
/** U+0000, or half a surrogate pair, as JSON text shows it. */
const UNSTORABLE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/;

/** What a job tells its worker, small enough to keep. */
export const Payload = JsonObject.refine((value) => JSON.stringify(value).length <= PAYLOAD_MAX, {
  error: `Object should have at most ${PAYLOAD_MAX} characters as JSON text`,
  params: { reason: 'value_error' },
  abort: true,
}).refine((value) => !UNSTORABLE.test(JSON.stringify(value)), {
  error: 'Text may contain neither the character U+0000 nor half a surrogate pair',
  params: { reason: 'value_error' },
});

const Page = whole({ min: 0, max: 1_000_000 });
const Partition = z
  .object({ page_from: Page, page_to: Page })
  .refine(({ page_from, page_to }) => page_from <= page_to, {
    error: 'page_from should not be after page_to',
    params: { reason: 'value_error' },
  });

export const JobDraft = z
  .object({
    site_id: SiteName,
    kind: z.enum(JOB_KINDS).default('full'),
    payload: Payload.default({}),
    priority: whole({ min: -100, max: 100 }).default(0),
    not_before: InstantInput.nullish().default(null),
    deadline: InstantInput.nullish().default(null),
    dedup_key: text({ min: 1, max: 200 }).nullish().default(null),
    max_attempts: whole({ min: 1, max: 100 }).default(5),
    partition: Partition.nullish().default(null),
  })
  .meta({ id: 'JobDraft' });
export type JobDraft = z.output<typeof JobDraft>;

export const Job = z
  .object({
    id: z.number().int(),
    site_id: z.string(),
    kind: z.string(),
    state: z.enum(JOB_STATES),
    priority: z.number().int(),
    not_before: Instant,
    deadline: Instant.nullable(),
    dedup_key: z.string().nullable(),
    attempts: z.number().int(),
    max_attempts: z.number().int(),
    every_s: z.number().int().nullable(),
    plan_id: z.number().int().nullable(),
    payload: JsonObject,
    outcome: z.string().nullable(),
    last_error: z.string().nullable(),
    leased_by: z.string().nullable(),
    created_at: Instant,
    finished_at: Instant.nullable(),
  })
  .meta({ id: 'MeshJob' });
export type Job = z.input<typeof Job>;

const Attempt = z.object({
  epoch: z.number().int(),
  node_id: z.string().nullable(),
  outcome: z.string(),
  error: z.string().nullable(),
  leased_at: Instant.nullable(),
  ended_at: Instant,
});

const IdempotencyKey = text({ min: 1, max: 200 }).nullish().default(null);

/** Creates jobs, all of them or none; one whose dedup key waits already is that one. A known Idempotency-Key gives the first answer. */
export const createJobs = operation(
  'mesh.createJobs',
  z.object({ idempotency_key: IdempotencyKey, jobs: z.union([JobDraft, list(JobDraft, 1000)]) }),
  z.object({ jobs: z.array(z.object({ id: z.number().int(), site_id: z.string(), created: z.boolean() })) }),
);

export const listJobs = operation(
  'mesh.listJobs',
  z.object({
    site_id: SiteName.nullish().default(null),
    state: z.enum(JOB_STATES).nullish().default(null),
    after: JobId.nullish().default(null),
    limit: whole({ min: 1, max: 500, clamp: true }).default(100),
  }),
  z.object({ items: z.array(Job), next: z.number().int().nullable() }),
);

export const getJob = operation(
  'mesh.getJob',
  z.object({ job_id: JobId }),
  Job.extend({ history: z.array(Attempt) }).meta({ id: 'MeshJobWithHistory' }),
);
export const cancelJob = operation('mesh.cancelJob', z.object({ job_id: JobId }), Job);

export const listDeadLetters = operation(
  'mesh.listDeadLetters',
  z.object({ after: JobId.nullish().default(null), limit: whole({ min: 1, max: 500, clamp: true }).default(100) }),
  z.object({ items: z.array(Job.extend({ history: z.array(Attempt) })), next: z.number().int().nullable() }),
);
export const requeueJob = operation('mesh.requeueJob', z.object({ job_id: JobId }), Job);
export const discardJob = operation('mesh.discardJob', z.object({ job_id: JobId }), Job);

const Slice = z.object({ from: z.number().int(), to: z.number().int() });

/** A crawl split into slices: pages, or seconds since 1970, both ends included. */
export const createPlan = operation(
  'mesh.createPlan',
  z.object({
    idempotency_key: IdempotencyKey,
    site_id: SiteName,
    kind: z.enum(JOB_KINDS).default('full'),
    by: z.enum(['pages', 'time']),
    from: whole({ min: 0, max: 100_000_000_000 }),
    to: whole({ min: 0, max: 100_000_000_000 }),
    size: whole({ min: 1, max: 100_000_000_000 }),
    payload: Payload.default({}),
    priority: whole({ min: -100, max: 100 }).default(0),
    max_attempts: whole({ min: 1, max: 100 }).default(5),
  }),
  z.object({ id: z.number().int(), parts: z.number().int() }),
);

export const getPlan = operation(
  'mesh.getPlan',
  z.object({ plan_id: JobId }),
  z
    .object({
      id: z.number().int(),
      site_id: z.string(),
      kind: z.string(),
      by: z.string(),
      from: z.number().int(),
      to: z.number().int(),
      parts: z.object({
        total: z.number().int(),
        done: z.number().int(),
        pending: z.number().int(),
        dead: z.number().int(),
        cancelled: z.number().int(),
      }),
      coverage: z.number(),
      covered: z.array(Slice),
      missing: z.array(Slice),
      complete: z.boolean(),
      created_at: Instant,
    })
    .meta({ id: 'MeshPlan' }),
);
