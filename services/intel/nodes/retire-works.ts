import type { EntityManager } from 'typeorm';
import type { Feed, FeedWork } from '#libs/contracts/intel-nodes';
import { recordChanges } from '../changes/changes.js';
import { tellOf } from '../works/take-in-works.js';
import { liveWork } from '../works/work-views.query.js';

/** Takes back all merges and splits of a node that is not followed any more; returns the works that it concerns. */
export async function takeBackRetired(manager: EntityManager, source: string): Promise<number[]> {
  const [rows] = await manager.query<[{ id: number; was: number | null }[], number]>(
    `update works w set retired = null, retired_by = null, merged_into = null, updated_at = now()
     from works old where old.id = w.id and w.retired_by = $1 returning w.id, old.merged_into as was`,
    [source],
  );
  const ids = rows.map(({ id }) => id);
  await manager.query('update works set split_from = null where split_from = any($1)', [ids]);
  return rows.flatMap(({ id, was }) => (was === null ? [id] : [id, was]));
}

/** A key that is told of as a work or a tombstone leads nowhere else, and as a work is no tombstone, if it was this node that said so. */
export async function revive(manager: EntityManager, source: string, works: readonly FeedWork[]): Promise<number[]> {
  const told = works.map(({ release_key, parts }) => ({ key: release_key, is_split: parts.length > 0 }));
  const [rows] = await manager.query<[{ id: number; was: number | null }[], number]>(
    `update works w set retired = null, retired_by = null, merged_into = null, updated_at = now()
     from json_to_recordset($1) as g(key text, is_split boolean) join works old on old.release_key = g.key
     where old.id = w.id and w.retired_by = $2 and (w.retired = 'merged' or not g.is_split)
     returning w.id, old.merged_into as was`,
    [JSON.stringify(told), source],
  );
  const ids = rows.map(({ id }) => id);
  await manager.query('update works set split_from = null where split_from = any($1) and source = $2', [ids, source]);
  return rows.flatMap(({ id, was }) => (was === null ? [id] : [id, was]));
}

/** The works that the node has split, where it brought them and nobody else has said anything of them; unknown ones are known as such. */
export async function bury(manager: EntityManager, source: string, works: readonly FeedWork[]): Promise<number[]> {
  const split = works.filter(({ parts }) => parts.length > 0);
  await manager.query(
    `insert into works (release_key, title, year, type, source, source_ref)
     select release_key, title, year, type, $2, $2 || ':' || release_key
     from json_to_recordset($1) as g(release_key text, title text, year int, type text) on conflict do nothing`,
    [JSON.stringify(split), source],
  );
  const [rows] = await manager.query<[{ id: number }[], number]>(
    `update works w set retired = 'split', retired_by = $2, title = g.title, year = g.year, updated_at = now()
     from json_to_recordset($1) as g(release_key text, title text, year int)
     where w.release_key = g.release_key and w.source = $2
       and (w.retired is null or (w.retired_by = $2 and (w.title, w.year) is distinct from (g.title, g.year)))
       and not exists (select from aliases a where a.work_id = w.id and a.withdrawn_at is null
         and (a.source <> $2 or exists (select from alias_tellers t where t.alias_id = a.id)))
       and not exists (select from works m where m.merged_into = w.id and m.source <> $2)
     returning w.id`,
    [JSON.stringify(split), source],
  );
  return rows.map(({ id }) => id);
}

/** Which works a tombstone of the node was split into, and no others of the node's. */
export async function nameParts(manager: EntityManager, source: string, works: readonly FeedWork[]): Promise<void> {
  const parts = works.flatMap(({ release_key, parts: list }) => list.map((part) => ({ whole: release_key, part })));
  await manager.query(
    `update works p set split_from = null from works w
     where p.split_from = w.id and w.retired_by = $2 and p.source = $2
       and w.release_key in (select whole from json_to_recordset($1) as g(whole text))
       and (w.release_key, p.release_key) not in (select whole, part from json_to_recordset($1) as g(whole text, part text))`,
    [JSON.stringify(parts), source],
  );
  await manager.query(
    `update works p set split_from = w.id from json_to_recordset($1) as g(whole text, part text)
     join works w on w.release_key = g.whole and w.retired = 'split' and w.retired_by = $2
     where p.release_key = g.part and p.source = $2 and p.id <> w.id`,
    [JSON.stringify(parts), source],
  );
}

/** Redirects in whatever order they come: one may lead to a key that another one makes known, or leads elsewhere first. */
export async function redirectAll(manager: EntityManager, source: string, redirects: Feed['signed']['redirects']) {
  for (let waiting = redirects, before = Infinity; waiting.length < before;) {
    before = waiting.length;
    const rest: typeof waiting = [];
    for (const one of waiting) if (!(await redirect(manager, source, one))) rest.push(one);
    waiting = rest;
  }
}

/** From now on a key leads to another, if it is new or this node brought it. False while the other is not known here, or leads to it. */
async function redirect(
  manager: EntityManager,
  source: string,
  { from, into }: { from: string; into: string },
): Promise<boolean> {
  const live = await liveWork(manager, into);
  if (!live || (live.retired !== null && live.retired_by !== source)) return false;
  await manager.query(
    `insert into works (release_key, title, year, type, source, source_ref)
     select $1::text, title, year, type, $3::text, $3 || ':' || $1 from works where release_key = $2 on conflict do nothing`,
    [from, into, source],
  );
  const [{ turns }] = await manager.query<[{ turns: boolean }]>(
    `with recursive chain as (
       select id, release_key, merged_into from works where release_key = $2
       union select w.id, w.release_key, w.merged_into from works w join chain c on w.id = c.merged_into
     ) select exists (select from chain where release_key = $1) as turns`,
    [from, into],
  );
  if (turns) return false;
  const [rows] = await manager.query<[{ id: number; was: number | null }[], number]>(
    `update works w set retired = 'merged', retired_by = $3, merged_into = b.id, updated_at = now()
     from works b, works old where b.release_key = $2 and w.release_key = $1 and old.id = w.id and w.source = $3
       and (w.retired is null or w.retired_by = $3) and w.merged_into is distinct from b.id
     returning w.id, old.merged_into as was`,
    [from, into, source],
  );
  const [moved] = rows;
  if (!moved) return true;
  await recordChanges(manager, [{ kind: 'redirect', key: from, body: { into: live.release_key } }]);
  await tellOf(manager, moved.was === null ? [live.id] : [live.id, moved.was]);
  return true;
}
