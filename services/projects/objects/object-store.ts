import type { EntityManager } from 'typeorm';
import { AppError } from '#libs/errors/app-error';
import type { FreshNode } from '#libs/timeline/objects/node';
import { nextSeq, pack, seqOfBase, unpack } from './body.js';
import { cacheOf, type KeptNode, type NodeCache } from './node-cache.js';

const bytes = (hash: string) => Buffer.from(hash, 'hex');

/** The texts of nodes by their hashes; one that is not kept is `internal`: nothing refers to what is not there. */
export async function readNodes(manager: EntityManager, hashes: readonly string[]): Promise<Map<string, string>> {
  const nodes = await keptNodes(manager, hashes);
  return new Map([...nodes].map(([hash, { text }]) => [hash, text]));
}

/**
 * Keeps nodes, each once however often it comes; what is there already, and what stands in `also`, is marked as in use, so
 * that it is not collected. A later version of a node is kept as its difference to an earlier one. One that collection has
 * left without what it is a difference to is written anew.
 */
export async function keepNodes(
  manager: EntityManager,
  nodes: ReadonlyMap<string, FreshNode>,
  also: readonly string[] = [],
): Promise<void> {
  const cache = cacheOf(manager.connection);
  const likes = [...nodes.values()].flatMap(({ like }) => like ?? []);
  const chains = await keptNodes(manager, [...new Set(likes)]);
  const places = new Map([...nodes].map(([hash, { like }]) => [hash, placeAfter(like, chains, cache)]));
  const bases = [...places.values()].flatMap(({ base }) => base ?? []);
  const held = await holdNodes(manager, [...new Set([...nodes.keys(), ...bases, ...also])]);
  const missing = [...nodes].filter(([hash]) => !held.has(hash)).sort(([a], [b]) => (a < b ? -1 : 1));
  if (missing.length === 0) return;
  const wishes = missing.map(([hash, { text }]) => ({ hash, text, ...places.get(hash)! }));
  const rows = wishes.map((wish) => {
    const base = wish.base !== null && held.has(wish.base) ? wish.base : null;
    const kept: KeptNode = { text: wish.text, base, seq: base === null ? 0 : wish.seq };
    cache.put(wish.hash, kept);
    return { ...kept, hash: wish.hash, body: pack(wish.text, base === null ? undefined : wish.baseText) };
  });
  await manager.query(
    `insert into objects (sha256, base, seq, body)
     select * from unnest($1::bytea[], $2::bytea[], $3::smallint[], $4::bytea[])
     on conflict (sha256) do update set base = excluded.base, seq = excluded.seq, body = excluded.body, touched_at = now()
     where objects.base is not null and not exists (select 1 from objects b where b.sha256 = objects.base)`,
    [
      rows.map(({ hash }) => bytes(hash)),
      rows.map(({ base }) => (base === null ? null : bytes(base))),
      rows.map(({ seq }) => seq),
      rows.map(({ body }) => body),
    ],
  );
}

/**
 * Locks nodes, and what they are differences to, against collection until the transaction ends and for the grace after it;
 * gives those that are there whole.
 */
export async function holdNodes(manager: EntityManager, hashes: readonly string[]): Promise<Set<string>> {
  if (hashes.length === 0) return new Set();
  const rows = await manager.query<{ hash: string; base: string | null; is_old: boolean }[]>(
    `with recursive chain (sha256, base) as (
       select sha256, base from objects where sha256 = any($1)
       union select o.sha256, o.base from chain c join objects o on o.sha256 = c.base)
     select encode(o.sha256, 'hex') as hash, encode(o.base, 'hex') as base, o.touched_at < now() - interval '1 hour' as is_old
     from objects o where o.sha256 in (select sha256 from chain) order by o.sha256 for key share of o`,
    [hashes.map(bytes)],
  );
  const old = rows.filter(({ is_old }) => is_old).map(({ hash }) => bytes(hash));
  if (old.length > 0)
    await manager.query(
      `update objects set touched_at = now() where sha256 in
         (select sha256 from objects where sha256 = any($1) order by sha256 for no key update)`,
      [old],
    );
  const bases = new Map(rows.map(({ hash, base }) => [hash, base]));
  const isWhole = (hash: string): boolean => {
    const base = bases.get(hash);
    return base === null || (base !== undefined && isWhole(base));
  };
  return new Set(hashes.filter(isWhole));
}

/** Where in its chain a node stands that comes after another, and what it is a difference to there. */
function placeAfter(like: string | null, chains: ReadonlyMap<string, KeptNode>, cache: NodeCache) {
  const before = like === null ? undefined : chains.get(like);
  if (!before) return { seq: 0, base: null, baseText: undefined };
  const seq = nextSeq(before.seq);
  const wanted = seqOfBase(seq);
  if (wanted === null) return { seq, base: null, baseText: undefined };
  let found: { hash: string; node: KeptNode } = { hash: like!, node: before };
  while (found.node.seq > wanted && found.node.base !== null) {
    const node = cache.get(found.node.base);
    if (!node) break;
    found = { hash: found.node.base, node };
  }
  return { seq, base: found.hash, baseText: found.node.text };
}

async function keptNodes(manager: EntityManager, hashes: readonly string[]): Promise<Map<string, KeptNode>> {
  const cache = cacheOf(manager.connection);
  const found = new Map<string, KeptNode>();
  const missing: string[] = [];
  for (const hash of hashes) {
    const node = cache.get(hash);
    if (node) found.set(hash, node);
    else missing.push(hash);
  }
  if (missing.length === 0) return found;
  const rows = await manager.query<{ hash: string; base: string | null; seq: number; body: Buffer }[]>(
    `with recursive chain (sha256, base) as (
       select sha256, base from objects where sha256 = any($1)
       union select o.sha256, o.base from chain c join objects o on o.sha256 = c.base)
     select encode(sha256, 'hex') as hash, encode(o.base, 'hex') as base, o.seq, o.body from chain join objects o using (sha256)`,
    [missing.map(bytes)],
  );
  const decoded = new Map<string, KeptNode>();
  const byHash = new Map(rows.map((row) => [row.hash, row]));
  const decode = (hash: string): KeptNode => {
    const known = decoded.get(hash);
    if (known) return known;
    const row = byHash.get(hash);
    if (!row) throw new AppError('internal', `Object ${hash} is missing from the store.`);
    const text = unpack(row.body, row.base === null ? undefined : decode(row.base).text);
    const node = { text, seq: row.seq, base: row.base };
    decoded.set(hash, node);
    cache.put(hash, node);
    return node;
  };
  for (const hash of missing) found.set(hash, decode(hash));
  return found;
}
