import type { EntityManager } from 'typeorm';
import type { Site } from '#libs/contracts/mesh-sites';

/** Sites as the contract shows them, by a condition on `t` (sites) and `g` (groups). */
export function siteViews(manager: EntityManager, condition: string, values: unknown[]): Promise<Site[]> {
  return manager.query<Site[]>(
    `select t.site_id, coalesce((select array_agg(a.alias order by a.alias) from site_aliases a where a.site = t.id), '{}') as aliases,
       g.name as "group", g.streams, g.min_interval_ms, g.per_hour, g.per_day, g.pace, t.max_workers, t.requires, t.family, t.quiet_hours,
       t.state = 'paused' as paused, greatest(t.blocked_until, t.drained_until) as blocked_until,
       case when t.drained_until > now() and t.drained_until > coalesce(t.blocked_until, now()) then 'it is being given to another cluster'
         else t.block_reason end as block_reason,
       t.owner, t.owner_url, t.claim_epoch, t.version, t.updated_at
     from sites t join groups g on g.id = t.group_id
     where ${condition}`,
    values,
  );
}
