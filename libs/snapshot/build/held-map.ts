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
  whole: PiecedMap;
  /** By the paths of their packed files. */
  parts: ReadonlyMap<string, PiecedMap>;
  ranking: Ranking | undefined;
}

/** Which parts a map shall have. */
export interface Parts {
  shards: boolean;
  /** How many entries each tier has, of this order. */
  tiers: { sizes: readonly number[]; ranking: Ranking } | undefined;
}

export const shardPath = (kind: Kind, shard: string) => `shard/${kind}/${shard}.json.gz`;
export const tierPath = (kind: Kind, size: number) => `top/${size}/${kind}.json.gz`;

/** The parts of a map made from all of it. */
export async function heldMap(kind: Kind, map: BareMap, { shards, tiers }: Parts): Promise<HeldMap> {
  const whole = await PiecedMap.of(map);
  const parts = new Map<string, PiecedMap>();
  for (const [shard, part] of shards ? byShard(map) : []) parts.set(shardPath(kind, shard), await PiecedMap.of(part));
  for (const size of tiers?.sizes ?? []) {
    const part = new Map(tiers!.ranking.top(size).map((key) => [key, map.get(key)!]));
    parts.set(tierPath(kind, size), await PiecedMap.of(part));
  }
  return { whole, parts, ranking: tiers?.ranking };
}

/** The same after some entries have changed: every byte as if it were made from all of it, for little more than what changed. */
export async function changedMap(kind: Kind, old: HeldMap, changes: Changes, wish: Parts): Promise<HeldMap> {
  const real = new Map([...changes].filter(([key, text]) => old.whole.get(key) !== text));
  if (real.size === 0 && wish.tiers?.ranking.isLike(old.ranking) !== false) return old;
  const whole = await old.whole.with(real);
  if (wish.shards !== old.parts.has(shardPath(kind, '00')) || (wish.tiers && !old.ranking))
    return heldMap(kind, whole.whole(), wish);
  const parts = new Map<string, PiecedMap>();
  for (const [shard, some] of wish.shards ? byShard(real) : []) {
    const part = old.parts.get(shardPath(kind, shard))!;
    parts.set(shardPath(kind, shard), some.size === 0 ? part : await part.with(some));
  }
  for (const size of wish.tiers?.sizes ?? []) {
    const [before, now] = [new Set(old.ranking!.top(size)), new Set(wish.tiers!.ranking.top(size))];
    const some = new Map<string, string | undefined>();
    for (const key of before) if (!now.has(key)) some.set(key, undefined);
    for (const key of now) if (!before.has(key) || real.has(key)) some.set(key, whole.get(key));
    const part = old.parts.get(tierPath(kind, size))!;
    parts.set(tierPath(kind, size), some.size === 0 ? part : await part.with(some));
  }
  return { whole, parts, ranking: wish.tiers?.ranking };
}

/** What has to be kept beside the packed files to change them piece by piece. */
export async function memoOf(kind: Kind, { whole, parts, ranking }: HeldMap, packed: Packed): Promise<BuiltFile> {
  const of = (map: PiecedMap): Memo['whole'] => ({ sha256: packed(map).sha256, table: map.table() });
  const memo: Memo = {
    format: 1,
    whole: of(whole),
    parts: Object.fromEntries([...parts].map(([path, part]) => [path, of(part)])),
    ranking: ranking?.told() ?? null,
  };
  const bytes = await plainGzip(Buffer.from(JSON.stringify(memo)));
  return { path: memoPath(kind), bytes, type: 'application/gzip', forever: false };
}

/** A map as its files hold it; undefined when one of them is not there, or not what was kept beside it. */
export async function readHeldMap(
  kind: Kind,
  path: string,
  read: (path: string) => Promise<Buffer | undefined>,
): Promise<HeldMap | undefined> {
  const kept = await read(memoPath(kind));
  if (!kept) return undefined;
  const memo = JSON.parse((await promisify(gunzip)(kept)).toString()) as Memo;
  if (memo.format !== 1) return undefined;
  const open = async (from: string, { sha256, table }: Memo['whole']) => {
    const gz = await read(from);
    return gz && hash('sha256', gz) === sha256 ? PiecedMap.read(gz, table) : undefined;
  };
  const whole = await open(path, memo.whole);
  if (!whole) return undefined;
  const parts = new Map<string, PiecedMap>();
  for (const [from, part] of Object.entries(memo.parts)) {
    const opened = await open(from, part);
    if (!opened) return undefined;
    parts.set(from, opened);
  }
  return { whole, parts, ranking: memo.ranking ? Ranking.read(memo.ranking) : undefined };
}

/** The packed file of a map, with its hash, made once. */
export type Packed = (map: PiecedMap) => { gz: Buffer; sha256: string };

interface Memo {
  format: 1;
  whole: { sha256: string; table: PieceTable };
  parts: Record<string, Memo['whole']>;
  ranking: ReturnType<Ranking['told']> | null;
}

const memoPath = (kind: Kind) => `pieces/${kind}.json.gz`;

function byShard<T extends string | undefined>(entries: ReadonlyMap<string, T>): Map<string, Map<string, T>> {
  const parts = new Map<string, Map<string, T>>();
  for (let byte = 0; byte < 256; byte++) parts.set(byte.toString(16).padStart(2, '0'), new Map());
  for (const [key, text] of entries) parts.get(hash('sha256', key).slice(0, 2))!.set(key, text);
  return parts;
}
