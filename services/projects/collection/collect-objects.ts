import type { EntityManager } from 'typeorm';
import { hashesIn, parseNode } from '#libs/timeline/objects/node';
import { HashList } from '../domain/hash-list.js';
import { readNodes } from '../objects/object-store.js';
import type { Grace } from './dead-commits.query.js';

const AT_ONCE = 1000;

/**
 * Removes the nodes that no commit's document has, and no kept node is a difference to, if nobody came to use them within
 * the grace; gives how many. Work goes on meanwhile: what a writer holds is passed over, and what one finds again is marked
 * as in use before its commit is made.
 */
export async function collectObjects(manager: EntityManager, { days }: Grace): Promise<number> {
  const needed = await neededObjects(manager);
  let collected = 0;
  let last = '';
  for (;;) {
    const rows = await manager.query<{ hash: string }[]>(
      `select encode(sha256, 'hex') as hash from objects
       where sha256 > decode($1, 'hex') and touched_at < now() - make_interval(days => $2) order by sha256 limit $3`,
      [last, days, AT_ONCE],
    );
    if (rows.length === 0) return collected;
    last = rows.at(-1)!.hash;
    const dead = rows.filter(({ hash }) => needed.find(hash) < 0).map(({ hash }) => Buffer.from(hash, 'hex'));
    if (dead.length === 0) continue;
    const [, removed] = await manager.query<[unknown[], number]>(
      `delete from objects where sha256 in (
         select sha256 from objects where sha256 = any($1) and touched_at < now() - make_interval(days => $2)
         order by sha256 for update skip locked)`,
      [dead, days],
    );
    collected += removed;
  }
}

/** Every node of every commit's document, and all that these are differences to. */
async function neededObjects(manager: EntityManager): Promise<HashList> {
  const needed = new HashList();
  const walked = new HashList();
  const addTo = (list: HashList, hashes: string[]) =>
    hashes.filter((hash) => list.find(hash) < 0 && list.add(hash) >= 0);
  let last = '';
  for (;;) {
    const rows = await manager.query<{ tree: string }[]>(
      `select distinct encode(tree, 'hex') as tree, tree as place from commits where tree > decode($1, 'hex') order by place limit $2`,
      [last, AT_ONCE],
    );
    if (rows.length === 0) return needed;
    last = rows.at(-1)!.tree;
    let open = addTo(
      walked,
      rows.map(({ tree }) => tree),
    );
    while (open.length > 0) {
      const [batch, rest] = [open.slice(0, AT_ONCE), open.slice(AT_ONCE)];
      addTo(needed, batch);
      addTo(needed, await basesOf(manager, batch));
      const texts = await readNodes(manager, batch);
      const children = [...texts.values()].flatMap((text) => hashesIn(parseNode(text)));
      open = [...rest, ...addTo(walked, [...new Set(children)])];
    }
  }
}

async function basesOf(manager: EntityManager, hashes: string[]): Promise<string[]> {
  const rows = await manager.query<{ hash: string }[]>(
    `with recursive chain (base) as (
       select base from objects where sha256 = any($1)
       union select o.base from chain c join objects o on o.sha256 = c.base)
     select encode(base, 'hex') as hash from chain where base is not null`,
    [hashes.map((hash) => Buffer.from(hash, 'hex'))],
  );
  return rows.map(({ hash }) => hash);
}
