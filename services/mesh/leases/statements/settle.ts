/**
 * Ends or advances leases: what a node reports holds only while stream, epoch, node and job are those of its lease and
 * the lease has not run out. The cursor moves by compare-and-set in the same statement, and when it cannot, nothing else
 * happens either.
 */
export const SETTLE = `
with act as (
  select * from unnest($1::int[], $2::bigint[], $3::int[], $4::bigint[], $5::text[], $6::float8[], $7::smallint[], $8::float8[],
    $9::real[], $10::bool[], $11::text[], $12::text[], $13::text[], $14::text[], $15::bigint[], $16::text[], $19::bool[])
    with ordinality as a(slot, epoch, node, job, outcome, rest_ms, pressure, retry_ms, jitter, is_final, error, stats,
      cursor_name, cursor_value, cursor_version, observed, is_pressed, ord)
), held as materialized (
  select a.*, s.site, s.group_id, s.leased_at, coalesce(a.cursor_version, s.cursor_version) as expected
  from slots s join act a on a.slot = s.id
  where s.epoch = a.epoch
    and s.node = a.node
    and s.job = a.job
    and s.expires_at > now()
  order by s.id for update of s
), moved as (
  insert into cursors as c (site, name, value, version)
  select site, cursor_name, cursor_value, expected + 1 from held h
  where cursor_value is not null
    and (expected = 0 or exists (select from cursors k where k.site = h.site and k.name = h.cursor_name))
  order by site, cursor_name
  on conflict (site, name) do update set value = excluded.value, version = excluded.version, updated_at = now()
  where c.version = excluded.version - 1
    and case c.ordering
      when 'integer' then excluded.value ~ '^-?[0-9]{1,18}$' and (c.value is null or excluded.value::bigint >= c.value::bigint)
      when 'time' then c.value is null or excluded.value::timestamptz >= c.value::timestamptz
      else true end
  returning site, name, version
), good as (
  select h.*, m.version as moved_to from held h left join moved m on m.site = h.site and m.name = h.cursor_name
  where h.cursor_value is null or m.version is not null
), freed as (
  update slots s set
    job = case when g.outcome = 'progress' then s.job end,
    node = case when g.outcome = 'progress' then s.node end,
    site = case when g.outcome = 'progress' then s.site end,
    expires_at = case when g.outcome = 'progress' then now() + $17::float8 * interval '1 ms' end,
    eligible_at = case when g.outcome = 'progress' then now() + $18::float8 * interval '1 ms'
      else greatest(now() + greatest(g.rest_ms, case when g.outcome = 'released' then 0 else p.min_interval_ms end) * interval '1 ms', s.hour_paid - p.hour_tolerance_ms * interval '1 ms',
        s.day_paid - p.day_tolerance_ms * interval '1 ms') end,
    cursor_version = case when g.cursor_name = 'main' then coalesce(g.moved_to, s.cursor_version) else s.cursor_version end,
    pressed_at = case when g.is_pressed then now() else s.pressed_at end,
    pressure = g.pressure
  from good g join groups p on p.id = g.group_id
  where s.id = g.slot
  returning s.id, s.eligible_at, s.expires_at
), closed as (
  update jobs j set
    attempts = case when g.outcome = 'failed' and not (j.every_s is not null and is_over) then j.attempts + 1
      when g.outcome = 'done' and j.every_s is null then j.attempts + 1
      when g.outcome = 'released' then j.attempts else 0 end,
    state = case when g.outcome = 'released' or j.every_s is not null then 'queued'
      when g.outcome = 'done' then 'done' when is_over then 'dead' else 'queued' end,
    not_before = case when g.outcome = 'released' then j.not_before
      when j.every_s is not null and (g.outcome = 'done' or is_over) then now() + j.every_s * g.jitter * interval '1 s'
      when g.outcome = 'done' or is_over then j.not_before
      else now() + coalesce(g.retry_ms, least(3600000, 10000 * 2 ^ least(j.attempts, 9)) * g.jitter) * interval '1 ms' end,
    outcome = g.outcome,
    last_error = coalesce(g.error, case when g.outcome = 'failed' then 'failed without a word' else j.last_error end),
    finished_epoch = g.epoch,
    finished_at = now()
  from good g join jobs b on b.id = g.job cross join lateral (
    select g.outcome = 'failed' and (g.is_final or b.attempts + 1 >= b.max_attempts or coalesce(b.deadline <= now(), false)) as is_over) o
  where j.id = g.job and g.outcome <> 'progress' and j.state = 'queued'
  returning j.id, j.state, j.attempts, j.not_before
), noted as (
  insert into attempts (job, site, slot, epoch, node, outcome, error, stats, leased_at)
  select job, site, slot, epoch, node, outcome, error, stats::json, leased_at from good where outcome <> 'progress'
), traced as (
  insert into cursor_moves (site, name, version, value, cause, epoch, node)
  select site, cursor_name, moved_to, cursor_value, case when outcome = 'progress' then 'progress' else 'finish' end, epoch, node
  from good where moved_to is not null
), told as (
  insert into outbox (event, payload, request_id)
  select 'mesh.observed', observed::json, 'lease ' || slot || '.' || epoch from good where observed is not null
  returning pg_notify('outbox_mesh', '')
)
select g.ord::int, extract(epoch from f.eligible_at)::float8 * 1000 as eligible, extract(epoch from f.expires_at)::float8 * 1000 as expires,
  c.state, c.attempts, extract(epoch from c.not_before)::float8 * 1000 as next, g.moved_to, g.site, extract(epoch from now())::float8 * 1000 as now
from good g join freed f on f.id = g.slot left join closed c on c.id = g.job
union all select null, null, null, null, null, null, null, null, extract(epoch from now())::float8 * 1000`;
