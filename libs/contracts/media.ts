import { z } from 'zod';
import { Instant } from './fields.js';

/** Everything the world may ask of uploads and assets, and what it may hear of them. */

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
    metadata: z.unknown().default(null),
    created_at: Instant,
  })
  .meta({ id: 'VNAsset' });
export type VNAsset = z.input<typeof VNAsset>;
