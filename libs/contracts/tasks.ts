import { z } from 'zod';
import { operation } from './contract.js';
import { Instant, InstantWithOffset, JsonObject, text } from './fields.js';

/** Everything the world may ask of generation, parsing and publishing, and what it may hear of them. */

/** What a piece of work has brought so far, whatever its shape; null until there is something. */
const Result = z.unknown().default(null);

// --- tasks ----------------------------------------------------------------------------------------------------------

export const TaskState = z
  .enum(['PENDING', 'STARTED', 'RETRY', 'SUCCESS', 'FAILURE', 'REVOKED'])
  .meta({ id: 'TaskState' });
export type TaskState = z.input<typeof TaskState>;

/** How a task stands; a failed one has an object with `error` as its result. */
export const Task = z.object({ task_id: z.string(), status: TaskState, result: Result }).meta({ id: 'Task' });
export type Task = z.input<typeof Task>;

export const TaskAccepted = z
  .object({ task_id: z.string(), status: z.literal('pending') })
  .meta({ id: 'TaskAccepted' });
export type TaskAccepted = z.input<typeof TaskAccepted>;

// --- logs -----------------------------------------------------------------------------------------------------------

export const LogEntry = z
  .object({
    ts: InstantWithOffset,
    level: z.enum(['info', 'error']),
    event: z.string(),
    message: z.string(),
    data: z.unknown().optional(),
  })
  .meta({ id: 'LogEntry' });
export type LogEntry = z.input<typeof LogEntry>;

/** A stretch of a log; `offset` and `limit` are those that were used, which may be less than those asked for. */
export const LogPage = z
  .object({
    items: z.array(LogEntry),
    total: z.number().int(),
    offset: z.number().int(),
    limit: z.number().int(),
  })
  .meta({ id: 'LogPage' });
export type LogPage = z.input<typeof LogPage>;

// --- storyboards and clips ------------------------------------------------------------------------------------------

export const StoryboardScene = z
  .object({
    scene_number: z.number().int().min(1),
    visual_description: z.string().trim().min(1),
    narration: z.string().trim().min(1),
  })
  .meta({ id: 'StoryboardScene' });
export type StoryboardScene = z.input<typeof StoryboardScene>;

export const Clip = z
  .object({
    id: z.string(),
    project_id: z.string(),
    branch_name: z.string().nullable(),
    title: z.string().nullable(),
    summary: z.string().nullable(),
    input_artifacts: JsonObject.nullable(),
    assets_ref: JsonObject.nullable(),
    task_id: z.string().nullable(),
    status: z.enum(['pending', 'succeeded', 'failed']),
    result: Result,
    error: z.string().nullable(),
    created_at: Instant,
  })
  .meta({ id: 'Clip' });
export type Clip = z.input<typeof Clip>;

// --- visual novels --------------------------------------------------------------------------------------------------

export const VNEngine = z.enum(['KIRIKIRI', 'RENPY']).meta({ id: 'VNEngine' });
export type VNEngine = z.input<typeof VNEngine>;

/** Where in the script it stands; lines count from 1. */
const OnLine = { line: z.number().int().min(1).optional() };
/** Of a place to go: the file, where it is another, and the condition, where there is one. */
const Elsewhere = { storage: z.string().optional(), condition: z.string().optional() };

/**
 * One thing that a script says, in the order of its lines. `label` and `character` are the bare names, given where `name`,
 * `target` or `speaker` has more: parameters, a caption, attributes.
 */
export const VNEvent = z
  .discriminatedUnion('type', [
    z.object({
      type: z.literal('LABEL'),
      name: z.string(),
      label: z.string().optional(),
      caption: z.string().optional(),
      ...OnLine,
    }),
    z.object({
      type: z.literal('SAY'),
      speaker: z.string(),
      text: z.string(),
      character: z.string().optional(),
      attributes: z.array(z.string()).optional(),
      ...OnLine,
    }),
    z.object({ type: z.literal('NARRATION'), text: z.string(), ...OnLine }),
    z.object({ type: z.literal('TEXT'), text: z.string(), ...OnLine }),
    z.object({
      type: z.literal('CHOICE'),
      choices: z.array(z.object({ text: z.string(), target: z.string().optional(), ...Elsewhere, ...OnLine })),
      ...OnLine,
    }),
    z.object({ type: z.literal('JUMP'), target: z.string(), label: z.string().optional(), ...Elsewhere, ...OnLine }),
  ])
  .meta({ id: 'VNEvent' });
export type VNEvent = z.input<typeof VNEvent>;

/** Something in a script that could not be understood, and where. */
export const VNProblem = z.object({ line: z.number().int().min(1), message: z.string() }).meta({ id: 'VNProblem' });

export const VNParsePreview = z
  .object({ engine: VNEngine, events: z.array(VNEvent), problems: z.array(VNProblem) })
  .meta({ id: 'VNParsePreview' });

/** Reads a script at once and keeps nothing; what is broken in it is told, and never stops the rest. */
export const parsePreview = operation(
  'tasks.parsePreview',
  z.object({ engine: VNEngine, script_text: text({ max: 10_000_000 }) }),
  VNParsePreview,
  { timeoutMs: 30_000 },
);

export const VNParseJob = z
  .object({
    id: z.string(),
    project_id: z.string(),
    branch_name: z.string().nullable(),
    engine: VNEngine,
    status: z.enum(['pending', 'started', 'succeeded', 'failed']),
    task_id: z.string().nullable(),
    attempts: z.number().int(),
    result: Result,
    logs: z.array(LogEntry).nullable(),
    error: z.string().nullable(),
  })
  .meta({ id: 'VNParseJob' });
export type VNParseJob = z.input<typeof VNParseJob>;

// --- publishing -----------------------------------------------------------------------------------------------------

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
    result: Result,
    logs: z.array(LogEntry).nullable(),
    error: z.string().nullable(),
  })
  .meta({ id: 'PubJob' });
export type PubJob = z.input<typeof PubJob>;
