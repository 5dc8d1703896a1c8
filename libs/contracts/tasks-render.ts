import { z } from 'zod';
import { operation } from './contract.js';
import { Id, Instant, text, whole } from './fields.js';
import { Language } from './projects-fields.js';
import { Lost } from './timeline-losses.js';

/** Everything the world may ask about films made of a commit. */

export const RenderFormat = z.enum(['mp4', 'webm']).meta({ id: 'RenderFormat' });

/** A film of a commit's timeline. The commit stays as it is; `url` is there once it has succeeded, for who may see it. */
export const Render = z
  .object({
    id: z.string(),
    project_id: z.string(),
    branch_name: z.string().nullable(),
    commit_id: z.string(),
    format: RenderFormat,
    width: z.number().int().nullable(),
    height: z.number().int().nullable(),
    /** Frames per second, as "25" or "30000/1001". */
    rate: z.string().nullable(),
    status: z.enum(['pending', 'succeeded', 'failed']),
    task_id: z.string(),
    asset_id: z.string().nullable(),
    url: z.string().nullable(),
    duration_seconds: z.number().nullable(),
    size: z.number().nullable(),
    /** What of the film could not be shown. */
    ...Lost,
    is_published: z.boolean(),
    error: z.string().nullable(),
    created_at: Instant,
  })
  .meta({ id: 'Render' });
export type Render = z.input<typeof Render>;

/** The same commit in the same format is rendered once: asking again gives the same render, unless it failed. */
export const createRender = operation(
  'tasks.createRender',
  z.object({
    project_id: Id,
    branch_name: text({ max: 250 }).default('main'),
    format: RenderFormat.default('mp4'),
    width: whole({ min: 64, max: 3840 }).nullish(),
    height: whole({ min: 64, max: 2160 }).nullish(),
    rate: text({ max: 20 }).nullish(),
  }),
  Render,
);
export const getRender = operation(
  'tasks.getRender',
  z.object({ render_id: Id, language: Language.default('en') }),
  Render,
);
export const listRenders = operation(
  'tasks.listRenders',
  z.object({ project_id: Id, commit_id: text({ max: 64 }).optional(), language: Language.default('en') }),
  z.array(Render),
);
