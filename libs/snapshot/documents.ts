import { z } from 'zod';

/** The signed documents of a snapshot: whose keys count, what the newest manifest is, and which files belong together. */

/** What may be signed for: `root` names all keys, `rules` stands for the rules, the other two change by the hour. */
export const ROLES = ['root', 'rules', 'manifest', 'pointer'] as const;
export type RoleName = (typeof ROLES)[number];

/**
 * The parts of a snapshot: two bare maps, the rules, the flat index of titles, the works changed since that was built, and what
 * is known of each work besides its names.
 */
export const KINDS = ['alias', 'index', 'rules', 'titles', 'recent', 'works'] as const;
export type Kind = (typeof KINDS)[number];

const Count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const Path = z
  .string()
  .regex(/^[a-z0-9][a-zA-Z0-9._/-]{0,200}$/)
  .refine((path) => !path.includes('..'));

export const Signature = z.object({ key: z.string().max(64), sig: z.string().max(200) });
export type Signature = z.infer<typeof Signature>;

const Role = z.object({ keys: z.array(z.string().max(64)).max(20), threshold: z.number().int().min(1).max(20) });

/** Public keys by id, as raw Ed25519 in base64url, and how many of which must sign for what. */
export const Root = z.object({
  type: z.literal('root'),
  version: Count.min(1),
  expires: z.iso.datetime(),
  keys: z.record(z.string().max(64), z.string().max(64)),
  roles: z.object({ root: Role, rules: Role, manifest: Role, pointer: Role }),
});
export type Root = z.infer<typeof Root>;

/** The one small document that is asked for again and again. */
export const Pointer = z.object({
  type: z.literal('pointer'),
  version: Count,
  manifest: z.object({ version: Count, bytes: Count, sha256: Sha256 }),
  expires: z.iso.datetime(),
  root: Count,
  wait_s: Count,
});
export type Pointer = z.infer<typeof Pointer>;

/** A file of a manifest: its hash is that of the content; each delta is [from version, bytes sent, bytes unpacked]. */
export const SnapshotFile = z.object({
  kind: z.enum(KINDS),
  version: Count,
  path: Path,
  bytes: Count,
  gz_bytes: Count,
  sha256: Sha256,
  count: Count,
  deltas: z.array(z.tuple([Count, Count, Count])).max(400),
  signatures: z.array(Signature).max(20).optional(),
});
export type SnapshotFile = z.infer<typeof SnapshotFile>;

export const Manifest = z.object({
  type: z.literal('manifest'),
  schema: z.literal(1),
  seq: Count,
  generated_at: z.iso.datetime(),
  next_expected_at: z.iso.datetime().nullable(),
  min_client: Count,
  /** Kinds that this program does not know are left out, so that new ones can be told of. */
  files: z.preprocess(known, z.array(SnapshotFile).max(20)),
});
export type Manifest = z.infer<typeof Manifest>;

function known(files: unknown): unknown {
  const isKnown = (file: unknown) => KINDS.some((kind) => kind === (file as { kind?: unknown } | null)?.kind);
  return Array.isArray(files) ? files.filter(isKnown) : files;
}

/** What the rules role signs: which rules, as the hash of the whole file. */
export const rulesStatement = ({ version, sha256, bytes }: Pick<SnapshotFile, 'version' | 'sha256' | 'bytes'>) => ({
  type: 'rules',
  version,
  sha256,
  bytes,
});

/** A document with the signatures over its canonical text. */
export interface Signed<T> {
  signed: T;
  signatures: Signature[];
}
export const signed = <T extends z.ZodType>(document: T) =>
  z.object({ signed: document, signatures: z.array(Signature).max(20) });

/** Where things stand; all but the first are immutable. */
export const PATHS = {
  pointer: 'pointer.json',
  root: (version: number) => `root/${version}.json`,
  manifest: (seq: number) => `manifest/${seq}.json`,
  content: (sha256: string) => `o/${sha256}.gz`,
  delta: (kind: Kind, from: number, to: number, packed: 'br' | 'gz' = 'br') =>
    `delta/${kind}/${from}-${to}.json.${packed}`,
} as const;
