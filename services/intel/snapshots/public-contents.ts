import type { EntityManager } from 'typeorm';
import { canonicalText } from '#libs/snapshot/canonical-text';
import { aliasOf } from '../compat/works-by-key.query.js';
import type { Audience } from '../releases/visible-sites.query.js';
import { rowsAside } from '../titles/rows-aside.js';
import { cataloguePages, worksOf, type CatalogueWork } from '../works/catalogue-pages.query.js';
import { mayBePublic } from '../works/feed-row.js';
import { Claims } from './claims.js';
import { openSites } from './open-sites.query.js';

/** What may be given to everybody, as bare maps of canonical texts. */
export interface PublicContents extends Overview {
  alias: Map<string, string>;
  index: Map<string, string>;
  /** What is known of each work besides its names, by its key; under a merged key, which one it leads to. */
  catalogue: Map<string, string>;
  /** Works that changed after `since`, as rows of a title index; null where one is gone. */
  recent: Map<string, string>;
  /** How well known the work of each alias is; those that nobody knows are left out. */
  popularity: Map<string, number>;
}

/** What is told of the catalogue as a whole. */
export interface Overview {
  works: number;
  seq: number;
  /** Names by source and licence, for those who want credit. */
  credits: Map<string, number>;
}

/** Reads all of the catalogue at one moment; run it in a transaction that sees one. Whoever else wants the pages is given each. */
export async function publicContents(
  manager: EntityManager,
  audience: Audience,
  { since, now, onPage }: { since: number; now: Date; onPage?: (page: string) => void },
): Promise<PublicContents> {
  const touched = new Set(await touchedKeys(manager, since));
  const young: CatalogueWork[] = [];
  const claims = new Claims();
  const catalogue = new Map<string, string>();
  for await (const page of cataloguePages(manager)) {
    onPage?.(page);
    for (const work of worksOf(page).map(publicView)) {
      claims.add(work);
      for (const [key, text] of entriesOf(work)) catalogue.set(key, text);
      if (touched.has(work.release_key)) young.push(work);
    }
  }
  const alias = new Map<string, string>();
  const popularity = new Map<string, number>();
  for (const [key, { text, known }] of claims) {
    alias.set(key, text);
    if (known > 0) popularity.set(key, known);
  }
  const recent = await recentRows(touched, young);
  const index = await openSites(manager, audience, now);
  return { alias, index, catalogue, recent, popularity, ...(await overview(manager)) };
}

/** The keys under which something has changed since. */
export async function touchedKeys(manager: EntityManager, since: number): Promise<string[]> {
  const rows = await manager.query<{ key: string }[]>(
    `select distinct key from changes where seq > $1 and kind in ('work', 'redirect')`,
    [since],
  );
  return rows.map(({ key }) => key);
}

/** A work with the names that may be given to everybody. */
export const publicView = <Work extends CatalogueWork>(work: Work): Work =>
  work.aliases.every(({ licence }) => mayBePublic(licence))
    ? work
    : { ...work, aliases: work.aliases.filter(({ licence }) => mayBePublic(licence)) };

/** What stands of a work in the catalogue: itself, when it has names, and the keys that lead to it. */
export function entriesOf(work: CatalogueWork): [key: string, text: string][] {
  const into = canonicalText({ into: work.release_key });
  const merged = work.merged_keys.map((key): [string, string] => [key, into]);
  return work.aliases.length > 0 ? [[work.release_key, canonicalText(entryOf(work))], ...merged] : merged;
}

/** The works of these keys, with their public names, as rows of a title index; null where there is none, or none with a name. */
export async function recentRows(
  keys: Iterable<string>,
  works: readonly CatalogueWork[],
): Promise<Map<string, string>> {
  const recent = new Map<string, string>();
  for (const key of keys) recent.set(key, 'null');
  const rows = await rowsAside(works);
  works.forEach(({ release_key }, at) => recent.set(release_key, canonicalText(rows[at] ?? null)));
  return recent;
}

/** Counts, and the number of the newest change. */
export async function overview(manager: EntityManager): Promise<Overview> {
  const names = await manager.query<{ source: string; licence: string | null; names: number }[]>(
    `select source, licence, sum(names)::int as names from (
       select source, licence, count(*) as names from aliases where withdrawn_at is null group by source, licence
       union all
       select a.source, a.licence, -count(*) from works w cross join lateral (
         select source, licence from aliases where work_id = w.id and withdrawn_at is null offset 0) a
       where w.retired = 'split' group by a.source, a.licence
     ) one group by source, licence having sum(names) > 0`,
  );
  const [counted] = await manager.query<[{ works: number; seq: number }]>(
    `select (select count(*)::int from works where retired is null) as works, (select coalesce(max(seq), 0) from changes) as seq`,
  );
  const credits = new Map<string, number>();
  for (const { source, licence, names: count } of names)
    if (mayBePublic(licence)) credits.set(`${source} · ${licence ?? 'contributed'}`, count);
  return { ...counted, credits };
}

/** A work without its names, in the fields that recommendations and answers need; what is not known is left out. */
function entryOf(work: CatalogueWork) {
  const { title, type, year, season, root_key, popularity } = work;
  const known = {
    year,
    season,
    root_key,
    popularity: popularity === 0 ? null : popularity,
    tmdb_id: aliasOf(work).tmdb_id,
  };
  return { title, type, ...Object.fromEntries(Object.entries(known).filter(([, value]) => value != null)) };
}
