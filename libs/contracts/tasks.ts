import { z } from 'zod';
import { operation } from './contract.js';
import { EventBatch } from './event-batch.js';
import { Flag, Id, Instant, text, whole } from './fields.js';

/** Everything the world may ask of tasks, whatever they do. */

export const TaskState = z
  .enum(['PENDING', 'STARTED', 'RETRY', 'SUCCESS', 'FAILURE', 'REVOKED'])
  .meta({ id: 'TaskState' });
export type TaskState = z.input<typeof TaskState>;

/**
 * How a task stands; a failed one has an object with `error` as its result. The command line client is told of an end in
 * words of its own.
 */
export const Task = z
  .object({
    task_id: z.string(),
    status: z.enum([...TaskState.options, 'succeeded', 'failed']),
    result: z.unknown().default(null),
    kind: z.string().optional(),
    project_id: z.string().nullable().optional(),
    /** From 0 to 1, within the present attempt. */
    progress: z.number().optional(),
    note: z.string().nullable().optional(),
    attempts: z.number().int().optional(),
    /** Why it failed, or why it is tried again. */
    error: z.string().nullable().optional(),
    /** It was given up after all its attempts; `retry` begins anew. */
    is_dead: z.boolean().optional(),
    /** It waits because its owner, or its kind, has enough running. */
    is_parked: z.boolean().optional(),
    cancel_requested: z.boolean().optional(),
    priority: z.number().int().optional(),
    run_at: Instant.optional(),
    created_at: Instant.optional(),
    started_at: Instant.nullable().optional(),
    finished_at: Instant.nullable().optional(),
  })
  .meta({ id: 'Task' });
export type Task = z.input<typeof Task>;

export const TaskAccepted = z
  .object({ task_id: z.string(), status: z.literal('pending') })
  .meta({ id: 'TaskAccepted' });
export type TaskAccepted = z.input<typeof TaskAccepted>;

const OnTask = { task_id: Id };

/** From the header that makes asking again the same as having asked once. */
export const IdempotencyKey = text({ max: 255 }).nullish();

/** `client` is what asks, as its User-Agent says. */
export const getTask = operation('tasks.get', z.object({ ...OnTask, client: text({ max: 1000 }).nullish() }), Task);
export const listTasks = operation(
  'tasks.list',
  z.object({
    kind: text({ max: 100 }).optional(),
    status: TaskState.optional(),
    project_id: Id.optional(),
    /** Only those that were given up. */
    dead: Flag.optional(),
    /** Those of everybody, for administrators. */
    everyone: Flag.optional(),
    after: text({ max: 40 }).optional(),
    limit: whole({ min: 1, max: 500, clamp: true }).default(50),
  }),
  z.object({ items: z.array(Task), next: z.string().nullable() }).meta({ id: 'TaskList' }),
);
/** Stops it wherever it is; a task that is over stays as it is. */
export const cancelTask = operation('tasks.cancel', z.object(OnTask), Task);
/** Begins a failed or cancelled task anew. */
export const retryTask = operation('tasks.retry', z.object(OnTask), Task);
/** What becomes of a task, until it is over. */
export const watchTask = operation(
  'tasks.watch',
  z.object({ ...OnTask, after: text({ max: 40 }).nullish().default(null) }),
  EventBatch,
  { timeoutMs: 40_000 },
);

export const TaskStatistics = z
  .object({
    kinds: z.array(
      z.object({
        kind: z.string(),
        queued: z.number().int(),
        parked: z.number().int(),
        running: z.number().int(),
        dead: z.number().int(),
        /** For how long the oldest of those that could run has been waiting. */
        oldest_seconds: z.number(),
      }),
    ),
    queue: z
      .object({
        waiting: z.number().int(),
        delayed: z.number().int(),
        running: z.number().int(),
        oldest_seconds: z.number(),
      })
      .nullable(),
  })
  .meta({ id: 'TaskStatistics' });
/** How much waits and runs, by kind: what autoscaling goes by. For administrators. */
export const taskStatistics = operation('tasks.statistics', z.object({}), TaskStatistics);
