import type { EntityManager } from 'typeorm';
import { siteScore } from '#libs/recommend/site-score';
import { canonicalText } from '#libs/snapshot/canonical-text';
import type { Audience } from '../releases/visible-sites.query.js';

const WEEK_MS = 7 * 86_400_000;

/**
 * The open sites of each work that has some, by its key and by those merged into it. Scores are those of the beginning of the week,
 * so that time alone changes nothing in between.
 */
export async function openSites(
  manager: EntityManager,
  { atLeast, unregistered }: Audience,
  now: Date,
): Promise<Map<string, string>> {
  const week = new Date(Math.floor(now.getTime() / WEEK_MS) * WEEK_MS);
  const rows = await manager.query<
    { keys: string[]; sites: { site: string; witnesses: number; trust: number; last_seen: string }[] }[]
  >(
    `with recursive lead as (
       select id, id as root, release_key from works where retired is null
       union all
       select w.id, l.root, w.release_key from works w join lead l on w.merged_into = l.id
     ), seen as (
       select l.root, ws.site, max(ws.witnesses) as witnesses, max(ws.trust) as trust, max(ws.last_seen) as last_seen
       from work_sites ws join lead l on l.id = ws.work_id left join sites s on s.id = ws.site
       where ws.witnesses >= $1 and coalesce(s.visibility, $2) = 'open'
       group by l.root, ws.site
     ), listed as (
       select root, json_agg(json_build_object('site', site, 'witnesses', witnesses, 'trust', trust, 'last_seen', last_seen)
         order by site) as sites from seen group by root
     )
     select sites, keys from listed join (
       select root, array_agg(release_key) as keys from lead where root in (select root from listed) group by root) led using (root)`,
    [atLeast, unregistered],
  );
  const index = new Map<string, string>();
  for (const { keys, sites } of rows) {
    const scored = sites
      .map(({ site, last_seen: said, ...rest }) => {
        const last_seen = new Date(said);
        return { site, score: siteScore({ last_seen, ...rest }, week), last_seen: last_seen.toISOString() };
      })
      .sort((a, b) => b.score - a.score || (a.site < b.site ? -1 : 1));
    for (const key of keys) index.set(key, canonicalText({ release_key: key, sites: scored }));
  }
  return index;
}
