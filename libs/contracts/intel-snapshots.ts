import { z } from 'zod';
import { operation } from './contract.js';
import { Instant, JsonObject, paging, whole } from './fields.js';

/** Snapshots: everything that may be public, as files for any static host. */

/**
 * A file of the newest snapshot or an older one: its bytes when it is small, else where they are; neither when the asker has it. Of a
 * file that never changes a part can be asked for: `part` says where it lies in the whole, and is empty for one outside it.
 */
export const SnapshotFileAnswer = z
  .object({
    etag: z.string(),
    type: z.string(),
    forever: z.boolean(),
    base64: z.string().nullable(),
    location: z.string().nullable(),
    part: z.object({ start: z.number().int(), length: z.number().int(), size: z.number().int() }).nullable().optional(),
  })
  .meta({ id: 'SnapshotFileAnswer' });

export const getSnapshotFile = operation(
  'intel.getSnapshotFile',
  z.object({
    path: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*){0,3}$/)
      .max(200),
    if_none_match: z.string().max(1000).optional(),
    range: z.string().max(16_384).optional(),
    if_range: z.string().max(16_384).optional(),
  }),
  SnapshotFileAnswer,
);

export const SnapshotBuild = z
  .object({
    version: z.number().int(),
    state: z.enum(['running', 'published', 'unchanged', 'failed']),
    figures: JsonObject.nullable(),
    error: z.string().nullable(),
    started_at: Instant,
    finished_at: Instant.nullable(),
  })
  .meta({ id: 'SnapshotBuild' });
export type SnapshotBuild = z.input<typeof SnapshotBuild>;

/** Builds and publishes now; `unchanged` when there was nothing new but the time of the pointer. */
export const buildSnapshotNow = operation('intel.buildSnapshot', z.object({}), SnapshotBuild, { timeoutMs: 600_000 });
export const listSnapshotBuilds = operation(
  'intel.listSnapshotBuilds',
  z.object(paging({ limit: 20, max: 200 })),
  z.array(SnapshotBuild),
);

/** The newest manifest, and where its files stand below the address of the snapshots. */
export const getSnapshots = operation(
  'intel.getSnapshots',
  z.object({}),
  z.object({ base: z.string(), manifest: JsonObject }).meta({ id: 'Snapshots' }),
);

/** Where the delta from a version to the newest stands; one that is too old is gone, and told where the whole file is. */
export const findDelta = operation(
  'intel.findDelta',
  z.object({
    kind: z.enum(['alias', 'index', 'rules', 'recent', 'works']),
    from: whole({ min: 0, max: 2_147_483_647 }),
  }),
  z.object({ from: z.number().int(), to: z.number().int(), path: z.string() }).meta({ id: 'DeltaPlace' }),
);
