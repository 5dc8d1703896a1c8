import type { BareMap, Changes } from '../bare-map.js';
import { CLIENT_TRACK, type Kind, type Manifest, type Signature } from '../documents.js';
import { builtKind } from './built-kind.js';
import type { DeltaLimits } from './deltas.js';
import type { HeldMap } from './held-map.js';
import type { Ranking } from './ranking.js';
import type { NewStep, Step } from './steps.js';

/** A file to be stored; `forever` ones never change under their name. */
export interface BuiltFile {
  path: string;
  bytes: Buffer;
  type: string;
  forever: boolean;
  /** When it may be forgotten, unless it is still told of; else some weeks after. */
  until?: Date;
  /** Of the bytes, where it is known already. */
  sha256?: string;
}

/** One kind of content as it is now, and as it was. */
export interface KindInput {
  kind: Kind;
  /** `unchanged` keeps what was published last, without looking at it again; changes of it cost little more than they are; bytes may be made meanwhile. */
  content: BareMap | Buffer | Promise<MadeBytes> | ChangedMap | 'unchanged';
  /** The number of this content, for what has numbers of its own; unless given, that of the manifest. */
  version?: number;
  /** The versions known so far, oldest first. */
  steps: readonly Step[];
  /** The map that was published last; asked for only when something has changed. */
  lastMap?: () => Promise<BareMap>;
  signatures?: Signature[];
}

/** A content that is no map, and how many entries it has. */
export interface MadeBytes {
  bytes: Buffer;
  count: number;
}

/** What was published last, and how that has changed. */
export interface ChangedMap {
  of: HeldMap;
  changes: Changes;
  /** Which aliases come first now. */
  ranking?: Ranking;
}

export interface SnapshotInput {
  seq: number;
  now: Date;
  nextAt: Date | null;
  last: Manifest | null;
  /** A new manifest is made although nothing has changed, as when the keys that sign it have. */
  again?: boolean;
  kinds: readonly KindInput[];
  /** From so many entries on aliases and index are also cut into 256 shards by the hash of the key. */
  shardsFrom: number;
  /** How many entries each capped tier of the alias map has, and, for all of them at once, how well known the work of a key is. */
  tiers: { sizes: readonly number[]; known: (key: string) => number };
  /** How much the deltas of a map may cost, unless it is what a map of a million entries may. */
  deltaLimits?: DeltaLimits;
  /** Is given files as soon as they are made, before it is known whether the others can be. */
  onFiles?: (files: readonly BuiltFile[]) => void;
}

export interface BuiltSnapshot {
  /** Undefined when nothing has changed since the last one; of its files then all but those of another order are there already. */
  manifest?: Manifest;
  files: BuiltFile[];
  steps: (NewStep & { kind: Kind; sha256: string })[];
}

/**
 * Builds a snapshot: equal contents give equal bytes, and content that has not changed keeps its version and its file. Only
 * the manifest tells a time, which is given.
 */
export async function buildSnapshot(input: SnapshotInput): Promise<BuiltSnapshot> {
  const kinds = await allOrNone(
    input.kinds.map((one) =>
      builtKind(
        input,
        one,
        input.last?.files.find(({ kind }) => kind === one.kind),
      ),
    ),
  );
  const files = kinds.flatMap((one) => one.files);
  const steps = kinds.flatMap(({ step }) => step ?? []);
  const entries = kinds.flatMap(({ entry }) => entry ?? []);
  const isToldAnew = kinds.some((one) => one.isToldAnew);
  if (steps.length === 0 && !isToldAnew && input.again !== true) return { files, steps: [] };
  const { seq, now, nextAt } = input;
  const manifest: Manifest = {
    type: 'manifest',
    schema: 1,
    seq,
    generated_at: now.toISOString(),
    next_expected_at: nextAt?.toISOString() ?? null,
    min_client: CLIENT_TRACK,
    files: entries,
  };
  return { manifest, files, steps };
}

/** All of these; when one fails, not before the others have come to their end, so that nothing happens behind it. */
async function allOrNone<T>(works: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(works);
  return Promise.all(works);
}
