import { z } from 'zod';
import { event, operation } from './contract.js';
import { Id, Instant, text } from './fields.js';
import { CarriedMedia } from './media-carrying.js';

/** What the other services ask of projects about rights, and the media service about what documents name. No route leads here. */

/** What somebody may want to do in a project; who may is decided by the one table of permissions. */
export const PROJECT_ACTIONS = [
  'readProject',
  'readHistory',
  'readWorkspace',
  'saveWorkspace',
  'commit',
  'changeProject',
  'readMedia',
  'addMedia',
  'manageMedia',
] as const;

/**
 * Whether the caller may do this in a project. One they cannot see is `not_found`, as is a branch there is not; with a
 * branch its creator counts as such, without one whoever made any branch does.
 */
export const admitToProject = operation(
  'projects.admit',
  z.object({ project_id: Id, branch_name: text({ max: 500 }).nullish(), action: z.enum(PROJECT_ACTIONS) }),
  z.object({
    project_id: z.string(),
    owner_id: z.string(),
    is_public: z.boolean(),
    branch_id: z.string().nullable(),
    head_commit_id: z.string().nullable(),
    allowed: z.boolean(),
  }),
);

/**
 * The assets that a commit names, or with null all heads of a project, and the links by which it names them;
 * `parent_project_id` is what it was forked from.
 */
export const mediaNamed = operation(
  'projects.mediaNamed',
  z.object({ project_id: Id, commit_id: Id.nullable() }),
  z.object({
    parent_project_id: z.string().nullable(),
    is_public: z.boolean(),
    created_at: Instant,
    asset_ids: z.array(z.string()),
    links: z.array(z.object({ asset_id: z.string(), key: z.string() })),
  }),
  { timeoutMs: 30_000 },
);

/** Those of the assets that some saved workspace names. */
export const mediaSaved = operation(
  'projects.mediaSaved',
  z.object({ asset_ids: z.array(Id).max(100) }),
  z.object({ asset_ids: z.array(z.string()) }),
  { timeoutMs: 60_000 },
);

/** Documents with links from elsewhere came into a project; `owner_id` is who brought them, and whom their content is charged to. */
export const mediaCarried = event(
  'projects.mediaCarried',
  z.object({ project_id: z.string(), owner_id: z.string(), media: z.array(CarriedMedia) }),
);
