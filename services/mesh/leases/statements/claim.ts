/**
 * Grants leases. The streams of a group are locked in the order of their ids, so that nobody else decides about them
 * meanwhile; a wish is granted when its epoch is still the current one, the stream is free and eligible, site and job
 * stand as believed, and the site has fewer leases than it may have.
 */
export const CLAIM = `
with wish as (
  select * from unnest($1::int[], $2::bigint[], $3::int[], $4::bigint[], $5::int[], $6::int[])
    with ordinality as w(slot, epoch, site, job, node, streams, ord)
), held as materialized (
  select id, group_id, epoch, site, job, eligible_at from slots where id = any($7::int[]) order by id for update
), granted as (
  update slots s set
    epoch = s.epoch + 1, site = w.site, job = w.job, node = w.node, cursor_version = coalesce(c.version, 0),
    leased_at = now(), expires_at = now() + $8::float8 * interval '1 ms', eligible_at = now() + $9::float8 * interval '1 ms',
    hour_paid = case when g.hour_emit_ms > 0
      then greatest(s.hour_paid, now()) + j.cost * g.hour_emit_ms * interval '1 ms' else s.hour_paid end,
    day_paid = case when g.day_emit_ms > 0
      then greatest(s.day_paid, now()) + j.cost * g.day_emit_ms * interval '1 ms' else s.day_paid end
  from wish w
    join held h on h.id = w.slot
    join groups g on g.id = h.group_id
    join sites t on t.id = w.site
    join jobs j on j.id = w.job
    left join cursors c on c.site = w.site and c.name = 'main'
  where s.id = w.slot
    and h.epoch = w.epoch
    and h.job is null
    and h.eligible_at <= now()
    and t.group_id = h.group_id
    and t.state = 'open'
    and (t.blocked_until is null or t.blocked_until <= now())
    and t.owner is null
    and j.site = w.site
    and j.state = 'queued'
    and j.not_before <= now()
    and (j.deadline is null or j.deadline > now())
    and g.streams <= w.streams
    and s.stream < g.streams
    and (w.streams = 1 or (
      not exists (select from held o where o.job = w.job)
      and (select count(*) from held o where o.site = w.site and o.job is not null) < t.max_workers))
  returning w.ord, s.epoch, s.expires_at, s.eligible_at, s.cursor_version, c.value, j.attempts, j.kind, j.cost, j.payload
)
select ord::int, epoch, extract(epoch from expires_at)::float8 * 1000 as expires, extract(epoch from eligible_at)::float8 * 1000 as eligible,
  cursor_version, value, attempts, kind, cost, payload::text as payload, extract(epoch from now())::float8 * 1000 as now
from granted
union all select null, null, null, null, null, null, null, null, null, null, extract(epoch from now())::float8 * 1000`;
