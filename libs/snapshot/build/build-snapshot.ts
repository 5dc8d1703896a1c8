import { hash } from 'node:crypto';
import { undoOf, type BareMap } from '../bare-map.js';
import { canonicalText, sha256 } from '../canonical-text.js';
import { PATHS, type Kind, type Manifest, type Signature, type SnapshotFile } from '../documents.js';
import { convenienceFiles } from './convenience-files.js';
import { buildDeltas, type Step } from './deltas.js';
import { plainGzip } from './gzip.js';
import { changedMap, heldMap, memoOf, type HeldMap, type Packed, type Parts } from './held-map.js';
import type { Changes, PiecedMap } from './pieced-map.js';
import { Ranking } from './ranking.js';

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
  /** How many entries each capped tier of the alias map has, and how well known the work of a key is, or of one that changed. */
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
  for (const one of input.kinds) {
    const old = input.last?.files.find((file) => file.kind === one.kind);
    if (one.content === 'unchanged') {
      if (old) entries.push(old);
      continue;
    }
    const made = await madeOf(input, one.kind, one.content);
    const digest = await sha256(made.bytes);
    if (old?.sha256 === digest && canonicalText(old.signatures) === canonicalText(one.signatures)) {
      entries.push(old);
      files.push(...(await partFiles(input, one, made)).filter(({ forever }) => !forever));
      continue;
    }
    const step = await stepOf(input, one);
    const { entry, built } = await buildFile(input, one, { ...made, sha256: digest }, [...one.steps, step]);
    entries.push(entry);
    files.push(...built);
    steps.push({ ...step, kind: one.kind, sha256: digest });
  }
  if (steps.length === 0 && input.again !== true) return { files, steps: [] };
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

interface Made {
  bytes: Buffer<ArrayBuffer>;
  /** What there is of it besides its bytes, when it is a map. */
  held?: HeldMap;
}

async function madeOf(input: SnapshotInput, kind: Kind, content: BareMap | Buffer | ChangedMap): Promise<Made> {
  if (Buffer.isBuffer(content)) return { bytes: content as Buffer<ArrayBuffer> };
  const held =
    content instanceof Map
      ? await heldMap(kind, content as BareMap, partsOf(input, kind, content as BareMap))
      : await changedMap(kind, (content as ChangedMap).of, (content as ChangedMap).changes, partsOf(input, kind, content as ChangedMap)); // prettier-ignore
  return { bytes: held.whole.bytes, held };
}

/** The aliases and the index are cut into shards, the aliases into tiers too. */
function partsOf({ shards, tiers }: SnapshotInput, kind: Kind, content: BareMap | ChangedMap): Parts {
  const wish = { shards: shards && (kind === 'alias' || kind === 'index'), tiers: undefined };
  if (kind !== 'alias') return wish;
  const ranking =
    'of' in content
      ? content.of.ranking?.with(knownOf(content.changes, tiers.known))
      : Ranking.of(content, tiers.known, Math.max(...tiers.sizes));
  if (!ranking) throw new RangeError('Too much has changed to know which names come first: build from all of them.');
  return { ...wish, tiers: { sizes: tiers.sizes, ranking } };
}

/** How well known each key is that has changed; undefined for those that went. */
export const knownOf = (changes: Changes, known: (key: string) => number): Map<string, number | undefined> =>
  new Map([...changes].map(([key, text]) => [key, text === undefined ? undefined : known(key)]));

async function stepOf(
  { seq, now }: SnapshotInput,
  { content, lastMap, steps, version = seq }: KindInput,
): Promise<Step> {
  const undo = steps.length === 0 ? undefined : await undone(content, lastMap);
  if (!undo) return { version, at: now, undo: null };
  const tooMany = undo.way.size > 64 && undo.way.size > undo.size * MOSTLY_NEW;
  return { version, at: now, undo: tooMany ? null : [...undo.way].map(([key, text]) => [key, text ?? null]) };
}

async function undone(content: KindInput['content'], lastMap: KindInput['lastMap']) {
  if (content instanceof Map) {
    const last = await lastMap?.();
    return last && { way: undoOf(last, content as BareMap), size: last.size };
  }
  if (typeof content === 'string' || Buffer.isBuffer(content)) return undefined;
  const { of, changes } = content as ChangedMap;
  const way = new Map<string, string | undefined>();
  for (const [key, text] of changes) if (of.whole.get(key) !== text) way.set(key, of.whole.get(key));
  return { way, size: of.whole.size };
}

async function buildFile(
  input: SnapshotInput,
  one: KindInput,
  { sha256: digest, ...made }: Made & { sha256: string },
  steps: readonly Step[],
) {
  const { kind, count, signatures } = one;
  const { bytes, held } = made;
  const packed = packer();
  const gz = held ? packed(held.whole).gz : await plainGzip(bytes);
  const deltas = held
    ? await buildDeltas(kind, held.whole, steps, { bytes: bytes.length, gzBytes: gz.length, now: input.now })
    : [];
  const path = PATHS.content(digest);
  const entry: SnapshotFile = {
    kind,
    version: steps.at(-1)!.version,
    path,
    bytes: bytes.length,
    gz_bytes: gz.length,
    sha256: digest,
    count: held?.whole.size ?? count ?? 1,
    deltas: deltas.map(({ from }) => from),
    ...(signatures && { signatures }),
  };
  const built: BuiltFile[] = [
    { path, bytes: gz, type: 'application/gzip', forever: true },
    ...deltas.flatMap(({ path: delta, br, gz: twin }) => [
      { path: `${delta}.br`, bytes: br, type: 'application/octet-stream', forever: true },
      { path: `${delta}.gz`, bytes: twin, type: 'application/gzip', forever: true },
    ]),
    ...(await partFiles(input, one, made, packed)),
  ];
  return { entry, built };
}

/** The files that a map has besides its content, as far as they are others than before. */
async function partFiles(
  { seq }: SnapshotInput,
  { kind, content }: KindInput,
  { held }: Made,
  packed = packer(),
): Promise<BuiltFile[]> {
  const before = typeof content === 'object' && 'of' in content ? content.of : undefined;
  if (!held || held === before) return [];
  return [...convenienceFiles(seq, kind, { held, before, packed }), await memoOf(kind, held, packed)];
}

/** Packs each map once. */
function packer(): Packed {
  const made = new Map<PiecedMap, ReturnType<Packed>>();
  return (map) => {
    let one = made.get(map);
    if (!one) {
      const gz = map.gz();
      made.set(map, (one = { gz, sha256: hash('sha256', gz) }));
    }
    return one;
  };
}
