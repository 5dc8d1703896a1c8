import { hash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { BareMap, Changes } from '../bare-map.js';
import type { Kind } from '../documents.js';
import type { BuiltFile } from './build-snapshot.js';
import { doAside } from './build-threads.js';
import { Entries } from './entries.js';
import { plainGzip } from './gzip.js';
import { packedSome, type PackedSome } from './packed-some.js';
import { changedParts, inBatches, Part, type OnParts, type PartMemo } from './parts.js';
import type { PieceTable } from './piece.js';
import { PiecedMap, type OnText } from './pieced-map.js';
import { Ranking } from './ranking.js';

/** A map with all that is made of it for simple clients: shards by the first byte of the SHA-256 of a key, and tiers of the best-known keys. */
export interface HeldMap {
  whole: Part;
  /** By the paths of their packed files. */
  parts: ReadonlyMap<string, Part>;
  ranking: Ranking | undefined;
  /** What was under each key that is not as it was in the map this one was made from. */
  undo?: ReadonlyMap<string, string | undefined>;
}

/** Which parts a map shall have. */
export interface Parts {
  /** Whether a map of so many entries has shards. */
  shards: (size: number) => boolean;
  /** How many entries each tier has, of this order, or of the one that comes of how well known the work of each key is. */
  tiers: ({ sizes: readonly number[] } & ({ ranking: Ranking } | { known: (key: string) => number })) | undefined;
  /** Is given the text of a new map while it is being packed. */
  onText?: OnText;
  /** Is given parts while others are still being made. */
  onParts?: OnParts | undefined;
  /** Is given the map itself while its parts are still being made. */
  onWhole?: (whole: Part, undo: HeldMap['undo']) => void;
}

/** Fewer bytes are packed here sooner than there. */
const WORTH_THREADS = 2 ** 18;

const shardPath = (kind: Kind, shard: string) => `shard/${kind}/${shard}.json.gz`;
const tierPath = (kind: Kind, size: number) => `top/${size}/${kind}.json.gz`;

/** The parts of a map made from all of it. */
export async function heldMap(
  kind: Kind,
  map: BareMap,
  { shards, tiers, onText, onParts, onWhole }: Parts,
): Promise<HeldMap> {
  const entries = await Entries.of(map);
  const wanted = new Map<string, Uint32Array>(shards(map.size) ? shardsOf(kind, entries.keys) : []);
  const ranking = tiers && rankingOf(tiers, entries.keys);
  for (const size of tiers?.sizes ?? [])
    wanted.set(tierPath(kind, size), Uint32Array.from(ranking!.top(size), (key) => entries.placeOf(key)).sort());
  const wholeFirst = PiecedMap.ofEntries(entries, onText).then((made) => {
    const whole = Part.of(made);
    onWhole?.(whole, undefined);
    return whole;
  });
  const [whole, parts] = await Promise.all([wholeFirst, somePacked(entries, wanted, onParts)]);
  return { whole, parts, ranking };
}

/** Parts of some entries each: of a large map on two threads. */
async function somePacked(
  entries: Entries,
  wanted: ReadonlyMap<string, Uint32Array>,
  onParts?: OnParts,
): Promise<Map<string, Part>> {
  const shared = entries.shared();
  const questions = [...wanted.values()].map((places) => () => ({ entries: shared, places }));
  const ask = async (from: number, to: number) =>
    shared.bytes.length < WORTH_THREADS
      ? questions.slice(from, to).map((question) => packedSome(question()))
      : doAside('some', questions.slice(from, to));
  const partOf = ({ gz, sha256, pieces }: PackedSome) => {
    const table = pieces.map(([last, ...rest]): PieceTable[number] => [entries.keys[last]!, ...rest]);
    return Part.packed(Buffer.from(gz.buffer, gz.byteOffset, gz.byteLength), { sha256, table });
  };
  return inBatches([...wanted.keys()], ask, partOf, onParts);
}

/** The same after some entries have changed: every byte as if it were made from all of it, for little more than what changed. */
export async function changedMap(
  kind: Kind,
  old: HeldMap,
  changes: Changes,
  { shards, tiers, onText, onParts, onWhole }: Parts,
): Promise<HeldMap> {
  const ranking = tiers && 'ranking' in tiers ? tiers.ranking : undefined;
  const isRankedAlike = !tiers || ranking?.isLike(old.ranking);
  if (changes.size === 0 && isRankedAlike) return old;
  const hasShards = old.parts.has(shardPath(kind, '00'));
  // They need not wait to hear which changes are any.
  const sharding = changedParts(old.parts, hasShards ? byShard(kind, changes) : new Map<string, Changes>(), onParts);
  sharding.catch(() => undefined);
  const { undo, size: entries, map } = await (await old.whole.open()).with(changes);
  if (undo.size === 0 && isRankedAlike) return sharding.then(() => old);
  if (shards(entries) !== hasShards || (tiers && !(ranking && old.ranking))) {
    const onNew = (whole: Part) => onWhole?.(whole, undo);
    const all = (await map()).whole();
    await sharding;
    return { ...(await heldMap(kind, all, { shards, tiers, onText, onParts, onWhole: onNew })), undo };
  }
  const real = new Map([...undo.keys()].map((key) => [key, changes.get(key)]));
  const wholeMade = map(onText).then((made) => {
    const whole = undo.size === 0 ? old.whole : Part.of(made);
    onWhole?.(whole, undo);
    return { made, whole };
  });
  const tier = async (size: number): Promise<[path: string, part: Part][]> => {
    const { made } = await wholeMade;
    const path = tierPath(kind, size);
    const [before, now] = [new Set(old.ranking!.top(size)), new Set(ranking!.top(size))];
    const some = new Map<string, string | undefined>();
    for (const key of before) if (!now.has(key)) some.set(key, undefined);
    for (const key of now) if (!before.has(key) || real.has(key)) some.set(key, made.find(key).text);
    if (some.size === 0) return [];
    const { map } = await (await old.parts.get(path)!.open()).with(some);
    return [[path, Part.of(await map())]];
  };
  const [changed, { whole }, ...young] = await Promise.all([sharding, wholeMade, ...(tiers?.sizes ?? []).map(tier)]);
  const parts = new Map([...old.parts, ...changed, ...young.flat()]);
  return { whole, parts, ranking, undo };
}

/** What has to be kept beside the packed files to change them piece by piece. */
export async function memoOf(kind: Kind, { whole, parts, ranking }: HeldMap): Promise<BuiltFile> {
  const memo: Memo = {
    format: FORMAT,
    whole: whole.memo,
    parts: Object.fromEntries([...parts].map(([path, part]) => [path, part.memo])),
    ranking: ranking?.told() ?? null,
  };
  const bytes = await plainGzip(Buffer.from(JSON.stringify(memo)));
  return { path: memoPath(kind), bytes, type: 'application/gzip', forever: false };
}

/** A map as its files hold it; undefined when nothing was kept of it. Files are read when something in them changes. */
export async function readHeldMap(
  kind: Kind,
  path: string,
  read: (path: string) => Promise<Buffer | undefined>,
): Promise<HeldMap | undefined> {
  const kept = await read(memoPath(kind));
  if (!kept) return undefined;
  const memo = JSON.parse((await promisify(gunzip)(kept)).toString()) as Memo;
  if (memo.format !== FORMAT) return undefined;
  const part = (from: string, told: PartMemo) => Part.kept(told, () => read(from));
  return {
    whole: part(path, memo.whole),
    parts: new Map(Object.entries(memo.parts).map(([from, told]) => [from, part(from, told)])),
    ranking: memo.ranking ? Ranking.read(memo.ranking) : undefined,
  };
}

const FORMAT = 2;

interface Memo {
  format: typeof FORMAT;
  whole: PartMemo;
  parts: Record<string, PartMemo>;
  ranking: ReturnType<Ranking['told']> | null;
}

const memoPath = (kind: Kind) => `pieces/${kind}.json.gz`;

/** Entries by the files of the shards they are in; only the shards that have some. */
function byShard(kind: Kind, entries: Changes): Map<string, Changes> {
  const parts = new Map<string, Map<string, string | undefined>>();
  for (const [key, text] of entries) {
    const path = shardPath(kind, shardOf(key));
    const part = parts.get(path) ?? new Map<string, string | undefined>();
    parts.set(path, part.set(key, text));
  }
  return parts;
}

/** The places of the keys of each of the 256 shards, by their paths. */
function shardsOf(kind: Kind, keys: readonly string[]): [path: string, places: Uint32Array][] {
  const shards = Array.from({ length: 256 }, (): number[] => []);
  keys.forEach((key, place) => shards[Number.parseInt(shardOf(key), 16)]!.push(place));
  return shards.map((places, byte) => [shardPath(kind, byte.toString(16).padStart(2, '0')), Uint32Array.from(places)]);
}

const shardOf = (key: string): string => hash('sha256', key).slice(0, 2);

const rankingOf = (tiers: NonNullable<Parts['tiers']>, keys: readonly string[]): Ranking =>
  'ranking' in tiers ? tiers.ranking : Ranking.of(keys, tiers.known, Math.max(...tiers.sizes));
