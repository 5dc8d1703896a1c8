import { hash } from 'node:crypto';
import { undoOf, type BareMap } from '../bare-map.js';
import { canonicalText } from '../canonical-text.js';
import { CLIENT_TRACK, PATHS, type Kind, type Manifest, type Signature, type SnapshotFile } from '../documents.js';
import { convenienceFiles } from './convenience-files.js';
import { buildDeltas, type Step } from './deltas.js';
import { plainGzip } from './gzip.js';
import { changedMap, heldMap, memoOf, type HeldMap, type Parts } from './held-map.js';
import type { Changes, PiecedMap } from './pieced-map.js';
import { Ranking } from './ranking.js';

/** A file to be stored; `forever` ones never change under their name. */
export interface BuiltFile {
  path: string;
  bytes: Buffer;
  type: string;
  forever: boolean;
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
  /** Is given the files of a kind as soon as they are made, before it is known whether the others can be. */
  onFiles?: (files: readonly BuiltFile[]) => void;
}

export interface BuiltSnapshot {
  /** Undefined when nothing has changed since the last one; of its files then all but those of another order are there already. */
  manifest?: Manifest;
  files: BuiltFile[];
  steps: (Step & { kind: Kind; sha256: string })[];
}

/** When more than this part of a map's keys differ, the way back is not kept: nobody would take such a delta. */
const MOSTLY_NEW = 0.5;

/**
 * Builds a snapshot: equal contents give equal bytes, and content that has not changed keeps its version and its file. Only
 * the manifest tells a time, which is given.
 */
export async function buildSnapshot(input: SnapshotInput): Promise<BuiltSnapshot> {
  const old = (kind: Kind) => input.last?.files.find((file) => file.kind === kind);
  const kinds = await allOrNone(
    input.kinds.map(async (one) => {
      const built = await builtKind(input, one, old(one.kind));
      input.onFiles?.(built.files);
      return built;
    }),
  );
  const files = kinds.flatMap((one) => one.files);
  const steps = kinds.flatMap(({ step }) => step ?? []);
  const entries = kinds.flatMap(({ entry }) => entry ?? []);
  const isSignedAnew = kinds.some((one) => one.isSignedAnew);
  if (steps.length === 0 && !isSignedAnew && input.again !== true) return { files, steps: [] };
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

interface BuiltKind {
  files: BuiltFile[];
  /** As the manifest tells of it; undefined where there has never been any. */
  entry?: SnapshotFile | undefined;
  step?: BuiltSnapshot['steps'][number];
  isSignedAnew?: boolean;
}

async function builtKind(input: SnapshotInput, one: KindInput, old: SnapshotFile | undefined): Promise<BuiltKind> {
  if (one.content === 'unchanged') return { files: [], entry: old };
  const made = await madeOf(input, one.kind, one.content);
  const sha256 = hash('sha256', made.bytes);
  if (old?.sha256 === sha256) {
    // The same content under other keys is the same file, signed anew.
    const isSignedAnew = canonicalText(old.signatures) !== canonicalText(one.signatures);
    const entry = isSignedAnew && one.signatures ? { ...old, signatures: one.signatures } : old;
    const files = (await partFiles(input, one, { ...made, sha256 })).filter(({ forever }) => !forever);
    return { files, entry, isSignedAnew };
  }
  const step = await stepOf(input, one, made);
  const built = await buildFile(input, one, { ...made, sha256 }, [...one.steps, step]);
  return { ...built, step: { ...step, kind: one.kind, sha256 } };
}

interface Made {
  bytes: Buffer;
  count: number;
  /** What there is of it besides its bytes, when it is a map. */
  map?: { held: HeldMap; whole: PiecedMap };
}

async function madeOf(
  input: SnapshotInput,
  kind: Kind,
  content: Exclude<KindInput['content'], 'unchanged'>,
): Promise<Made> {
  if (Buffer.isBuffer(content)) return { bytes: content, count: 1 };
  if (content instanceof Promise) return content;
  const held =
    'of' in content
      ? await changedMap(kind, content.of, content.changes, partsOf(input, kind, content.ranking))
      : await heldMap(kind, content, partsOf(input, kind));
  const whole = await held.whole.open();
  return { bytes: whole.bytes, count: whole.size, map: { held, whole } };
}

/** The aliases and the index are cut into shards, the aliases into tiers too. */
function partsOf({ shardsFrom, tiers: { sizes, known } }: SnapshotInput, kind: Kind, ranking?: Ranking): Parts {
  return {
    shards: (size) => (kind === 'alias' || kind === 'index') && size >= shardsFrom,
    tiers: kind === 'alias' ? { sizes, ...(ranking ? { ranking } : { known }) } : undefined,
  };
}

async function stepOf(
  { seq, now }: SnapshotInput,
  { content, lastMap, steps, version = seq }: KindInput,
  made: Made,
): Promise<Step> {
  const last = steps.length > 0 && content instanceof Map ? await lastMap?.() : undefined;
  const undo = last ? undoOf(last, content as BareMap) : steps.length > 0 ? made.map?.held.undo : undefined;
  if (!undo) return { version, at: now, undo: null };
  const tooMany = undo.size > 64 && undo.size > (last?.size ?? made.map!.whole.size) * MOSTLY_NEW;
  return { version, at: now, undo: tooMany ? null : [...undo].map(([key, text]) => [key, text ?? null]) };
}

async function buildFile(
  input: SnapshotInput,
  one: KindInput,
  { sha256: digest, ...made }: Made & { sha256: string },
  steps: readonly Step[],
) {
  const { kind, signatures } = one;
  const { bytes, count, map } = made;
  const gz = map ? map.held.whole.gz() : await plainGzip(bytes);
  const deltas = map
    ? await buildDeltas(kind, map.whole, steps, { bytes: bytes.length, gzBytes: gz.length, now: input.now })
    : [];
  const path = PATHS.content(digest);
  const entry: SnapshotFile = {
    kind,
    version: steps.at(-1)!.version,
    path,
    bytes: bytes.length,
    gz_bytes: gz.length,
    sha256: digest,
    count,
    deltas: deltas.map(({ from }) => from),
    ...(signatures && { signatures }),
  };
  const files: BuiltFile[] = [
    { path, bytes: gz, type: 'application/gzip', forever: true, ...(map && { sha256: map.held.whole.memo.sha256 }) },
    ...deltas.flatMap(({ path: delta, br, gz: twin }) => [
      { path: `${delta}.br`, bytes: br, type: 'application/octet-stream', forever: true },
      { path: `${delta}.gz`, bytes: twin, type: 'application/gzip', forever: true },
    ]),
    ...(await partFiles(input, one, { ...made, sha256: digest })),
  ];
  return { entry, files };
}

/** The files that a map has besides its content, as far as they are others than before. */
async function partFiles(
  { seq }: SnapshotInput,
  { kind, content }: KindInput,
  { map, sha256 }: Made & { sha256: string },
): Promise<BuiltFile[]> {
  const before = typeof content === 'object' && 'of' in content ? content.of : undefined;
  if (!map || map.held === before) return [];
  return [...(await convenienceFiles(seq, kind, { held: map.held, before, sha256 })), await memoOf(kind, map.held)];
}
