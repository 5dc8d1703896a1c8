/**
 * Grants leases. A wish is granted when its epoch is still the current one, the stream is free and eligible, site and job
 * stand as believed, and the site has fewer leases than it may have. Where a group has several streams, all of those named
 * in the last array are locked first, in the order of their ids, so that nobody else decides about them meanwhile.
 */
export const CLAIM = `
with held as materialized (
  select id, site, job from slots where id = any($9::int[]) order by id for update
), granted as (
  update slots s set
    epoch = s.epoch + 1, site = w.site, job = w.job, node = w.node, cursor_version = coalesce(c.version, 0),
    leased_at = now(), expires_at = now() + $7::float8 * interval '1 ms', eligible_at = now() + $8::float8 * interval '1 ms',
    hour_paid = case when g.hour_emit_ms > 0
      then greatest(s.hour_paid, now()) + j.cost * g.hour_emit_ms * interval '1 ms' else s.hour_paid end,
    day_paid = case when g.day_emit_ms > 0
      then greatest(s.day_paid, now()) + j.cost * g.day_emit_ms * interval '1 ms' else s.day_paid end
  from (
      select * from unnest($1::int[], $2::bigint[], $3::int[], $4::bigint[], $5::int[], $6::int[])
        with ordinality as u(slot, epoch, site, job, node, streams, ord) order by slot
    ) w
    join sites t on t.id = w.site
    join groups g on g.id = t.group_id
    join jobs j on j.id = w.job
    left join cursors c on c.site = w.site and c.name = 'main'
  where (select count(*) from held) >= 0
    and s.id = w.slot
    and s.epoch = w.epoch
    and s.job is null
    and s.eligible_at <= now()
    and s.group_id = t.group_id
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
  returning w.ord, s.epoch, s.cursor_version, c.value, j.attempts, j.kind, j.cost, j.payload
)
select ord::int, epoch, cursor_version, value, attempts, kind, cost, payload::text as payload, date_part('epoch', now()) * 1000 as now
from granted
union all select null, null, null, null, null, null, null, null, date_part('epoch', now()) * 1000`;
