import { z } from 'zod';
import { operation } from './contract.js';
import { Id, Instant, text, whole } from './fields.js';
import { Link } from './media-assets.js';

/** What older clients ask of uploads and assets; the rest is in media-uploads, media-assets and media-play. */

/** Where to PUT the bytes of a file (an absolute address, no token needed), and the name the object will have. */
export const UploadTicket = z.object({ url: z.url(), object_name: z.string() }).meta({ id: 'UploadTicket' });
export type UploadTicket = z.input<typeof UploadTicket>;

export const VNAssetType = z
  .enum(['SCREENSHOT', 'VN_SCRIPT', 'VN_TEXT', 'VN_JSON', 'CHARACTER_SHEET', 'OTHER'])
  .meta({ id: 'VNAssetType' });
export type VNAssetType = z.input<typeof VNAssetType>;

/** An uploaded object that a project uses; `storage_url` can be read for long by anyone who has it. */
export const VNAsset = z
  .object({
    id: z.string(),
    project_id: z.string(),
    branch_name: z.string().nullable(),
    type: VNAssetType,
    object_name: z.string(),
    storage_url: z.string(),
    metadata: z.unknown().meta({ description: 'any JSON value' }).default(null),
    created_at: Instant,
  })
  .meta({ id: 'VNAsset' });
export type VNAsset = z.input<typeof VNAsset>;

/** Makes room for one file, sent by a single PUT; it counts once somebody makes an asset of the object name. */
export const presignUpload = operation(
  'media.presignUpload',
  z.object({ filename: text({ min: 1, max: 255 }) }),
  UploadTicket,
);

/** Makes an asset of a project out of an object that the caller has uploaded. */
export const createVnAsset = operation(
  'media.createVnAsset',
  z.object({
    project_id: Id,
    branch_name: text({ max: 500 }).nullish(),
    type: VNAssetType,
    object_name: text({ max: 1024 }),
    metadata: z.unknown().meta({ description: 'any JSON value' }).optional(),
  }),
  VNAsset,
  { timeoutMs: 30_000 },
);

/** The caller's own assets of this kind, newest first. */
export const listVnAssets = operation(
  'media.listVnAssets',
  z.object({
    project_id: Id.optional(),
    branch_name: text({ max: 500 }).optional(),
    type: VNAssetType.optional(),
    skip: whole({ min: 0, max: 1_000_000_000, clamp: true }).default(0),
    limit: whole({ min: 0, max: 200, clamp: true }).default(200),
  }),
  z.array(VNAsset),
);

/**
 * Where the link leads that documents keep: to the bytes for as long as one look takes. Who has the link may come in. Of a
 * link that projects brought from elsewhere and say different things of, `project_id` says whose is meant, else the address
 * of the page that shows it, by the project in it: then the answer is `is_disputed`, and good for that page alone.
 */
export const followLink = operation(
  'media.followLink',
  z.object({
    asset_id: Id,
    key: text({ max: 100 }),
    name: text({ max: 1024 }),
    project_id: Id.optional(),
    page: text().optional(),
  }),
  Link.extend({ is_disputed: z.boolean().default(false) }),
);
