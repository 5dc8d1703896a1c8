/**
 * Cancels a job, and ends its lease before its time: from now on nothing its node reports holds, and the stream stays away
 * as long as it would have, so that a node that has not heard of it does not crawl beside the next. The free streams of the group
 * get a new epoch too, so that no wish that is under way can still lease what is being cancelled.
 */
export const REVOKE = `
with held as materialized (
  select s.id, s.epoch, s.site, s.job, s.node, s.leased_at from slots s
  where s.group_id = (select t.group_id from jobs j join sites t on t.id = j.site where j.id = $1)
  order by s.id for update
), fenced as (
  update slots s set epoch = s.epoch + 1, node = null, expires_at = case when h.job is not null then now() end
  from held h where s.id = h.id and (h.job is null or h.job = $1)
  returning s.id
), noted as (
  insert into history (job, site, slot, epoch, node, outcome, leased_at)
  select job, site, id, epoch, node, 'cancelled', leased_at from held where job = $1 and node is not null
), closed as (
  update jobs j set state = 'cancelled', finished_at = now(),
    outcome = case when e.epoch is null then j.outcome else 'cancelled' end, finished_epoch = coalesce(e.epoch, j.finished_epoch)
  from (select max(epoch) as epoch from held where job = $1 and node is not null) e
  where j.id = $1 and j.state = 'queued'
  returning j.site, e.epoch
)
select (select site from closed) as site, (select epoch from closed) as epoch,
  (select coalesce(json_agg(id), '[]') from fenced) as slots, extract(epoch from now())::float8 * 1000 as now`;

/**
 * The node of a cancelled lease has heard of it: the stream need not stay away any longer than after an ordinary crawl, or than
 * its node may need to stop. Only the node that had the lease can say so, and only of that lease.
 */
export const CONFIRM = `
update slots s set job = null, site = null, expires_at = null,
  eligible_at = least(s.eligible_at, greatest(now() + greatest(s.min_interval_ms, $3::float8) * interval '1 ms',
    s.hour_paid - s.hour_tolerance_ms * interval '1 ms', s.day_paid - s.day_tolerance_ms * interval '1 ms'))
from all_jobs j join sites t on t.id = j.site
where j.id = $1 and s.group_id = t.group_id
  and s.job = $1
  and s.node is null
  and exists (select from history h where h.job = $1 and h.outcome = 'cancelled'
    and h.epoch = s.epoch - 1
    and h.node = $2)
returning s.id as slot, extract(epoch from s.eligible_at)::float8 * 1000 as "eligibleAt", extract(epoch from now())::float8 * 1000 as now`;

/** What came of it: the site, null when the job did not wait any more; the lease that ended; the streams that were touched. */
export interface Revoked {
  readonly site: number | null;
  readonly epoch: number | null;
  readonly slots: readonly number[];
  readonly now: number;
}

/** Gives the free streams of the group of a site a new epoch: no wish that is under way, and saw their sites as they were, is granted. */
export const FENCE =
  'update slots set epoch = epoch + 1 where group_id = (select group_id from sites where id = $1) and job is null';
