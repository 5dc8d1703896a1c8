/** That a job is due, said so that no index of due times is tempting: the urgent ones come first in another. (`+ 0` keeps to keys, too.) */
const DUE = (job: string) =>
  `${job}.not_before + interval '0' <= now() and (${job}.deadline is null or ${job}.deadline > now())`;

/** The main cursor in its own row, which is only read where it is not at home in the stream. */
const CURSOR = (column: string) => `select c.${column} from cursors c where c.site = w.site and c.name = 'main'`;

/**
 * Grants leases. A wish is granted when its epoch is still the current one, the stream is free and eligible, the site
 * stands as believed and has fewer leases than it may have, and there is a job: the one named, or else the best that is due.
 * Where a group has several streams a job must be named, and all streams listed last are locked first, in the order of
 * their ids, so that nobody else decides about them meanwhile. Where no job was named, as many as were asked for of those that
 * come next at the site are told with the grant, so that the next wishes can name them and nothing has to be searched for.
 * A site that has a stream for itself gets its cursor into the row of that stream. Nobody gets anything while whoever asks has not heard
 * of every node that was told to do less.
 */
export const CLAIM = `
with held as materialized (
  select id, site, job from slots where id = any($9::int[]) order by id for update
), granted as (
  update slots s set
    epoch = s.epoch + 1, site = w.site, job = j.id, node = w.node,
    cursor_version = case when s.home = w.site then s.cursor_version else coalesce((${CURSOR('version')}), 0) end,
    cursor_value = case when s.home = w.site then s.cursor_value when s.resident = w.site then (${CURSOR('value')}) end,
    cursor_ordering = case when s.home = w.site then s.cursor_ordering else nullif((${CURSOR('ordering')}), 'opaque') end,
    home = s.resident,
    leased_at = now(), expires_at = now() + $7::float8 * interval '1 ms', eligible_at = now() + $8::float8 * interval '1 ms',
    hour_paid = case when s.hour_emit_ms > 0
      then greatest(s.hour_paid, now()) + j.cost * s.hour_emit_ms * interval '1 ms' else s.hour_paid end,
    day_paid = case when s.day_emit_ms > 0
      then greatest(s.day_paid, now()) + j.cost * s.day_emit_ms * interval '1 ms' else s.day_paid end
  from (
      select * from unnest($1::int[], $2::bigint[], $3::int[], $4::bigint[], $5::int[], $6::int[], $10::int[])
        with ordinality as u(slot, epoch, site, job, node, streams, ahead, ord) order by slot
    ) w
    left join lateral (
      select array_agg(k.id) as ids, json_agg(k.priority)::text as priorities, json_agg(date_part('epoch', k.deadline) * 1000)::text as deadlines
      from (
        select * from jobs q where w.job is null and w.streams = 1 and q.site = w.site and q.state = 'queued' and ${DUE('q')}
        order by q.priority desc, q.id limit w.ahead + 1
      ) k
    ) best on true
    join sites t on t.id = w.site
    join jobs j on j.id = coalesce(w.job, best.ids[1])
  where (select count(*) from held) >= 0
    and (select revocations from standing) = $11
    and s.id = w.slot
    and s.epoch = w.epoch
    and s.job is null
    and s.eligible_at <= now()
    and s.group_id = t.group_id + 0
    and t.state = 'open'
    and coalesce(greatest(t.blocked_until, t.drained_until) <= now(), true)
    and t.owner is null
    and j.site + 0 = w.site
    and j.state = 'queued'
    and j.not_before <= now()
    and (j.deadline is null or j.deadline > now())
    and s.streams <= w.streams
    and s.stream < s.streams
    and (w.streams = 1 or (
      not exists (select from held o where o.job = w.job)
      and (select count(*) from held o where o.site = w.site and o.job is not null) < t.max_workers))
  returning w.ord, best.ids, best.priorities, best.deadlines, s.site, s.job, s.epoch, s.cursor_version,
    case when s.home = s.site then s.cursor_value else (${CURSOR('value')}) end as value, j.attempts, j.kind, j.cost, j.payload
)
select ord::int, job, epoch, cursor_version, value, attempts, kind, cost, payload::text as payload, array_to_string(ids, ',') as ids, priorities, deadlines,
  case when ids is not null then (
    select date_part('epoch', min(l.not_before)) * 1000 from jobs l where l.site = g.site and l.state = 'queued' and l.not_before > now()
  ) end as next_at, date_part('epoch', now()) * 1000 as now, null::bigint as revocations
from granted g
union all select null, null, null, null, null, null, null, null, null, null, null, null, null, date_part('epoch', now()) * 1000, revocations from standing`;
