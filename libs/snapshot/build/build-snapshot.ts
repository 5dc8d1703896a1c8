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
  /** `unchanged` keeps what was published last, without looking at it again; changes of it cost little more than they are. */
  content: BareMap | Buffer | ChangedMap | 'unchanged';
  /** The number of this content, for what has numbers of its own; unless given, that of the manifest. */
  version?: number;
  /** How many entries a content that is bytes has. */
  count?: number;
  /** The versions known so far, oldest first. */
  steps: readonly Step[];
  /** The map that was published last; asked for only when something has changed. */
  lastMap?: () => Promise<BareMap>;
  signatures?: Signature[];
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
  const files: BuiltFile[] = [];
  const steps: BuiltSnapshot['steps'] = [];
  const entries: SnapshotFile[] = [];
  let signedAnew = false;
  for (const one of input.kinds) {
    const old = input.last?.files.find((file) => file.kind === one.kind);
    if (one.content === 'unchanged') {
      if (old) entries.push(old);
      continue;
    }
    const made = await madeOf(input, one.kind, one.content);
    const digest = hash('sha256', made.bytes);
    if (old?.sha256 === digest) {
      // The same content under other keys is the same file, signed anew.
      const isSignedAnew = canonicalText(old.signatures) !== canonicalText(one.signatures);
      signedAnew ||= isSignedAnew;
      entries.push(isSignedAnew && one.signatures ? { ...old, signatures: one.signatures } : old);
      files.push(...(await partFiles(input, one, made)).filter(({ forever }) => !forever));
      continue;
    }
    const step = await stepOf(input, one, made);
    const { entry, built } = await buildFile(input, one, { ...made, sha256: digest }, [...one.steps, step]);
    entries.push(entry);
    files.push(...built);
    steps.push({ ...step, kind: one.kind, sha256: digest });
  }
  if (steps.length === 0 && !signedAnew && input.again !== true) return { files, steps: [] };
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

interface Made {
  bytes: Buffer<ArrayBuffer>;
  /** What there is of it besides its bytes, when it is a map. */
  map?: { held: HeldMap; whole: PiecedMap };
}

async function madeOf(input: SnapshotInput, kind: Kind, content: BareMap | Buffer | ChangedMap): Promise<Made> {
  if (Buffer.isBuffer(content)) return { bytes: content as Buffer<ArrayBuffer> };
  const held =
    'of' in content
      ? await changedMap(kind, content.of, content.changes, partsOf(input, kind, content.ranking))
      : await heldMap(kind, content, partsOf(input, kind, rankingOf(input, kind, content)));
  const whole = await held.whole.open();
  return { bytes: whole.bytes, map: { held, whole } };
}

/** The aliases and the index are cut into shards, the aliases into tiers too. */
function partsOf({ shardsFrom, tiers: { sizes } }: SnapshotInput, kind: Kind, ranking: Ranking | undefined): Parts {
  return {
    shards: (size) => (kind === 'alias' || kind === 'index') && size >= shardsFrom,
    tiers: ranking && { sizes, ranking },
  };
}

const rankingOf = ({ tiers: { sizes, known } }: SnapshotInput, kind: Kind, map: BareMap): Ranking | undefined =>
  kind === 'alias' ? Ranking.of(map, known, Math.max(...sizes)) : undefined;

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
  const { kind, count, signatures } = one;
  const { bytes, map } = made;
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
    count: map?.whole.size ?? count ?? 1,
    deltas: deltas.map(({ from }) => from),
    ...(signatures && { signatures }),
  };
  const built: BuiltFile[] = [
    { path, bytes: gz, type: 'application/gzip', forever: true, ...(map && { sha256: map.held.whole.memo.sha256 }) },
    ...deltas.flatMap(({ path: delta, br, gz: twin }) => [
      { path: `${delta}.br`, bytes: br, type: 'application/octet-stream', forever: true },
      { path: `${delta}.gz`, bytes: twin, type: 'application/gzip', forever: true },
    ]),
    ...(await partFiles(input, one, made)),
  ];
  return { entry, built };
}

/** The files that a map has besides its content, as far as they are others than before. */
async function partFiles({ seq }: SnapshotInput, { kind, content }: KindInput, { map }: Made): Promise<BuiltFile[]> {
  const before = typeof content === 'object' && 'of' in content ? content.of : undefined;
  if (!map || map.held === before) return [];
  return [...(await convenienceFiles(seq, kind, { held: map.held, before })), await memoOf(kind, map.held)];
}
