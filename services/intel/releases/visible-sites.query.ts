import type { EntityManager } from 'typeorm';
import { siteScore } from '#libs/recommend/site-score';

/** Who is told: a person by the sites they are on, a stranger, or those whom no site is kept from. */
export interface Audience {
  user_id: string | null;
  /** How many witnesses a pair of work and site has before anybody is told. */
  atLeast: number;
  /** Whether a site that is not registered may be named to everybody. */
  unregistered: 'open' | 'members';
}

export interface SiteOfWork {
  root: number;
  site: string;
  score: number;
  last_seen: Date;
}

/**
 * The sites of works and of all that was merged into them, best first, that this audience may be told of: whoever has told
 * us their sites hears of these alone; everybody else of open ones.
 */
export async function visibleSites(
  manager: EntityManager,
  workIds: readonly number[],
  { user_id, atLeast, unregistered }: Audience,
  now: Date,
): Promise<SiteOfWork[]> {
  const rows = await manager.query<{ root: number; site: string; witnesses: number; trust: number; last_seen: Date }[]>(
    `with recursive family as (
       select id as root, id from works where id = any($1) and retired is distinct from 'split'
       union all
       select f.root, w.id from works w join family f on w.merged_into = f.id
     )
     select f.root, ws.site, max(ws.witnesses) as witnesses, max(ws.trust) as trust, max(ws.last_seen) as last_seen
     from family f join work_sites ws on ws.work_id = f.id left join sites s on s.id = ws.site
     where ws.witnesses >= $2 and case when exists (select from user_sites u where u.user_id = $3)
       then exists (select from user_sites u where u.user_id = $3 and u.site = ws.site)
       else coalesce(s.visibility, $4) = 'open' end
     group by f.root, ws.site`,
    [workIds, atLeast, user_id, unregistered],
  );
  return rows
    .map(({ root, site, last_seen, ...rest }) => ({
      root,
      site,
      last_seen,
      score: siteScore({ last_seen, ...rest }, now),
    }))
    .sort((a, b) => b.score - a.score || (a.site < b.site ? -1 : 1));
}

/** On how many sites that are not open a work has to be before something follows from them for anybody. */
export const MANY_SITES = 3;

/**
 * The sites of works from which something may follow for everybody, whoever asks: open ones, and others where a work is on so
 * many of them that nothing is told of any one. They are for counting, not for naming.
 */
export async function countedSites(
  manager: EntityManager,
  workIds: readonly number[],
  { atLeast, unregistered }: Pick<Audience, 'atLeast' | 'unregistered'>,
  now: Date,
): Promise<SiteOfWork[]> {
  const rows = await manager.query<{ root: number; site: string; witnesses: number; trust: number; last_seen: Date }[]>(
    `select * from (
       select ws.work_id as root, ws.site, ws.witnesses, ws.trust, ws.last_seen, coalesce(s.visibility, $3) = 'open' as is_open,
         count(*) filter (where coalesce(s.visibility, $3) <> 'open') over (partition by ws.work_id) as others
       from work_sites ws left join sites s on s.id = ws.site where ws.work_id = any($1) and ws.witnesses >= $2
     ) counted where is_open or others >= $4`,
    [workIds, atLeast, unregistered, MANY_SITES],
  );
  return rows.map(({ root, site, witnesses, trust, last_seen }) => ({
    root,
    site,
    last_seen,
    score: siteScore({ witnesses, trust, last_seen }, now),
  }));
}
