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
