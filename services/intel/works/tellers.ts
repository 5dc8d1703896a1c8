import type { EntityManager } from 'typeorm';

/** Names as lines tell them: with the work they are told of. */
interface Told {
  work_id: number | undefined;
  name: string;
  weight: number;
  licence: string | null;
}

/** Writes down that a source says names which are kept under another one: they stay while either says them. */
export async function alsoTold(manager: EntityManager, source: string, names: readonly Told[]): Promise<void> {
  await manager.query(
    `insert into alias_tellers as t (alias_id, source, weight, licence)
     select distinct on (a.id) a.id, $2, g.weight, g.licence
     from json_to_recordset($1) as g(work_id bigint, name text, weight real, licence text)
     join aliases a on a.work_id = g.work_id and a.name = g.name
     where a.source <> $2 and a.withdrawn_at is null order by a.id, g.weight desc
     on conflict (alias_id, source) do update set weight = excluded.weight, licence = excluded.licence
       where (t.weight, t.licence) is distinct from (excluded.weight, excluded.licence)`,
    [JSON.stringify(names), source],
  );
}

/**
 * A source says these names no more: each goes to who else says it, sooner to one of ours than to another centre, and is
 * withdrawn where nobody does. Returns the works whose names are others now.
 */
export async function unsay(manager: EntityManager, source: string, aliasIds: readonly number[]): Promise<number[]> {
  await manager.query('delete from alias_tellers where source = $2 and alias_id = any($1)', [aliasIds, source]);
  const [kept] = await manager.query<[{ id: number; work_id: number }[], number]>(
    `with heirs as (
       select distinct on (t.alias_id) t.alias_id, t.source, t.weight, t.licence
       from alias_tellers t join aliases a on a.id = t.alias_id and a.source = $2 and a.withdrawn_at is null
       where t.alias_id = any($1) order by t.alias_id, t.source like 'node:%', t.weight desc, t.source
     ), gone as (delete from alias_tellers t using heirs h where t.alias_id = h.alias_id and t.source = h.source)
     update aliases a set source = h.source, weight = h.weight, licence = h.licence from heirs h
     where a.id = h.alias_id returning a.id, a.work_id`,
    [aliasIds, source],
  );
  const [withdrawn] = await manager.query<[{ work_id: number }[], number]>(
    `update aliases set withdrawn_at = now() where id = any($1) and source = $2 and withdrawn_at is null returning work_id`,
    [aliasIds, source],
  );
  return [...new Set([...kept, ...withdrawn].map(({ work_id }) => work_id))];
}

/** All names that a source says, be it alone or with others. */
export async function toldBy(manager: EntityManager, source: string): Promise<number[]> {
  const rows = await manager.query<{ id: number }[]>(
    `select id from aliases where source = $1 and withdrawn_at is null
     union select alias_id from alias_tellers where source = $1`,
    [source],
  );
  return rows.map(({ id }) => id);
}
