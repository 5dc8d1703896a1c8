import { z } from 'zod';
import { operation } from './contract.js';
import { text } from './fields.js';
import { LogEntry } from './tasks-log.js';

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
    engine: VNEngine,
    status: z.enum(['pending', 'started', 'succeeded', 'failed']),
    task_id: z.string().nullable(),
    attempts: z.number().int(),
    result: z.unknown().default(null),
    logs: z.array(LogEntry).nullable(),
    error: z.string().nullable(),
  })
  .meta({ id: 'VNParseJob' });
export type VNParseJob = z.input<typeof VNParseJob>;
