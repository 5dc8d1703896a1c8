import { z } from 'zod';
import { operation } from './contract.js';
import { Id, Instant, JsonObject, list, paging, text } from './fields.js';
import { BranchName, OnProject } from './projects-fields.js';
import { MissingMedia, TagOutcome } from './projects-bundles.js';
import { FeedItem, FeedQuery, Project } from './projects.js';

/** The cloud as a local installation sees it: to browse, to clone from, to pull from and to push to. */

/** Pulling and pushing move bytes; who does not want to wait for the end begins a sync and looks how far it is. */
const LONG = { timeoutMs: 300_000 };

export const CloudAccount = z
  .object({
    cloud_url: z.string().nullable(),
    user: z.object({ id: z.string(), email: z.string(), full_name: z.string().nullable() }).nullable(),
    connected_at: Instant.nullable(),
  })
  .meta({ id: 'CloudAccount' });

export const Remote = z
  .object({
    project_id: z.string(),
    cloud_url: z.string(),
    cloud_project_id: z.string(),
    pulled_at: Instant.nullable(),
    pushed_at: Instant.nullable(),
  })
  .meta({ id: 'Remote' });

/**
 * What became of a branch. `diverged`: both sides have what the other has not; neither is overwritten, and after a pull the
 * cloud's is kept as `kept_as`, to be merged. `behind`: there was nothing to push, the cloud is further.
 */
const SyncedBranch = z.object({
  branch_name: z.string(),
  outcome: z.enum(['created', 'moved', 'unchanged', 'behind', 'diverged', 'not_allowed']),
  local_head: z.string().nullable(),
  cloud_head: z.string().nullable(),
  kept_as: z.string().nullable(),
});
export type SyncedBranch = z.input<typeof SyncedBranch>;

export const SyncReport = z
  .object({
    remote: Remote,
    /** What had to travel. */
    commits: z.number().int(),
    objects: z.number().int(),
    /** Contents of media that had to travel; those that could not are told in `missing_media`, and asked for again by the next pull. */
    media: z.number().int(),
    missing_media: z.array(MissingMedia),
    tags: z.array(TagOutcome),
    branches: z.array(SyncedBranch),
  })
  .meta({ id: 'SyncReport' });
export type SyncReport = z.input<typeof SyncReport>;

export const getCloud = operation('projects.getCloud', z.object({}), CloudAccount);
/** Keeps a token that was got by signing in at the cloud, if the cloud takes it; at rest it is sealed. */
export const connectCloud = operation(
  'projects.connectCloud',
  z.object({ token: text({ min: 1, max: 5000 }) }),
  CloudAccount,
  { timeoutMs: 30_000 },
);
export const disconnectCloud = operation('projects.disconnectCloud', z.object({}), CloudAccount);
export const listCloudProjects = operation(
  'projects.listCloudProjects',
  z.object(paging({ limit: 100, max: 1000 })),
  z.array(Project),
  { timeoutMs: 30_000 },
);
export const browseCloud = operation('projects.browseCloud', FeedQuery, z.array(FeedItem), { timeoutMs: 30_000 });
export const cloneFromCloud = operation(
  'projects.cloneFromCloud',
  z.object({ cloud_project_id: Id, name: text({ min: 1, max: 500 }).optional() }),
  SyncReport,
  LONG,
);
export const getRemote = operation('projects.getRemote', z.object(OnProject), Remote);
export const pullFromCloud = operation('projects.pullFromCloud', z.object(OnProject), SyncReport, LONG);
/** Sends what the cloud lacks; a project that has no remote yet becomes a new, private one there. */
export const pushToCloud = operation(
  'projects.pushToCloud',
  z.object({ ...OnProject, branches: list(BranchName, 1000).optional() }),
  SyncReport,
  LONG,
);

/**
 * A clone, pull or push that goes on by itself: through restarts, and after whoever began it has gone. `stage` is what it is
 * at, of which `done` of `total` are through: bytes of media, or of a bundle that is sent.
 */
export const Sync = z
  .object({
    id: z.string(),
    kind: z.enum(['clone', 'pull', 'push']),
    status: z.enum(['queued', 'done', 'refused', 'failed']),
    project_id: z.string().nullable(),
    stage: z.enum(['asking', 'media', 'taking_in', 'sending']).nullable(),
    done: z.number(),
    total: z.number().nullable(),
    /** What became of it, as the answer to whoever waited. */
    report: SyncReport.nullable(),
    error: z.object({ code: z.string(), message: z.string(), details: JsonObject }).nullable(),
    created_at: Instant,
    finished_at: Instant.nullable(),
  })
  .meta({ id: 'Sync' });
export type Sync = z.input<typeof Sync>;

/** Begins one: `clone` needs the cloud's project, `pull` and `push` one here. */
export const beginSync = operation(
  'projects.beginSync',
  z
    .object({
      kind: z.enum(['clone', 'pull', 'push']),
      project_id: Id.optional(),
      cloud_project_id: Id.optional(),
      name: cloneFromCloud.input.shape.name,
      branches: pushToCloud.input.shape.branches,
    })
    .refine(({ kind, ...wish }) => wish[kind === 'clone' ? 'cloud_project_id' : 'project_id'] !== undefined, {
      error: 'A clone names the cloud_project_id, a pull or push the project_id',
      params: { reason: 'missing' },
    }),
  Sync,
);
export const getSync = operation('projects.getSync', z.object({ sync_id: Id }), Sync);
/** One's own, newest first. */
export const listSyncs = operation(
  'projects.listSyncs',
  z.object(paging({ limit: 20, max: 100 })),
  z.object({ items: z.array(Sync) }),
);
