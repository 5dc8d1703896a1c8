import { z } from 'zod';
import type * as documents from './documents.js';
import { KINDS } from './documents.js';

/** What signed documents have to look like. Fields that are not known here may stand in them; signatures are over all of them. */

const Count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const Path = z
  .string()
  .regex(/^[a-z0-9][a-zA-Z0-9._/-]{0,200}$/)
  .refine((path) => !path.includes('..'));

const Signature: z.ZodType<documents.Signature> = z.object({ key: z.string().max(64), sig: z.string().max(200) });

const Role: z.ZodType<documents.Role> = z.looseObject({
  keys: z.array(z.string().max(64)).max(20),
  threshold: z.number().int().min(1).max(20),
});

export const Root: z.ZodType<documents.Root> = z.looseObject({
  type: z.literal('root'),
  version: Count.min(1),
  expires: z.iso.datetime(),
  keys: z.record(z.string().max(64), z.string().max(64)),
  roles: z.looseObject({ root: Role, rules: Role, manifest: Role, pointer: Role }),
});

/** What is signed of a package of rules. */
export const RulesStatement = z.strictObject({
  type: z.literal('rules'),
  version: Count.min(1),
  sha256: Sha256,
  bytes: Count,
});

export const Pointer: z.ZodType<documents.Pointer> = z.object({
  type: z.literal('pointer'),
  version: Count,
  manifest: z.object({ version: Count, bytes: Count, sha256: Sha256 }),
  expires: z.iso.datetime(),
  root: Count,
  wait_s: Count,
});

const SnapshotFile: z.ZodType<documents.SnapshotFile> = z.object({
  kind: z.enum(KINDS),
  version: Count,
  path: Path,
  bytes: Count,
  gz_bytes: Count,
  sha256: Sha256,
  count: Count,
  /** What is no version is left out: manifests have said more of each delta once. */
  deltas: z.preprocess(numbers, z.array(Count).max(400)),
  ways: z
    .array(z.tuple([Count, Count]))
    .max(400)
    .optional(),
  signatures: z.array(Signature).max(20).optional(),
});

export const Manifest: z.ZodType<documents.Manifest> = z.object({
  type: z.literal('manifest'),
  schema: z.literal(1),
  seq: Count,
  generated_at: z.iso.datetime(),
  next_expected_at: z.iso.datetime().nullable(),
  min_client: Count,
  /** Kinds that this program does not know are left out, so that new ones can be told of. */
  files: z.preprocess(known, z.array(SnapshotFile).max(20)),
});

/** A document of this shape with the signatures over its canonical text. */
export const signed = <T extends z.ZodType>(document: T) =>
  z.object({ signed: document, signatures: z.array(Signature).max(20) });

function numbers(list: unknown): unknown {
  return Array.isArray(list) ? list.filter((one) => typeof one === 'number') : list;
}

function known(files: unknown): unknown {
  const isKnown = (file: unknown) => KINDS.some((kind) => kind === (file as { kind?: unknown } | null)?.kind);
  return Array.isArray(files) ? files.filter(isKnown) : files;
}
