import { z } from 'zod';
import { Instant, JsonObject } from './fields.js';

/** Everything the world may ask of what models make. */

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
    result: z.unknown().default(null),
    error: z.string().nullable(),
    created_at: Instant,
  })
  .meta({ id: 'Clip' });
export type Clip = z.input<typeof Clip>;
