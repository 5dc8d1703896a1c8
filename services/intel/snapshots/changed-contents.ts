import type { EntityManager } from 'typeorm';
import type { Changes } from '#libs/snapshot/bare-map';
import type { Audience } from '../releases/visible-sites.query.js';
import { NAME_KEY_VERSION, nameKey } from '../works/name-keys.js';
import { workViews, type WorkView } from '../works/work-views.query.js';
import { Claims } from './claims.js';
import { keysOfName } from './keys-of-name.js';
import { openSites } from './open-sites.query.js';
import {
  entriesOf,
  overview,
  publicView,
  recentRows,
  touchedKeys,
  type Overview,
  type PublicContents,
} from './public-contents.js';

/** More works than this at once are read faster with all the others. */
const MOST_TOUCHED = 20_000;
const PAGE = 2000;

/** How what may be given to everybody has changed. */
export interface ChangedContents extends Overview, Pick<PublicContents, 'index'> {
  alias: Changes;
  catalogue: Changes;
  recent: Changes;
  /** How well known the work of each alias among these is. */
  popularity: Map<string, number>;
}

/**
 * What `publicContents` would find now where it differs, or may differ, from what it found when the newest change was `since`. Undefined
 * when that cannot be told from the changes: too many of them, or names that have no key yet.
 */
export async function changedContents(
  manager: EntityManager,
  audience: Audience,
  { since, now }: { since: number; now: Date },
): Promise<ChangedContents | undefined> {
  const touched = await touchedKeys(manager, since);
  const [{ unkeyed }] = await manager.query<[{ unkeyed: boolean }]>(
    'select exists (select from aliases where key_version <> $1) as unkeyed',
    [NAME_KEY_VERSION],
  );
  if (unkeyed || touched.length > MOST_TOUCHED) return undefined;
  const family = await familyOf(manager, touched);
  const names = await namesEver(manager, family);
  const live = family.filter(({ id, root, live: isLive }) => isLive && id === root).map(({ id }) => id);
  const rivals = await worksNamed(manager, [...new Set(names.map(nameKey))]);
  const ids = [...new Set([...live, ...rivals])].sort((a, b) => a - b);
  const works = (await viewsOf(manager, ids)).map(publicView);
  // The database counts while the names are looked at.
  const counting = overview(manager);
  counting.catch(() => undefined);
  const isTouched = new Set(touched);
  const recent = await recentRows(
    touched,
    works.filter(({ release_key }) => isTouched.has(release_key)),
  );
  const keys = new Set(names.map(keysOfName).flatMap(({ written, derived }) => [...written, ...derived]));
  const claims = new Claims(keys);
  const catalogue = new Map<string, string | undefined>(family.map(({ release_key }) => [release_key, undefined]));
  const isLive = new Set(live);
  for (const work of works) {
    claims.add(work);
    if (isLive.has(work.id)) for (const [key, text] of entriesOf(work)) catalogue.set(key, text);
  }
  const alias = new Map([...keys].map((key) => [key, claims.of(key)?.text]));
  const popularity = new Map([...keys].map((key) => [key, claims.of(key)?.known ?? 0]));
  const counted = await counting;
  const index = await openSites(manager, audience, now);
  return { alias, catalogue, recent, popularity, index, ...counted };
}

interface Relative {
  id: number;
  release_key: string;
  root: number;
  live: boolean;
}

/** The works that these keys lead to, with all that was merged into them. */
function familyOf(manager: EntityManager, keys: readonly string[]): Promise<Relative[]> {
  return manager.query<Relative[]>(
    `with recursive up as (
       select id, merged_into from works where release_key = any($1)
       union
       select w.id, w.merged_into from up cross join lateral (select id, merged_into from works where id = up.merged_into offset 0) w
     ), down as (
       select id, id as root from up where merged_into is null
       union all
       select w.id, d.root from down d cross join lateral (select id from works where merged_into = d.id offset 0) w
     )
     select w.id, w.release_key, d.root, r.retired is null as live from down d
     cross join lateral (select id, release_key from works where id = d.id offset 0) w
     cross join lateral (select retired from works where id = d.root offset 0) r`,
    [keys],
  );
}

/** Every name that these works have or have had. */
async function namesEver(manager: EntityManager, family: readonly Relative[]): Promise<string[]> {
  const rows = await manager.query<{ name: string }[]>('select distinct name from aliases where work_id = any($1)', [
    family.map(({ id }) => id),
  ]);
  return rows.map(({ name }) => name);
}

/** The works that have one of these names now. */
async function worksNamed(manager: EntityManager, keys: readonly string[]): Promise<number[]> {
  const rows = await manager.query<{ id: number }[]>(
    `with recursive chain as (
       select w.id, w.merged_into, w.retired from (select distinct work_id from aliases where name_key = any($1) and withdrawn_at is null) a
       cross join lateral (select id, merged_into, retired from works where id = a.work_id offset 0) w
       union
       select w.id, w.merged_into, w.retired from chain c
       cross join lateral (select id, merged_into, retired from works where id = c.merged_into offset 0) w
     ) select id from chain where merged_into is null and retired is null`,
    [keys],
  );
  return rows.map(({ id }) => id);
}

async function viewsOf(manager: EntityManager, ids: readonly number[]): Promise<WorkView[]> {
  const views: WorkView[] = [];
  for (let at = 0; at < ids.length; at += PAGE) views.push(...(await workViews(manager, ids.slice(at, at + PAGE))));
  return views;
}
