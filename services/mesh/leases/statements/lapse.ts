/** Ends leases whose time and quarantine are over; the attempt is charged to the job, which waits or is dead. One without a node was cancelled before. */
export const LAPSE = `
with act as (
  select * from unnest($1::int[], $2::bigint[]) with ordinality as a(slot, epoch, ord)
), held as materialized (
  select a.ord, s.id, s.epoch, s.site, s.job, s.node, s.leased_at from slots s join act a on a.slot = s.id
  where s.epoch = a.epoch
    and s.job is not null
    and s.eligible_at <= now()
  order by s.id for update of s
), freed as (
  update slots s set job = null, node = null, site = null, expires_at = null,
    eligible_at = greatest(now(), s.hour_paid - s.hour_tolerance_ms * interval '1 ms', s.day_paid - s.day_tolerance_ms * interval '1 ms')
  from held h where s.id = h.id
  returning s.id, s.eligible_at
), closed as (
  update jobs j set
    attempts = case when o.is_over and j.every_s is not null then 0 else j.attempts + 1 end,
    state = case when o.is_over and j.every_s is null then 'dead' else 'queued' end,
    not_before = case when not o.is_over then now() when j.every_s is not null then now() + j.every_s * interval '1 s' else j.not_before end,
    outcome = 'expired', last_error = 'the lease ran out', finished_epoch = h.epoch, finished_at = now()
  from held h join jobs b on b.id = h.job cross join lateral (
    select b.attempts + 1 >= b.max_attempts or coalesce(b.deadline <= now(), false) as is_over) o
  where j.id = h.job and j.state = 'queued'
  returning j.id, j.state, j.not_before
), noted as (
  insert into history (job, site, slot, epoch, node, outcome, error, leased_at)
  select job, site, id, epoch, node, 'expired', 'the lease ran out', leased_at from held where node is not null
)
select h.ord::int, h.job, h.node, h.site, c.state, extract(epoch from c.not_before)::float8 * 1000 as next,
  extract(epoch from f.eligible_at)::float8 * 1000 as eligible, extract(epoch from now())::float8 * 1000 as now
from held h join freed f on f.id = h.id left join closed c on c.id = h.job
union all select null, null, null, null, null, null, null, extract(epoch from now())::float8 * 1000`;
