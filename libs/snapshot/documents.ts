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

/** Which key has signed, by its id, and the signature in base64url. */
export interface Signature {
  key: string;
  sig: string;
}

/** Which keys count for something, and how many of them it takes. */
export interface Role {
  keys: string[];
  threshold: number;
}

/** Public keys by id, as raw Ed25519 in base64url, and how many of which must sign for what. */
export interface Root {
  type: 'root';
  version: number;
  expires: string;
  keys: Record<string, string>;
  roles: Record<RoleName, Role>;
}

/** The one small document that is asked for again and again. */
export interface Pointer {
  type: 'pointer';
  version: number;
  manifest: { version: number; bytes: number; sha256: string };
  expires: string;
  root: number;
  wait_s: number;
}

/**
 * A file of a manifest: its hash is that of the content; `deltas` are the versions that a delta leads from to this one, `ways` those of
 * them that can be reached from others by a delta: from each version since the second number on.
 */
export interface SnapshotFile {
  kind: Kind;
  version: number;
  path: string;
  bytes: number;
  gz_bytes: number;
  sha256: string;
  count: number;
  deltas: number[];
  ways?: [through: number, since: number][] | undefined;
  signatures?: Signature[] | undefined;
}

/** The track of programs that this one is of; a manifest says from which track on its files can be read. */
export const CLIENT_TRACK = 1;

/** Which files belong together. */
export interface Manifest {
  type: 'manifest';
  schema: 1;
  seq: number;
  generated_at: string;
  next_expected_at: string | null;
  min_client: number;
  files: SnapshotFile[];
}

/** What the rules role signs: which rules, as the hash of the whole file. */
export const rulesStatement = ({ version, sha256, bytes }: Pick<SnapshotFile, 'version' | 'sha256' | 'bytes'>) => ({
  type: 'rules' as const,
  version,
  sha256,
  bytes,
});

/** A document with the signatures over its canonical text. */
export interface Signed<T> {
  signed: T;
  signatures: Signature[];
}

/** Where things stand; all but the first are immutable. */
export const PATHS = {
  pointer: 'pointer.json',
  root: (version: number) => `root/${version}.json`,
  manifest: (seq: number, packed = false) => `manifest/${seq}.json${packed ? '.br' : ''}`,
  content: (sha256: string) => `o/${sha256}.gz`,
  delta: (kind: Kind, from: number, to: number, packed: 'br' | 'gz' = 'br') =>
    `delta/${kind}/${from}-${to}.json.${packed}`,
} as const;

/** A delta of a file is offered, and taken, up to this part of the packed whole; unpacked it is no longer than the whole. */
export const WORTH = 0.4;
