import type { EntityManager } from 'typeorm';
import { hashesIn, parseNode } from '#libs/timeline/objects/node';
import { HashList } from '../domain/hash-list.js';
import { readNodes } from '../objects/object-store.js';
import type { Grace } from './dead-commits.query.js';

const AT_ONCE = 1000;

/**
 * Removes the nodes that no commit's document has, and no node that stays is a difference to, if nobody came to use them
 * within the grace; gives how many, and how many bytes they took. Work goes on meanwhile: what a writer holds is passed over, and what one finds again is
 * marked as in use before its commit is made, with all that it is a difference to.
 */
export async function collectObjects(
  manager: EntityManager,
  { days }: Grace,
): Promise<{ objects: number; bytes: number }> {
  const needed = await neededObjects(manager);
  await addBasesOfFresh(manager, days, needed);
  const collected = { objects: 0, bytes: 0 };
  for await (const rows of pages(manager, 'touched_at < current_date - $2::int', days)) {
    const dead = rows.filter(({ hash }) => needed.find(hash) < 0).map(({ seq }) => seq);
    if (dead.length === 0) continue;
    const [removed] = await manager.query<{ objects: string; bytes: string }[]>(
      `with removed as (delete from objects where seq in (
         select seq from objects where seq = any($1) and touched_at < current_date - $2::int
         order by seq for update skip locked) returning pg_column_size(body) as bytes)
       select count(*) as objects, coalesce(sum(bytes), 0) as bytes from removed`,
      [dead, days],
    );
    collected.objects += Number(removed!.objects);
    collected.bytes += Number(removed!.bytes);
  }
  return collected;
}

interface Row {
  seq: string;
  hash: string;
}

/** All nodes that a condition on the grace is true of, some at a time. */
async function* pages(manager: EntityManager, condition: string, days: number): AsyncGenerator<Row[]> {
  for (let last = '0'; ;) {
    const rows = await manager.query<Row[]>(
      `select seq, encode(sha256, 'hex') as hash from objects where seq > $1 and ${condition} order by seq limit $3`,
      [last, days, AT_ONCE],
    );
    if (rows.length === 0) return;
    yield rows;
    last = rows.at(-1)!.seq;
  }
}

/** Every node of every commit's document, and all that these are differences to. */
async function neededObjects(manager: EntityManager): Promise<HashList> {
  const needed = new HashList();
  const walked = new HashList();
  let last = '0';
  for (;;) {
    const rows = await manager.query<{ seq: string; tree: string }[]>(
      `select t.seq, encode(t.sha256, 'hex') as tree from objects t
       where t.seq > $1 and exists (select 1 from commits c where c.tree_seq = t.seq) order by t.seq limit $2`,
      [last, AT_ONCE],
    );
    if (rows.length === 0) return needed;
    last = rows.at(-1)!.seq;
    let open = added(
      walked,
      rows.map(({ tree }) => tree),
    );
    while (open.length > 0) {
      const [batch, rest] = [open.slice(0, AT_ONCE), open.slice(AT_ONCE)];
      added(needed, batch);
      added(needed, await basesOf(manager, batch));
      const texts = await readNodes(manager, batch);
      const children = [...texts.values()].flatMap((text) => hashesIn(parseNode(text)));
      open = [...rest, ...added(walked, [...new Set(children)])];
    }
  }
}

/** What nobody needs yet and somebody touched stays, and so does all that it is a difference to. */
async function addBasesOfFresh(manager: EntityManager, days: number, needed: HashList): Promise<void> {
  for await (const rows of pages(manager, 'base is not null and touched_at >= current_date - $2::int', days)) {
    const others = rows.filter(({ hash }) => needed.find(hash) < 0).map(({ hash }) => hash);
    if (others.length > 0) added(needed, await basesOf(manager, others));
  }
}

const added = (list: HashList, hashes: string[]): string[] =>
  hashes.filter((hash) => list.find(hash) < 0 && list.add(hash) >= 0);

async function basesOf(manager: EntityManager, hashes: string[]): Promise<string[]> {
  const rows = await manager.query<{ hash: string }[]>(
    `with recursive chain (seq) as (
       select base from objects where sha256 = any($1) and base is not null
       union select o.base from chain c join objects o using (seq) where o.base is not null)
     select encode(sha256, 'hex') as hash from chain join objects using (seq)`,
    [hashes.map((hash) => Buffer.from(hash, 'hex'))],
  );
  return rows.map(({ hash }) => hash);
}
