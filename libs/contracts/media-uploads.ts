import { z } from 'zod';
import { operation } from './contract.js';
import { Id, Instant, JsonObject, list, text, whole } from './fields.js';
import { Asset, Licence } from './media-assets.js';

/** Uploads that can be broken off at any moment and carried on from any device. Bytes go straight to the object store. */

/** The largest whole number that is exact in JSON for everybody. */
const BYTES = Number.MAX_SAFE_INTEGER;
const Sha256 = text({ max: 64 }).refine((hash) => /^[0-9a-f]{64}$/.test(hash), {
  error: 'String should be 64 lower-case hexadecimal digits',
  params: { reason: 'value_error' },
});

/**
 * `open`: bytes may be sent. `verifying`: all are there and are being read. `done`: there is an asset. A file of one part
 * is sent by one PUT to `url`; larger ones part by part, to addresses that `presignParts` gives.
 */
export const Upload = z
  .object({
    id: z.string(),
    state: z.enum(['open', 'verifying', 'done', 'failed', 'aborted']),
    filename: z.string(),
    object_name: z.string(),
    size: z.number().nullable(),
    sha256: z.string().nullable(),
    part_size: z.number().nullable(),
    part_count: z.number(),
    url: z.string().nullable(),
    uploaded_parts: z.array(z.object({ part_number: z.number(), size: z.number() })),
    asset: Asset.nullable(),
    problem: z.string().nullable(),
    expires_at: Instant,
  })
  .meta({ id: 'Upload' });
export type Upload = z.input<typeof Upload>;

const FileWish = z.object({
  filename: text({ min: 1, max: 255 }),
  size: whole({ min: 0, max: BYTES }),
  sha256: Sha256.nullish(),
  content_type: text({ max: 200 }).nullish(),
});

/**
 * Begins uploads, in the order of the files. A file whose SHA-256 is that of something the caller can read here already is
 * `done` at once; whether anybody else has such bytes is told to nobody.
 */
export const startUploads = operation(
  'media.startUploads',
  z.object({
    files: list(FileWish, 1000).min(1),
    project_id: Id.nullish(),
    licence: Licence.nullish(),
    provenance: JsonObject.nullish(),
  }),
  z.object({ uploads: z.array(Upload) }),
  { timeoutMs: 30_000 },
);

const OnUpload = { upload_id: Id };

/** How an upload stands: which parts the store really has. */
export const getUpload = operation('media.getUpload', z.object(OnUpload), Upload);

/** Addresses that each take one PUT of one part; a part that is sent again replaces the earlier one. */
export const presignParts = operation(
  'media.presignParts',
  z.object({ ...OnUpload, part_numbers: list(whole({ min: 1, max: 10_000 }), 100).min(1) }),
  z.object({
    parts: z.array(z.object({ part_number: z.number(), url: z.string(), size: z.number() })),
    expires_at: Instant,
  }),
);

/** Says that all bytes are there. They are then read and hashed by us; safe to say again. */
export const completeUpload = operation('media.completeUpload', z.object(OnUpload), Upload, { timeoutMs: 60_000 });

/** Gives an upload up; what was sent of it is removed. */
export const abortUpload = operation('media.abortUpload', z.object(OnUpload), Upload);
