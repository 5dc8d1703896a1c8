import { z } from 'zod';
import { operation } from './contract.js';
import { Flag, Id, Instant, JsonObject, list, text, whole } from './fields.js';

/** What may be asked about assets: names for content, with owner, licence and origin. */

const Rational = z.object({ num: z.number().int(), den: z.number().int() }).meta({ id: 'Rational' });

/** What is known of a film, a sound or a picture. Rates are fractions: 24000/1001 is exactly that. */
export const MediaFacts = z
  .looseObject({
    format: z.string(),
    kind: z.enum(['video', 'audio', 'image']),
    duration_seconds: z.number().nullable(),
    bit_rate: z.number().nullable(),
    width: z.number().nullable(),
    height: z.number().nullable(),
    frame_rate: Rational.nullable(),
    variable_frame_rate: z.boolean(),
    hdr: z.enum(['pq', 'hlg', 'dolby_vision']).nullable(),
    /** What is not as one would wish in what was made of it, in sentences. */
    notes: z.array(z.string()).optional(),
    streams: z.array(z.looseObject({ index: z.number(), kind: z.string(), codec: z.string() })),
  })
  .meta({ id: 'MediaFacts' });

/**
 * A name for content. `url` can be read for long by anyone who has it, until the asset is closed to the world again;
 * `public_url` is there while it is open. While `processing`, its bytes have not been looked at by us yet.
 */
export const Asset = z
  .object({
    id: z.string(),
    owner_id: z.string(),
    project_id: z.string().nullable(),
    commit_id: z.string().nullable(),
    name: z.string(),
    object_name: z.string(),
    state: z.enum(['processing', 'ready', 'failed']),
    problem: z.string().nullable(),
    content_type: z.string(),
    size: z.number(),
    sha256: z.string().nullable(),
    licence: z.string().nullable(),
    provenance: z.unknown().default(null),
    is_public: z.boolean(),
    facts: MediaFacts.nullable(),
    url: z.string(),
    public_url: z.string().nullable(),
    created_at: Instant,
  })
  .meta({ id: 'Asset' });
export type Asset = z.input<typeof Asset>;

const OnAsset = { asset_id: Id };
export const Licence = text({ max: 200 });
export const AssetName = text({ min: 1, max: 255 });

export const getAsset = operation('media.getAsset', z.object(OnAsset), Asset);

/** Assets of a project, or without one the caller's own; newest first, `after` is the last one seen. */
export const listAssets = operation(
  'media.listAssets',
  z.object({
    project_id: Id.optional(),
    commit_id: Id.optional(),
    kind: z.enum(['video', 'audio', 'image', 'other']).optional(),
    after: Id.optional(),
    limit: whole({ min: 1, max: 200, clamp: true }).default(50),
  }),
  z.object({ items: z.array(Asset), next: z.string().nullable() }),
);

/** Changes the name, the licence, or whether all the world may look. */
export const updateAsset = operation(
  'media.updateAsset',
  z.object({ ...OnAsset, name: AssetName.nullish(), licence: Licence.nullish(), is_public: Flag.nullish() }),
  Asset,
);

/** Puts an asset aside: it is gone for all, and its bytes go when nothing that is kept names it any more. */
export const deleteAsset = operation('media.deleteAsset', z.object(OnAsset), z.object({ ok: z.boolean() }));

/** Brings back an asset of the caller's own that was put aside and not yet removed. */
export const restoreAsset = operation('media.restoreAsset', z.object(OnAsset), Asset);

/** An address for one look at the bytes, with ranges; it needs no token and does not live long. */
export const Link = z
  .object({ url: z.string(), expires_at: Instant, is_public: z.boolean() })
  .meta({ id: 'MediaLink' });
export const linkAsset = operation('media.linkAsset', z.object({ ...OnAsset, download: Flag.default(false) }), Link);

/** What a user's media take: `logical_bytes` is what counts against the quota, `physical_bytes` what is really kept of it. */
export const MediaUsage = z
  .object({
    logical_bytes: z.number(),
    physical_bytes: z.number(),
    pending_bytes: z.number(),
    quota_bytes: z.number().nullable(),
    asset_count: z.number(),
  })
  .meta({ id: 'MediaUsage' });
export const getUsage = operation('media.getUsage', z.object({}), MediaUsage);

/** Between services: an asset that the caller may read, and under which key of the object store its bytes are. */
export const locateAsset = operation(
  'media.locateAsset',
  z.object(OnAsset),
  z.object({ asset: Asset, key: z.string() }),
);

/**
 * Between services: makes an asset of the caller's out of an object that a service has put into the store below `tasks/`.
 * Asked again with the same `request_key` it gives the same asset. The object is moved away once it has been read.
 */
export const keepOutput = operation(
  'media.keepOutput',
  z.object({
    request_key: text({ min: 1, max: 200 }),
    key: text({ min: 1, max: 1024 }),
    name: AssetName,
    project_id: Id.nullable(),
    commit_id: Id.nullable().default(null),
    licence: Licence.nullable().default(null),
    provenance: JsonObject.nullable().default(null),
  }),
  Asset,
  { timeoutMs: 120_000 },
);

/** Between services: opens assets to the world or closes them, as `updateAsset` for each; for those who may. */
export const showAssets = operation(
  'media.showAssets',
  z.object({ asset_ids: list(Id, 1000), is_public: z.boolean() }),
  z.object({ changed: z.number() }),
);
