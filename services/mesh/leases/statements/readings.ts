const ms = (column: string) => `extract(epoch from ${column})::float8 * 1000`;

/** All slots, or those named. */
export const SLOTS = `
select id, group_id as "group", stream, epoch, ${ms('eligible_at')} as "eligibleAt", ${ms('expires_at')} as "expiresAt",
  ${ms('leased_at')} as "leasedAt", site, job, node, pressure, ${ms('pressed_at')} as "pressedAt", ${ms('now()')} as now
from slots where $1::int[] is null or id = any($1)`;

/** Sites with the settings of their groups; all, or those named. */
export const SITES = `
select t.id, t.site_id as "siteId", coalesce((select array_agg(a.alias) from site_aliases a where a.site = t.id), '{}') as aliases,
  t.group_id as "group", g.name as "groupName", g.streams, g.min_interval_ms as "minIntervalMs", g.pace, t.state,
  t.max_workers as "maxWorkers", t.requires, t.quiet_hours as "quietHours", ${ms('greatest(t.blocked_until, t.drained_until)')} as "blockedUntil",
  t.owner, t.owner_url as "ownerUrl"
from sites t join groups g on g.id = t.group_id
where $1::int[] is null or t.id = any($1)`;

/** When the first job of each site is due. */
export const BACKLOG = `
select site, ${ms('min(not_before)')} as due from jobs
where state = 'queued' and ($1::int[] is null or site = any($1)) group by site`;

/** The best due jobs of sites, and when the next of the others is due. */
export const WINDOWS = `
select w.site, coalesce(b.jobs, '[]') as jobs, n.next, ${ms('now()')} as now
from unnest($1::int[]) as w(site)
left join lateral (
  select json_agg(json_build_array(d.id, d.priority, ${ms('d.deadline')})) as jobs from (
    select id, priority, deadline from jobs
    where site = w.site and state = 'queued' and not_before <= now() and (deadline is null or deadline > now())
    order by priority desc, id limit $2) d) b on true
left join lateral (
  select ${ms('min(not_before)')} as next from jobs where site = w.site and state = 'queued' and not_before > now()) n on true`;

/** What stands where a refused token points. */
export const CIRCUMSTANCES = `
select ${ms('now()')} as now, s.epoch, s.node, s.job as "slotJob", ${ms('s.expires_at')} as "expiresAt", j.state as "jobState",
  j.finished_epoch as "finishedEpoch", j.outcome,
  (select a.node from history a where a.job = j.id and a.epoch = j.finished_epoch and a.outcome = j.outcome order by a.at desc limit 1) as "finishedBy", c.version as "cursorVersion", c.ordering as "cursorOrdering"
from (select 1) one
left join slots s on s.id = $1
left join all_jobs j on j.id = $2
left join all_cursors c on c.site = coalesce(s.site, j.site) and c.name = $3`;

/** The live lease of a job. */
export const HOLDER = `
select j.id, s.id as slot, s.epoch, s.node
from all_jobs j join sites t on t.id = j.site left join slots s on s.group_id = t.group_id and s.job = j.id and s.node is not null
where j.id = $1`;
