import { setImmediate } from 'node:timers/promises';
import type { EntityManager } from 'typeorm';
import { IDS_AND_KIN, type WorkView } from './work-views.query.js';

/** A work with its names, in the fields that snapshots and title indexes are made of. */
export interface CatalogueWork extends Pick<
  WorkView,
  'id' | 'release_key' | 'title' | 'year' | 'type' | 'season' | 'root_key' | 'popularity' | 'ids' | 'merged_keys'
> {
  aliases: Pick<WorkView['aliases'][number], 'name' | 'language' | 'kind' | 'licence' | 'source' | 'weight'>[];
}

const PAGE = 2000;

/**
 * Every work that is not retired, in the order of its number, with all that was merged into it, as `workViews` finds it: pages of
 * text, which cost little to pass on, for `worksOf` to read. The next page is read while somebody is at work on one: until the last
 * is taken, nothing else is asked of this connection.
 */
export async function* cataloguePages(manager: EntityManager): AsyncGenerator<string> {
  let next = pageAfter(manager, 0);
  try {
    for (;;) {
      const { last, works, page } = await next;
      const isLast = works < PAGE;
      if (!isLast) next = pageAfter(manager, last);
      // Whoever takes this page may fail at it, and then nobody hears of the next one.
      next.catch(() => undefined);
      // The question is on its way before somebody is at work and lets nothing else happen.
      await setImmediate();
      if (works > 0) yield page;
      if (isLast) return;
    }
  } finally {
    await next.catch(() => undefined);
  }
}

/** Each lateral part is looked up by its index, as in `workViews`. */
async function pageAfter(
  manager: EntityManager,
  after: number,
): Promise<{ last: number; works: number; page: string }> {
  const [row] = await manager.query<[{ last: number; works: number; page: string }]>(
    `with recursive page as (
       select id, release_key, title, year, type, season, root_key, popularity
       from works where id > $1 and retired is null order by id limit $2
     ), family as (
       select id as root, id from page
       union all
       select f.root, w.id from family f
       cross join lateral (select id from works where merged_into = f.id offset 0) w
     ), names as (
       select distinct on (f.root, a.name) f.root, a.name, a.language, a.kind, a.licence, a.source, a.weight from family f
       cross join lateral (select * from aliases where work_id = f.id and withdrawn_at is null offset 0) a
       order by f.root, a.name, (f.id = f.root) desc, a.weight desc, a.id
     ), named as (
       select root, json_agg(json_build_array(name, language, kind, licence, source, weight)
         order by kind = 'main' desc, weight desc, name) as aliases
       from names group by root
     ), ${IDS_AND_KIN}
     select max(p.id) as last, count(*)::int as works, json_agg(json_build_array(p.id, p.release_key, p.title, p.year, p.type, p.season,
       p.root_key, p.popularity, named.aliases, known.ids, kin.merged_keys) order by p.id)::text as page
     from page p left join named on named.root = p.id left join known on known.root = p.id left join kin on kin.root = p.id`,
    [after, PAGE],
  );
  return row;
}

/** The works of a page. */
export function worksOf(page: string): CatalogueWork[] {
  return (JSON.parse(page) as WorkInPage[]).map(
    ([id, release_key, title, year, type, season, root_key, popularity, names, ids, merged]) => ({
      id,
      release_key,
      title,
      year,
      type,
      season,
      root_key,
      popularity,
      ids: ids ?? {},
      merged_keys: merged ?? [],
      aliases: (names ?? []).map(([name, language, kind, licence, source, weight]) => ({
        name,
        language,
        kind,
        licence,
        source,
        weight,
      })),
    }),
  );
}

type Name = CatalogueWork['aliases'][number];
type NameInPage = [Name['name'], Name['language'], Name['kind'], Name['licence'], Name['source'], Name['weight']];
type WorkInPage = [
  CatalogueWork['id'],
  CatalogueWork['release_key'],
  CatalogueWork['title'],
  CatalogueWork['year'],
  CatalogueWork['type'],
  CatalogueWork['season'],
  CatalogueWork['root_key'],
  CatalogueWork['popularity'],
  NameInPage[] | null,
  CatalogueWork['ids'] | null,
  string[] | null,
];
