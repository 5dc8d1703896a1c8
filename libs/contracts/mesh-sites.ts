import { z } from 'zod';
import { operation } from './contract.js';
import { Flag, Instant, InstantInput, list, text, whole } from './fields.js';
import { SiteName } from './mesh.js';
import { JOB_KINDS, Payload } from './mesh-jobs.js';
import { cursorValue } from './harmless.js';

/** Sites and their cursors as administrators see and set them. */

const TIME_OF_DAY = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'A time of day as 22:30 is expected');
const QuietHours = z.object({
  from: TIME_OF_DAY,
  to: TIME_OF_DAY,
  offset_minutes: whole({ min: -900, max: 900 }).default(0),
});

/** A crawl that comes again and again. */
const Crawl = z.object({
  kind: z.enum(JOB_KINDS).default('incremental'),
  every_s: whole({ min: 1, max: 31_536_000 }),
  payload: Payload.default({}),
  priority: whole({ min: -100, max: 100 }).default(0),
});

/** What can be set of a site; what is left out stays as it is, or is what new sites have. */
const settings = {
  aliases: list(SiteName, 50).optional(),
  group: SiteName.optional(),
  streams: whole({ min: 1, max: 1000 }).optional(),
  min_interval_ms: whole({ min: 0, max: 86_400_000 }).optional(),
  per_hour: whole({ min: 1, max: 1_000_000 }).nullish(),
  per_day: whole({ min: 1, max: 10_000_000 }).nullish(),
  max_workers: whole({ min: 1, max: 1000 }).optional(),
  requires: list(text({ min: 1, max: 100 }), 20).optional(),
  family: text({ max: 100 }).nullish(),
  quiet_hours: list(QuietHours, 20).optional(),
  paused: Flag.optional(),
  crawls: list(Crawl, 10).optional(),
};
export const SiteSettings = z.object(settings);
export type SiteSettings = z.output<typeof SiteSettings>;

export const Site = z
  .object({
    site_id: z.string(),
    aliases: z.array(z.string()),
    group: z.string(),
    streams: z.number().int(),
    min_interval_ms: z.number().int(),
    per_hour: z.number().int().nullable(),
    per_day: z.number().int().nullable(),
    pace: z.number(),
    max_workers: z.number().int(),
    requires: z.array(z.string()),
    family: z.string().nullable(),
    quiet_hours: z.array(z.object({ from: z.string(), to: z.string(), offset_minutes: z.number().int() })),
    paused: z.boolean(),
    blocked_until: Instant.nullable(),
    block_reason: z.string().nullable(),
    owner: z.string().nullable(),
    owner_url: z.string().nullable(),
    claim_epoch: z.number().int(),
    version: z.number().int(),
    updated_at: Instant,
  })
  .meta({ id: 'MeshSite' });
export type Site = z.input<typeof Site>;

export const listSites = operation(
  'mesh.listSites',
  z.object({
    after: SiteName.nullish().default(null),
    limit: whole({ min: 1, max: 1000, clamp: true }).default(100),
  }),
  z.object({ items: z.array(Site), next: z.string().nullable() }),
);
export const getSite = operation('mesh.getSite', z.object({ site_id: SiteName }), Site);
export const putSite = operation(
  'mesh.putSite',
  z.object({ site_id: SiteName, if_match: text({ max: 100 }).nullish().default(null), ...settings }),
  Site,
);
export const putSites = operation(
  'mesh.putSites',
  z.object({ sites: list(z.object({ site_id: SiteName, ...settings }), 1000) }),
  z.object({ items: z.array(Site) }),
);

/** Leaves a site alone until a moment, twelve hours unless told, and goes slower afterwards. */
export const blockSite = operation(
  'mesh.blockSite',
  z.object({
    site_id: SiteName,
    until: InstantInput.nullish().default(null),
    reason: text({ max: 500 }).nullish().default(null),
  }),
  Site,
);
export const unblockSite = operation('mesh.unblockSite', z.object({ site_id: SiteName }), Site);

/** Why a site gives no work now, and when it will. */
export const explainSite = operation(
  'mesh.explainSite',
  z.object({ site_id: SiteName }),
  z
    .object({
      site_id: z.string(),
      leasable: z.boolean(),
      reason: z.string().nullable(),
      message: z.string(),
      next_at: Instant.nullable(),
      streams: z.array(
        z.object({
          epoch: z.number().int(),
          leased_by: z.string().nullable(),
          job_id: z.number().int().nullable(),
          site_id: z.string().nullable(),
          lease_expires_at: Instant.nullable(),
          eligible_at: Instant,
          pressure: z.number().int(),
        }),
      ),
      waiting_jobs: z.number().int(),
      due_jobs: z.number().int(),
      waiting_workers: z.number().int(),
    })
    .meta({ id: 'SiteExplanation' }),
);

export const Cursor = z
  .object({
    site_id: z.string(),
    name: z.string(),
    value: z.string().nullable(),
    version: z.number().int(),
    order: z.enum(['opaque', 'integer', 'time']),
    updated_at: Instant.nullable(),
  })
  .meta({ id: 'MeshCursor' });
export type Cursor = z.input<typeof Cursor>;

const CursorName = text({ min: 1, max: 64 });
const named = { site_id: SiteName, name: CursorName };

export const listCursors = operation(
  'mesh.listCursors',
  z.object({ site_id: SiteName }),
  z.object({ items: z.array(Cursor) }),
);
export const getCursor = operation('mesh.getCursor', z.object(named), Cursor);

/** Sets a cursor, or how it is ordered; with If-Match only from the version named, and against its order only by `reset`. */
export const putCursor = operation(
  'mesh.putCursor',
  z.object({
    ...named,
    if_match: text({ max: 100 }).nullish().default(null),
    value: cursorValue(0).nullish(),
    order: z.enum(['opaque', 'integer', 'time']).optional(),
    reset: Flag.default(false),
  }),
  Cursor,
);

export const getCursorHistory = operation(
  'mesh.getCursorHistory',
  z.object({
    ...named,
    before: whole({ min: 0, max: Number.MAX_SAFE_INTEGER }).nullish().default(null),
    limit: whole({ min: 1, max: 500, clamp: true }).default(50),
  }),
  z.object({
    items: z.array(
      z.object({
        version: z.number().int(),
        value: z.string().nullable(),
        cause: z.string(),
        epoch: z.number().int().nullable(),
        node_id: z.string().nullable(),
        moved_at: Instant,
      }),
    ),
    next: z.number().int().nullable(),
  }),
);

/** Takes a cursor back to the value that it had at a version; that is a new version. */
export const rollBackCursor = operation(
  'mesh.rollBackCursor',
  z.object({ ...named, to_version: whole({ min: 0, max: Number.MAX_SAFE_INTEGER }) }),
  Cursor,
);
