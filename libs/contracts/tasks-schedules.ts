import { z } from 'zod';
import { operation } from './contract.js';
import { Id, Instant, text } from './fields.js';
import { generateClip } from './tasks-generation.js';
import { createPubJob } from './tasks-publish.js';
import { createRender } from './tasks-render.js';
import { createParseJob } from './tasks-vn.js';
import { IdempotencyKey } from './tasks.js';

/** Everything the world may ask about work that comes again and again. */

/** What is asked for at each due time, in the words of the operation that asks for it once. */
export const ScheduledWork = z
  .discriminatedUnion('kind', [
    createRender.input.extend({ kind: z.literal('render') }),
    generateClip.input.omit({ idempotency_key: true }).extend({ kind: z.literal('generate.clip') }),
    createPubJob.input
      .omit({ idempotency_key: true, scheduled_publish_at: true })
      .extend({ kind: z.literal('publish') }),
    createParseJob.input.omit({ idempotency_key: true, script_text: true }).extend({ kind: z.literal('vn.parse') }),
  ])
  .meta({ id: 'ScheduledWork' });
export type ScheduledWork = z.output<typeof ScheduledWork>;

/** Due times that were missed are not made up for; `next_at` is null while it is paused. */
export const Schedule = z
  .object({
    id: z.string(),
    name: z.string().nullable(),
    cron: z.string(),
    time_zone: z.string(),
    work: ScheduledWork,
    project_id: z.string().nullable(),
    is_paused: z.boolean(),
    next_at: Instant.nullable(),
    last_due_at: Instant.nullable(),
    last_task_id: z.string().nullable(),
    /** Why nothing was begun at the last due time. */
    last_error: z.string().nullable(),
    created_at: Instant,
  })
  .meta({ id: 'Schedule' });
export type Schedule = z.input<typeof Schedule>;

const OnSchedule = { schedule_id: Id };

/** `cron` has five fields, minute to weekday, and is read on the clocks of `time_zone`, an IANA name. */
export const createSchedule = operation(
  'tasks.createSchedule',
  z.object({
    name: text({ max: 200 }).nullish(),
    cron: text({ min: 1, max: 200 }),
    time_zone: text({ min: 1, max: 100 }).default('UTC'),
    work: ScheduledWork,
    idempotency_key: IdempotencyKey,
  }),
  Schedule,
);
export const listSchedules = operation('tasks.listSchedules', z.object({}), z.array(Schedule));
/** Nothing more is begun; what runs goes on. */
export const pauseSchedule = operation('tasks.pauseSchedule', z.object(OnSchedule), Schedule);
/** Goes on with the next due time from now. */
export const resumeSchedule = operation('tasks.resumeSchedule', z.object(OnSchedule), Schedule);
export const deleteSchedule = operation('tasks.deleteSchedule', z.object(OnSchedule), z.object({ ok: z.boolean() }));
