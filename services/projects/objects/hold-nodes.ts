import type { EntityManager } from 'typeorm';

/** A node that is there and stays: its key, and its place in its chain of differences. */
export interface HeldNode {
  seq: string;
  depth: number;
}

/** What is there of the nodes asked for: those whose text can be read, and those that collection has left without their base. */
export interface Held {
  whole: Map<string, HeldNode>;
  broken: Map<string, string>;
}

interface Row extends HeldNode {
  hash: string;
  base: string | null;
  is_old: boolean;
}

/**
 * Keeps nodes from being collected until the transaction ends and for the grace after it: those that were not touched today
 * are touched, and what they are differences to as well. Collection leaves alone what was touched within its grace, and all
 * that this is a difference to, so that it need not be looked at further than to what was touched today.
 */
export async function holdNodes(manager: EntityManager, hashes: readonly string[]): Promise<Held> {
  if (hashes.length === 0) return { whole: new Map(), broken: new Map() };
  const wanted = hashes.map((hash) => Buffer.from(hash, 'hex'));
  let rows = await manager.query<Row[]>(THESE, [wanted]);
  if (rows.some(({ is_old, base }) => is_old && base !== null)) rows = await manager.query<Row[]>(WITH_BASES, [wanted]);
  const bySeq = new Map(rows.map((row) => [row.seq, row]));
  const isWhole = (row: Row): boolean => {
    if (row.base === null || !row.is_old) return true;
    const base = bySeq.get(row.base);
    return base !== undefined && isWhole(base);
  };
  await touch(manager, bySeq, isWhole);
  const byHash = new Map(rows.map((row) => [row.hash, row]));
  const held: Held = { whole: new Map(), broken: new Map() };
  for (const hash of hashes) {
    const row = byHash.get(hash);
    if (!row || !bySeq.has(row.seq)) continue;
    if (isWhole(row)) held.whole.set(hash, row);
    else held.broken.set(hash, row.seq);
  }
  return held;
}

const THESE = `
  select encode(sha256, 'hex') as hash, seq, base, depth, touched_at < current_date as is_old
  from objects where sha256 = any($1)`;

/** Those, and what they are differences to, down to what was touched today. */
const WITH_BASES = `
  with recursive chain (seq, base, is_old) as (
    select seq, base, touched_at < current_date from objects where sha256 = any($1)
    union select o.seq, o.base, o.touched_at < current_date from chain c join objects o on o.seq = c.base where c.is_old)
  select encode(o.sha256, 'hex') as hash, o.seq, o.base, o.depth, c.is_old from chain c join objects o using (seq)`;

/** Touches what is whole and old. What was collected before we came is taken out of `rows`; what it leaves behind looks untouched. */
async function touch(manager: EntityManager, rows: Map<string, Row>, isWhole: (row: Row) => boolean): Promise<void> {
  const old = [...rows.values()].filter((row) => row.is_old && isWhole(row));
  if (old.length === 0) return;
  const [touched] = await manager.query<[{ seq: string }[], number]>(
    `update objects set touched_at = current_date where seq in
       (select seq from objects where seq = any($1) order by seq for no key update) returning seq`,
    [old.map(({ seq }) => seq)],
  );
  if (touched.length === old.length) return;
  const there = new Set(touched.map(({ seq }) => seq));
  for (const { seq } of old) if (!there.has(seq)) rows.delete(seq);
  const broken = touched.filter(({ seq }) => !isWhole(rows.get(seq)!));
  await manager.query(`update objects set touched_at = 'epoch' where seq = any($1)`, [broken.map(({ seq }) => seq)]);
}
