import { z } from 'zod';
import { operation } from './contract.js';
import { Id, Instant, JsonObject, list, paging, text } from './fields.js';
import { IdempotencyKey } from './tasks.js';

/** Everything the world may ask of clips: pieces of film that belong to a branch. */

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

const BranchName = text({ max: 250 });

/** A film of screenshots, in their order. */
export const comicToVideo = operation(
  'tasks.comicToVideo',
  z.object({
    project_id: Id,
    branch_name: BranchName.nullish().default('main'),
    title: text({ max: 500 }).nullish(),
    summary: text({ max: 20_000 }).nullish(),
    screenshot_asset_ids: list(Id, 200),
    prompt: text({ max: 20_000 }).nullish(),
    idempotency_key: IdempotencyKey,
  }),
  Clip,
  { timeoutMs: 20_000 },
);
export const listClips = operation(
  'tasks.listClips',
  z.object({ project_id: Id.optional(), branch_name: BranchName.optional(), ...paging({ limit: 200, max: 200 }) }),
  z.array(Clip),
);
export const getClip = operation('tasks.getClip', z.object({ clip_id: Id }), Clip);

/** For the other services: which of these clips are on a branch, or in a project where no branch is said, and the media links they show. */
export const clipsThere = operation(
  'tasks.clipsThere',
  z.object({ clip_ids: list(Id, 200), project_id: Id, branch_id: Id.nullable() }),
  z.object({
    items: z.array(z.object({ id: z.string(), links: z.array(z.object({ asset_id: z.string(), key: z.string() })) })),
  }),
  { timeoutMs: 6_000 },
);
