import { undoOf, type BareMap } from '../bare-map.js';
import { canonicalText } from '../canonical-text.js';
import { PATHS, type Kind, type Manifest, type Signature, type SnapshotFile } from '../documents.js';
import { contentOfBytes, contentOfMap, type Content } from './content.js';
import { buildDeltas, type Step } from './deltas.js';
import { convenienceFiles } from './convenience-files.js';

/** A file to be stored; `forever` ones never change under their name. */
export interface BuiltFile {
  path: string;
  bytes: Buffer;
  type: string;
  forever: boolean;
}

/** One kind of content as it is now, and as it was. */
export interface KindInput {
  kind: Kind;
  /** `unchanged` keeps what was published last, without looking at it again. */
  content: BareMap | Buffer | 'unchanged';
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

export interface SnapshotInput {
  seq: number;
  now: Date;
  nextAt: Date | null;
  last: Manifest | null;
  /** A new manifest is made although nothing has changed, as when the keys that sign it have. */
  again?: boolean;
  kinds: readonly KindInput[];
  /** Whether the bare maps are also cut into 256 shards by the hash of the key. */
  shards: boolean;
  /** How many entries each capped tier of the alias map has, and which keys come first in it. */
  tiers: { sizes: readonly number[]; order: (keys: readonly string[]) => readonly string[] };
}

export interface BuiltSnapshot {
  /** Undefined when nothing has changed since the last one. */
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
  for (const one of input.kinds) {
    const old = input.last?.files.find((file) => file.kind === one.kind);
    if (one.content === 'unchanged') {
      if (old) entries.push(old);
      continue;
    }
    const content =
      one.content instanceof Map
        ? await contentOfMap(one.content as BareMap)
        : contentOfBytes(one.content as Buffer, one.count ?? 1);
    if (old?.sha256 === content.sha256 && canonicalText(old.signatures) === canonicalText(one.signatures)) {
      entries.push(old);
      continue;
    }
    const step = await stepOf(input, one);
    const { entry, built } = await buildFile(input, one, content, [...one.steps, step]);
    entries.push(entry);
    files.push(...built);
    steps.push({ ...step, kind: one.kind, sha256: content.sha256 });
  }
  if (steps.length === 0 && input.again !== true) return { files: [], steps: [] };
  const { seq, now, nextAt } = input;
  const manifest: Manifest = {
    type: 'manifest',
    schema: 1,
    seq,
    generated_at: now.toISOString(),
    next_expected_at: nextAt?.toISOString() ?? null,
    min_client: 1,
    files: entries,
  };
  return { manifest, files, steps };
}

async function stepOf(
  { seq, now }: SnapshotInput,
  { content, lastMap, steps, version = seq }: KindInput,
): Promise<Step> {
  const last = steps.length > 0 && content instanceof Map ? await lastMap?.() : undefined;
  if (!last) return { version, at: now, undo: null };
  const undo = undoOf(last, content as BareMap);
  const tooMany = undo.size > 64 && undo.size > last.size * MOSTLY_NEW;
  return { version, at: now, undo: tooMany ? null : [...undo].map(([key, text]) => [key, text ?? null]) };
}

async function buildFile(
  input: SnapshotInput,
  { kind, content, signatures }: KindInput,
  made: Content,
  steps: readonly Step[],
) {
  const [gz, simple] = await Promise.all([made.gz(), convenienceFiles(input, kind, content as BareMap | Buffer, made)]);
  const deltas =
    content instanceof Map
      ? await buildDeltas(kind, content as BareMap, steps, {
          bytes: made.bytes.length,
          gzBytes: gz.length,
          now: input.now,
        })
      : [];
  const path = PATHS.content(made.sha256);
  const entry: SnapshotFile = {
    kind,
    version: steps.at(-1)!.version,
    path,
    bytes: made.bytes.length,
    gz_bytes: gz.length,
    sha256: made.sha256,
    count: made.count,
    deltas: deltas.map(({ from }) => from),
    ...(signatures && { signatures }),
  };
  const built: BuiltFile[] = [
    { path, bytes: gz, type: 'application/gzip', forever: true },
    ...deltas.flatMap(({ path: delta, br, gz: twin }) => [
      { path: `${delta}.br`, bytes: br, type: 'application/octet-stream', forever: true },
      { path: `${delta}.gz`, bytes: twin, type: 'application/gzip', forever: true },
    ]),
    ...simple,
  ];
  return { entry, built };
}
