import type { EntityManager } from 'typeorm';
import { AppError } from '#libs/errors/app-error';
import type { FreshNode } from '#libs/timeline/objects/node';
import { nextDepth, pack, unpack } from './body.js';
import { holdNodes, type Held } from './hold-nodes.js';
import { cacheOf, KeptNode } from './node-cache.js';

const bytes = (hash: string) => Buffer.from(hash, 'hex');

/** The texts of nodes by their hashes; one that is not kept is `internal`: nothing refers to what is not there. */
export async function readNodes(manager: EntityManager, hashes: readonly string[]): Promise<Map<string, string>> {
  const nodes = await keptNodes(manager, hashes);
  return new Map([...nodes].map(([hash, { text }]) => [hash, text]));
}

/**
 * Keeps nodes, each once however often it comes; what is there already, and what stands in `also`, is marked as in use, so
 * that it is not collected. A later version of a node is kept as its difference to the earlier one. One that collection has
 * left without what it is a difference to is written anew.
 */
export async function keepNodes(
  manager: EntityManager,
  nodes: ReadonlyMap<string, FreshNode>,
  also: readonly string[] = [],
): Promise<void> {
  const likes = [...new Set([...nodes.values()].flatMap(({ like }) => like ?? []))];
  const before = await keptNodes(manager, likes);
  const held = await holdNodes(manager, [...new Set([...nodes.keys(), ...likes, ...also])]);
  const missing = [...nodes].filter(([hash]) => !held.whole.has(hash)).sort(([a], [b]) => (a < b ? -1 : 1));
  const cache = cacheOf(manager.connection);
  const rows = missing.map(([hash, { text, like }]) => {
    const node = KeptNode.ofText(text);
    cache.put(hash, node);
    return { hash, ...placed(node, like, before, held) };
  });
  const [fresh, anew] = [
    rows.filter(({ hash }) => !held.broken.has(hash)),
    rows.filter(({ hash }) => held.broken.has(hash)),
  ];
  if (fresh.length > 0)
    await manager.query(
      `insert into objects (sha256, base, depth, body)
       select * from unnest($1::bytea[], $2::bigint[], $3::smallint[], $4::bytea[]) on conflict do nothing`,
      [fresh.map(({ hash }) => bytes(hash)), ...columns(fresh)],
    );
  if (anew.length > 0)
    await manager.query(
      `update objects o set base = t.base, depth = t.depth, body = t.body, touched_at = current_date
       from unnest($1::bigint[], $2::bigint[], $3::smallint[], $4::bytea[]) as t (seq, base, depth, body) where o.seq = t.seq`,
      [anew.map(({ hash }) => held.broken.get(hash)), ...columns(anew)],
    );
}

interface Placed {
  base: string | null;
  depth: number;
  body: Buffer;
}

const columns = (rows: readonly Placed[]) => [
  rows.map(({ base }) => base),
  rows.map(({ depth }) => depth),
  rows.map(({ body }) => body),
];

/** What is kept of a node: its difference to the one before it, or, where that is not there or enough came before it, all of it. */
function placed(node: KeptNode, like: string | null, before: ReadonlyMap<string, KeptNode>, held: Held): Placed {
  const base = like === null ? undefined : held.whole.get(like);
  const depth = base === undefined ? 0 : nextDepth(base.depth);
  if (base === undefined || depth === 0) return { base: null, depth: 0, body: pack(node.bytes) };
  return { base: base.seq, depth, body: pack(node.bytes, before.get(like!)!.bytes) };
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
  const rows = await manager.query<{ hash: string; seq: string; base: string | null; body: Buffer }[]>(
    `with recursive chain (seq, base) as (
       select seq, base from objects where sha256 = any($1)
       union select o.seq, o.base from chain c join objects o on o.seq = c.base)
     select encode(o.sha256, 'hex') as hash, o.seq, o.base, o.body from chain join objects o using (seq)`,
    [missing.map(bytes)],
  );
  const bySeq = new Map(rows.map((row) => [row.seq, row]));
  const decoded = new Map<string, KeptNode>();
  for (const row of rows) decode(row, bySeq, decoded);
  for (const { seq, hash } of rows) cache.put(hash, decoded.get(seq)!);
  const byHash = new Map(rows.map(({ seq, hash }) => [hash, seq]));
  for (const hash of missing) {
    const node = decoded.get(byHash.get(hash) ?? '');
    if (!node) throw new AppError('internal', `Object ${hash} is missing from the store.`);
    found.set(hash, node);
  }
  return found;
}

interface Body {
  seq: string;
  base: string | null;
  body: Buffer;
}

/** Reads a body, after what it is a difference to; one whose base is not there is left out. */
function decode(row: Body, rows: ReadonlyMap<string, Body>, into: Map<string, KeptNode>): void {
  const chain: Body[] = [];
  for (
    let each: Body | undefined = row;
    each && !into.has(each.seq);
    each = each.base === null ? undefined : rows.get(each.base)
  )
    chain.push(each);
  for (const { seq, base, body } of chain.reverse()) {
    const before = base === null ? undefined : into.get(base);
    if (base === null || before) into.set(seq, KeptNode.ofBytes(unpack(body, before?.bytes)));
  }
}
