import { hash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { BareMap } from '../bare-map.js';
import type { Kind } from '../documents.js';
import type { BuiltFile } from './build-snapshot.js';
import { plainGzip } from './gzip.js';
import { PiecedMap, type Changes, type PieceTable } from './pieced-map.js';
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
  /** How many entries each tier has, of this order. */
  tiers: { sizes: readonly number[]; ranking: Ranking } | undefined;
}

/** A packed map: of one that was read, the bytes are fetched when they are asked for. */
export class Part {
  private map: PiecedMap | undefined;
  private packed: Buffer | undefined;

  private constructor(
    private told: PartMemo | undefined,
    private readonly fetch: () => Promise<Buffer | undefined>,
  ) {}

  static of(map: PiecedMap): Part {
    const part = new Part(undefined, async () => undefined);
    part.map = map;
    return part;
  }

  static kept(told: PartMemo, fetch: () => Promise<Buffer | undefined>): Part {
    return new Part(told, fetch);
  }

  /** The map; a packed file that is not there, or not what was kept of it, is a RangeError. */
  async open(): Promise<PiecedMap> {
    if (this.map) return this.map;
    const gz = await this.fetch();
    const isAsTold = gz && hash('sha256', gz) === this.told!.sha256;
    this.map = isAsTold ? await PiecedMap.read(gz, this.told!.table) : undefined;
    if (!this.map) throw new RangeError('A packed map is not as it was kept.');
    return this.map;
  }

  /** The packed file of a map that is open. */
  gz(): Buffer {
    return (this.packed ??= this.map!.gz());
  }

  get memo(): PartMemo {
    return (this.told ??= { sha256: hash('sha256', this.gz()), table: this.map!.table() });
  }
}

interface PartMemo {
  sha256: string;
  table: PieceTable;
}

const shardPath = (kind: Kind, shard: string) => `shard/${kind}/${shard}.json.gz`;
const tierPath = (kind: Kind, size: number) => `top/${size}/${kind}.json.gz`;

/** The parts of a map made from all of it. */
export async function heldMap(kind: Kind, map: BareMap, { shards, tiers }: Parts): Promise<HeldMap> {
  const parts = new Map<string, Part>();
  const add = async (path: string, part: BareMap) => parts.set(path, Part.of(await PiecedMap.of(part)));
  if (shards(map.size)) for (const [shard, part] of byShard(map)) await add(shardPath(kind, shard), part);
  for (const size of tiers?.sizes ?? [])
    await add(tierPath(kind, size), new Map(tiers!.ranking.top(size).map((key) => [key, map.get(key)!])));
  return { whole: Part.of(await PiecedMap.of(map)), parts, ranking: tiers?.ranking };
}

/** The same after some entries have changed: every byte as if it were made from all of it, for little more than what changed. */
export async function changedMap(
  kind: Kind,
  old: HeldMap,
  changes: Changes,
  { shards, tiers }: Parts,
): Promise<HeldMap> {
  const { map, undo } = await (await old.whole.open()).with(changes);
  if (undo.size === 0 && tiers?.ranking.isLike(old.ranking) !== false) return old;
  if (shards(map.size) !== old.parts.has(shardPath(kind, '00')) || (tiers && !old.ranking))
    return { ...(await heldMap(kind, map.whole(), { shards, tiers })), undo };
  const real = new Map([...undo.keys()].map((key) => [key, changes.get(key)]));
  const parts = new Map(old.parts);
  const change = async (path: string, some: Changes) => {
    if (some.size > 0) parts.set(path, Part.of((await (await old.parts.get(path)!.open()).with(some)).map));
  };
  if (shards(map.size)) for (const [shard, some] of byShard(real)) await change(shardPath(kind, shard), some);
  for (const size of tiers?.sizes ?? []) {
    const [before, now] = [new Set(old.ranking!.top(size)), new Set(tiers!.ranking.top(size))];
    const some = new Map<string, string | undefined>();
    for (const key of before) if (!now.has(key)) some.set(key, undefined);
    for (const key of now) if (!before.has(key) || real.has(key)) some.set(key, map.get(key));
    await change(tierPath(kind, size), some);
  }
  return { whole: undo.size === 0 ? old.whole : Part.of(map), parts, ranking: tiers?.ranking, undo };
}

/** What has to be kept beside the packed files to change them piece by piece. */
export async function memoOf(kind: Kind, { whole, parts, ranking }: HeldMap): Promise<BuiltFile> {
  const memo: Memo = {
    format: 1,
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
  if (memo.format !== 1) return undefined;
  const part = (from: string, told: PartMemo) => Part.kept(told, () => read(from));
  return {
    whole: part(path, memo.whole),
    parts: new Map(Object.entries(memo.parts).map(([from, told]) => [from, part(from, told)])),
    ranking: memo.ranking ? Ranking.read(memo.ranking) : undefined,
  };
}

interface Memo {
  format: 1;
  whole: PartMemo;
  parts: Record<string, PartMemo>;
  ranking: ReturnType<Ranking['told']> | null;
}

const memoPath = (kind: Kind) => `pieces/${kind}.json.gz`;

function byShard<T extends string | undefined>(entries: ReadonlyMap<string, T>): Map<string, Map<string, T>> {
  const parts = new Map<string, Map<string, T>>();
  for (let byte = 0; byte < 256; byte++) parts.set(byte.toString(16).padStart(2, '0'), new Map());
  for (const [key, text] of entries) parts.get(hash('sha256', key).slice(0, 2))!.set(key, text);
  return parts;
}
