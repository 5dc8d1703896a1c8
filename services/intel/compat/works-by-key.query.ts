import type { EntityManager } from 'typeorm';
import type { Alias } from '#libs/contracts/intel';
import { workViews, type WorkView } from '../works/work-views.query.js';

/** Works by the keys that were asked, which may have been merged since. */
export async function worksByKey(manager: EntityManager, keys: readonly string[]): Promise<Map<string, WorkView>> {
  const rows = await manager.query<{ asked: string; id: number }[]>(
    `with recursive chain as (
       select release_key as asked, id, merged_into, retired from works where release_key = any($1)
       union all
       select c.asked, w.id, w.merged_into, w.retired from works w join chain c on w.id = c.merged_into
     ) select asked, id from chain where merged_into is null and retired is null`,
    [keys],
  );
  const views = new Map(
    (await workViews(manager, [...new Set(rows.map(({ id }) => id))])).map((view) => [view.id, view]),
  );
  return new Map(rows.flatMap(({ asked, id }) => (views.has(id) ? [[asked, views.get(id)!] as const] : [])));
}

/** A work as the bare maps and the compat answers have it. */
export function aliasOf(
  work: Pick<WorkView, 'title' | 'year' | 'type' | 'ids' | 'release_key'> & { aliases: { name: string }[] },
): Alias {
  const tmdb = (work.type === 'movie' ? ['tmdb_movie', 'tmdb_tv'] : ['tmdb_tv', 'tmdb_movie']).flatMap(
    (name) => work.ids[name] ?? [],
  )[0];
  const tmdb_id = Number(tmdb);
  return {
    title: work.title,
    ...(work.year !== null && { year: work.year }),
    type: work.type,
    ...(Number.isSafeInteger(tmdb_id) && { tmdb_id }),
    release_key: work.release_key,
    aliases: work.aliases.map(({ name }) => name).filter((name) => name !== work.title),
  };
}
