import { z } from 'zod';
import { operation } from './contract.js';
import { Id, list, text } from './fields.js';

/** Media on their way between installations: named by hash, asked for by hash, and found again by the links that documents carry. */

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'A SHA-256 is 64 lower-case hex digits');
/** What identifies a link: the asset's id where it was made, and what lets one in. */
export const LinkName = z.object({
  asset_id: z.uuid(),
  key: z.string().regex(/^[\w-]{1,100}$/, 'There is no such key'),
});
export type LinkName = z.output<typeof LinkName>;

/** The content behind one link. */
export const CarriedMedia = LinkName.extend({
  sha256: Sha256,
  size: z.number().int().min(0),
  content_type: text({ max: 200 }),
  name: text({ min: 1, max: 255 }),
});
export type CarriedMedia = z.output<typeof CarriedMedia>;

const Hashes = list(Sha256, 500);

/** Between services: what stands behind links of a project's documents. Links that do not hold, and that the caller could not follow otherwise, are left out. */
export const describeLinks = operation(
  'media.describeLinks',
  z.object({ project_id: Id, links: list(LinkName, 500) }),
  z.object({ items: z.array(CarriedMedia) }),
);

/** Between services: where the bytes are of those contents that the caller can read, alone or in a project they may look into. */
export const holdMedia = operation(
  'media.holdMedia',
  z.object({ project_id: Id.nullable(), hashes: Hashes }),
  z.object({ items: z.array(z.object({ sha256: z.string(), size: z.number(), key: z.string() })) }),
);

/** Addresses of those contents that the caller can read in a project; what others have and what nobody has is left out alike. */
export const wantMedia = operation(
  'media.wantMedia',
  z.object({ project_id: Id, hashes: Hashes }),
  z
    .object({ items: z.array(z.object({ sha256: z.string(), size: z.number(), url: z.string() })) })
    .meta({ id: 'WantedMedia' }),
);

/** Between services: contents that documents of a project carry links to from elsewhere, and that the project lacks. */
export const lackMedia = operation(
  'media.lackMedia',
  z.object({ project_id: Id }),
  z.object({ items: z.array(CarriedMedia) }),
);
