import { hash } from 'node:crypto';
import { undoOf, type BareMap } from '../bare-map.js';
import { canonicalText } from '../canonical-text.js';
import { PATHS, type Kind, type SnapshotFile } from '../documents.js';
import type { BuiltFile, BuiltSnapshot, ChangedMap, KindInput, MadeBytes, SnapshotInput } from './build-snapshot.js';
import { isShard, packedFiles, partFiles, plainFiles, packedPart } from './convenience-files.js';
import { buildDeltas, deltaFiles } from './deltas.js';
import { plainGzip } from './gzip.js';
import { changedMap, heldMap, memoOf, type HeldMap, type Parts } from './held-map.js';
import type { OnParts, Part } from './parts.js';
import type { Ranking } from './ranking.js';
import type { NewStep } from './steps.js';
import { waysThrough } from './ways.js';

export interface BuiltKind {
  files: BuiltFile[];
  /** As the manifest tells of it; undefined where there has never been any. */
  entry?: SnapshotFile | undefined;
  step?: BuiltSnapshot['steps'][number];
  /** The manifest tells of the same content otherwise than before. */
  isToldAnew?: boolean;
}

/** One kind that the snapshot is asked to have, and what it was in the last one. */
interface Wish {
  input: SnapshotInput;
  one: KindInput;
  old: SnapshotFile | undefined;
}

/** The text of a map, and the files that hold it as it is. */
interface WholeText {
  text: Buffer;
  sha256: string;
  files: BuiltFile[];
}

/** When more than this part of a map's keys differ, the way back is not kept: nobody would take such a delta. */
const MOSTLY_NEW = 0.5;

/** Builds what a snapshot has of one kind; its files are given to `onFiles` as they come about. */
export async function builtKind(input: SnapshotInput, one: KindInput, old?: SnapshotFile): Promise<BuiltKind> {
  const { content } = one;
  if (content === 'unchanged') return { files: [], entry: old };
  const wish = { input, one, old };
  if (Buffer.isBuffer(content)) return builtBytes(wish, { bytes: content, count: 1 });
  return content instanceof Promise ? builtBytes(wish, await content) : builtMap(wish, content);
}

async function builtBytes(wish: Wish, { bytes, count }: MadeBytes): Promise<BuiltKind> {
  const { input, one, old } = wish;
  const sha256 = hash('sha256', bytes);
  if (old?.sha256 === sha256) return same(old, one);
  const step: NewStep = { version: one.version ?? input.seq, at: input.now, undo: null };
  const gz = await plainGzip(bytes);
  const files = [contentFile(sha256, gz)];
  input.onFiles?.(files);
  return told(wish, { sha256, bytes: bytes.length, gz, count, deltas: [] }, step, files);
}

/** The map itself is told and written while its shards are still being packed. */
async function builtMap(wish: Wish, content: BareMap | ChangedMap): Promise<BuiltKind> {
  const { input, one, old } = wish;
  const before = 'of' in content ? content.of : undefined;
  let building: Promise<BuiltKind> | undefined;
  let whole: WholeText | undefined;
  const onText = (text: Buffer) => {
    const sha256 = hash('sha256', text);
    whole = { text, sha256, files: plainFiles(one.kind, text, sha256) };
    input.onFiles?.(whole.files);
  };
  /** Shards are written while others are still being packed; tiers, of which some are packed here, come with what is left. */
  const early = new Map<string, BuiltFile>();
  const onParts: OnParts = (parts) => {
    const files = [...parts].filter(([path]) => isShard(path)).map(([path, part]) => packedPart(path, part));
    for (const file of files) early.set(file.path, file);
    input.onFiles?.(files);
  };
  const onWhole = (part: Part, undo: HeldMap['undo']) => {
    building = builtWhole(wish, part, { undo, whole });
    // It is asked for when the parts are there; until then nobody would hear that it failed.
    building.catch(() => undefined);
  };
  try {
    const parts = (ranking?: Ranking) => ({ ...partsOf(input, one.kind, ranking), onText, onParts, onWhole });
    const held =
      'of' in content
        ? await changedMap(one.kind, content.of, content.changes, parts(content.ranking))
        : await heldMap(one.kind, content, parts());
    if (held === before) return { files: [], entry: old };
    const built = await building!;
    const late = new Map([...held.parts].filter(([path]) => !early.has(path)));
    const files = [...(await partFiles(late, before)), await memoOf(one.kind, held)];
    input.onFiles?.(files);
    return { ...built, files: [...built.files, ...early.values(), ...files] };
  } finally {
    await building?.catch(() => undefined);
  }
}

/** `whole` is its text, when that is another than it was. */
async function builtWhole(
  wish: Wish,
  part: Part,
  { undo, whole }: { undo: HeldMap['undo']; whole: WholeText | undefined },
): Promise<BuiltKind> {
  const { input, one, old } = wish;
  const gz = part.gz();
  if (!whole) return samePacked(old!, one, gz);
  const { text, sha256 } = whole;
  const packed = { ...contentFile(sha256, gz), sha256: part.memo.sha256 };
  const simple = packedFiles(input.seq, one.kind, part);
  if (old?.sha256 === sha256) {
    const files = [packed, ...simple.filter(({ forever }) => !forever)];
    input.onFiles?.(files);
    return { ...samePacked(old, one, gz), files: [...whole.files, ...files] };
  }
  const files = [packed, ...simple];
  input.onFiles?.(files);
  const map = await part.open();
  const step = await stepOf(wish, undo, map.size);
  const sizes = { bytes: text.length, gzBytes: gz.length, now: input.now };
  const { deltas, since } = await buildDeltas(map, [...one.steps, step], sizes, input.deltaLimits);
  const packedDeltas = deltas.flatMap((delta) => deltaFiles(one.kind, delta));
  input.onFiles?.(packedDeltas);
  const made = { sha256, bytes: text.length, gz, count: map.size, deltas: deltas.map((delta) => delta.from) };
  return told(wish, made, { ...step, since }, [...whole.files, ...files, ...packedDeltas]);
}

/** The aliases and the index are cut into shards, the aliases into tiers too. */
function partsOf({ shardsFrom, tiers: { sizes, known } }: SnapshotInput, kind: Kind, ranking?: Ranking): Parts {
  return {
    shards: (size) => (kind === 'alias' || kind === 'index') && size >= shardsFrom,
    tiers: kind === 'alias' ? { sizes, ...(ranking ? { ranking } : { known }) } : undefined,
  };
}

async function stepOf({ input, one }: Wish, changed: HeldMap['undo'], size: number): Promise<NewStep> {
  const { content, lastMap, steps, version = input.seq } = one;
  const last = steps.length > 0 && content instanceof Map ? await lastMap?.() : undefined;
  const undo = last ? undoOf(last, content as BareMap) : steps.length > 0 ? changed : undefined;
  if (!undo) return { version, at: input.now, undo: null };
  const tooMany = undo.size > 64 && undo.size > (last?.size ?? size) * MOSTLY_NEW;
  return { version, at: input.now, undo: tooMany ? null : [...undo].map(([key, text]) => [key, text ?? null]) };
}

/** The same content is the same file; under other keys it is signed anew. */
function same(old: SnapshotFile, { signatures }: KindInput): BuiltKind {
  const isToldAnew = canonicalText(old.signatures) !== canonicalText(signatures);
  return { files: [], entry: isToldAnew && signatures ? { ...old, signatures } : old, isToldAnew };
}

/** The same content, which another program may pack into more bytes: clients read no more than they are told, from caches too. */
function samePacked(old: SnapshotFile, one: KindInput, gz: Buffer): BuiltKind {
  const kept = same(old, one);
  return gz.length <= old.gz_bytes
    ? kept
    : { ...kept, entry: { ...kept.entry!, gz_bytes: gz.length }, isToldAnew: true };
}

function told(
  { one: { kind, steps, signatures } }: Wish,
  made: { sha256: string; bytes: number; gz: Buffer; count: number; deltas: number[] },
  step: NewStep,
  files: BuiltFile[],
): BuiltKind {
  const { sha256, bytes, gz, count, deltas } = made;
  const entry: SnapshotFile = {
    kind,
    version: step.version,
    path: PATHS.content(sha256),
    bytes,
    gz_bytes: gz.length,
    sha256,
    count,
    deltas,
    ways: waysThrough(steps, deltas),
    ...(signatures && { signatures }),
  };
  return { files, entry, step: { ...step, kind, sha256 } };
}

const contentFile = (sha256: string, gz: Buffer): BuiltFile => ({
  path: PATHS.content(sha256),
  bytes: gz,
  type: 'application/gzip',
  forever: true,
});
