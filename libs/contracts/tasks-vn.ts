import { z } from 'zod';
import { operation } from './contract.js';
import { Flag, Id, list, text } from './fields.js';
import { LogEntry, LogPage, LogWindow } from './tasks-log.js';
import { IdempotencyKey } from './tasks.js';

/** Everything the world may ask about scripts of visual novels. */

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
    engine: VNEngine.nullable(),
    status: z.enum(['pending', 'started', 'succeeded', 'failed']),
    task_id: z.string().nullable(),
    attempts: z.number().int(),
    result: z.unknown().default(null),
    logs: z.array(LogEntry).nullable(),
    error: z.string().nullable(),
  })
  .meta({ id: 'VNParseJob' });
export type VNParseJob = z.input<typeof VNParseJob>;

const OnJob = { job_id: Id };

/** Reads a script, or uploaded files and zip archives of scripts; without an engine each file tells its own. */
export const createParseJob = operation(
  'tasks.createParseJob',
  z.object({
    project_id: Id,
    branch_name: text({ max: 250 }).nullish(),
    engine: VNEngine.nullish(),
    script_text: text({ max: 10_000_000 }).nullish(),
    asset_ids: list(Id, 200).nullish(),
    idempotency_key: IdempotencyKey,
  }),
  VNParseJob,
  { timeoutMs: 30_000 },
);
export const getParseJob = operation('tasks.getParseJob', z.object(OnJob), VNParseJob);
export const parseJobLogs = operation('tasks.parseJobLogs', z.object({ ...OnJob, ...LogWindow }), LogPage);

/** What a job understood, written into a branch: scenes and beats in its workspace, and a commit of them. */
export const importParseJob = operation(
  'tasks.importParseJob',
  z.object({
    ...OnJob,
    branch_name: text({ max: 250 }).nullish(),
    message: text({ max: 10_000 }).nullish(),
    /** Instead of what the branch tells now, rather than after it. */
    replace: Flag.default(false),
  }),
  z
    .object({
      commit_id: z.string(),
      branch_name: z.string(),
      scenes: z.number().int(),
      beats: z.number().int(),
      characters: z.number().int(),
    })
    .meta({ id: 'VNImport' }),
  { timeoutMs: 60_000 },
);
