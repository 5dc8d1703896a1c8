import type { EntityManager } from 'typeorm';
import type { Work } from '#libs/contracts/intel-works';
import type { WorkEntity } from './work.entities.js';

export type WorkView = Omit<Work, 'asked'> & Pick<WorkEntity, 'id' | 'popularity' | 'retired'>;

/** What else there is of the works of a table `family` (`root`, `id`), by root: outside ids (`known`), and the keys that were merged into them (`kin`). */
export const IDS_AND_KIN = `
  known as (
    select root, json_object_agg(provider, list) as ids from (
      select f.root, i.provider, json_agg(distinct i.value) as list
      from family f cross join lateral (select provider, value from work_ids where work_id = f.id and withdrawn_at is null offset 0) i
      group by f.root, i.provider) one group by root
  ), kin as (
    select f.root, json_agg(w.release_key order by w.release_key) as merged_keys
    from family f cross join lateral (select release_key from works where id = f.id offset 0) w
    where f.id <> f.root group by f.root
  )`;

/**
 * Works with all that was merged into them: names, ids and keys of the whole family; a split one names its parts. Each lateral part
 * is looked up by its index: left free, the planner takes a page of works for millions and reads every name there is for each page.
 */
export async function workViews(manager: EntityManager, ids: readonly number[]): Promise<WorkView[]> {
  if (ids.length === 0) return [];
  const rows = await manager.query<WorkView[]>(
    `with recursive family as (
       select id as root, id from works where id = any($1)
       union all
       select f.root, w.id from family f
       cross join lateral (select id from works where merged_into = f.id offset 0) w
     ), names as (
       select distinct on (f.root, a.name) f.root, a.* from family f
       cross join lateral (select * from aliases where work_id = f.id and withdrawn_at is null offset 0) a
       order by f.root, a.name, (f.id = f.root) desc, a.weight desc, a.id
     ), named as (
       select root, json_agg(json_build_object('name', name, 'language', language, 'script', script, 'kind', kind,
         'source', source, 'licence', licence, 'weight', weight, 'first_seen', first_seen, 'last_seen', last_seen)
         order by kind = 'main' desc, weight desc, name) as aliases
       from names group by root
     ), ${IDS_AND_KIN}
     select w.*, coalesce(named.aliases, '[]') as aliases, coalesce(known.ids, '{}') as ids,
       coalesce(kin.merged_keys, '[]') as merged_keys,
       coalesce((select json_agg(p.release_key order by p.id) from works p where p.split_from = w.id), '[]') as parts
     from works w left join named on named.root = w.id left join known on known.root = w.id left join kin on kin.root = w.id
     where w.id = any($1)`,
    [ids],
  );
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

export interface LiveWork {
  id: number;
  release_key: string;
  retired: 'split' | null;
  retired_by: string | null;
}

/** The work a key leads to now, through every merge; undefined when nobody ever had the key. */
export async function liveWork(manager: EntityManager, key: string): Promise<LiveWork | undefined> {
  const rows = await manager.query<LiveWork[]>(
    `with recursive chain as (
       select id, release_key, merged_into, retired, retired_by from works where release_key = $1
       union all
       select w.id, w.release_key, w.merged_into, w.retired, w.retired_by from works w join chain c on w.id = c.merged_into
     ) select id, release_key, retired, retired_by from chain where merged_into is null`,
    [key],
  );
  return rows[0];
}
