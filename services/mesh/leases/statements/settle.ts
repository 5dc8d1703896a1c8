import { MOMENT, WHOLE } from '../../domain/cursor-order.js';

/** Whether a failure is the last one of a job. */
const IS_OVER = `g.outcome = 'failed' and (coalesce(g.is_final, false) or j.attempts + 1 >= j.max_attempts or coalesce(j.deadline <= now(), false))`;

/** What history tells of a lease, and besides of the job, where that is done. */
const OF_LEASE = 'job, site, slot, epoch, node, outcome, error, cursor_value, leased_at';
const OF_JOB =
  'kind, priority, not_before, deadline, dedup_key, cost, max_attempts, plan_id, part, payload, created_at';
const of = (row: string, columns: string) => columns.replaceAll(/\w+/g, `${row}.$&`);
const NOTE = `${OF_LEASE}, stats::json, moved_to, case when moved_to is not null then cursor_name end`;

/** What is usual need not be said: a list without anything in it is left out, and a cursor without a name is the main one. */
const REPORTS = `unnest($1::int[], $2::bigint[], $3::int[], $4::bigint[], $5::text[], $6::float8[], $7::smallint[], $8::float8[],
    $9::real[], $10::bool[], $11::text[], $12::text[], $13::text[], $14::text[], $15::bigint[], $16::text[], $19::bool[],
    $20::float8[])
    with ordinality as a(slot, epoch, node, job, outcome, rest_ms, pressure, retry_ms, jitter, is_final, error, stats,
      cursor_name, cursor_value, cursor_version, observed, is_pressed, most_ms, ord)`;
const SAID = ['outcome', 'retry_ms', 'jitter', 'is_final', 'error', 'stats', 'observed', 'cursor_value']
  .map((column) => `a.${column}`)
  .join(', ');

/** Whether a cursor may go where it is told: a value is only read as what it has been seen to be, so that no word makes the statement fail. */
const goesForward = (ordering: string, before: string, after: string) => `case ${ordering}
      when 'integer' then case
        when ${after} !~ '${WHOLE}' then false
        when ${before} ~ '${WHOLE}' then ${after}::bigint >= ${before}::bigint
        else true end
      when 'time' then case
        when ${after} !~ '${MOMENT}' then false
        when ${before} ~ '${MOMENT}' then ${after}::timestamptz >= ${before}::timestamptz
        else true end
      else true end`;

/** What becomes of a stream; progress extends its lease as long as it may last. */
const freeing = (said: string, isExtended: string) => `
    job = case when ${said}.outcome = 'progress' then s.job end,
    node = case when ${said}.outcome = 'progress' then s.node end,
    site = case when ${said}.outcome = 'progress' then s.site end,
    expires_at = case when ${said}.outcome <> 'progress' then null
      when ${isExtended} then now() + $17::float8 * interval '1 ms' else s.expires_at end,
    eligible_at = case when ${said}.outcome <> 'progress' then greatest(
        now() + greatest(${said}.rest_ms, case when ${said}.outcome = 'released' then 0 else s.min_interval_ms end) * interval '1 ms',
        s.hour_paid - s.hour_tolerance_ms * interval '1 ms', s.day_paid - s.day_tolerance_ms * interval '1 ms')
      when ${isExtended} then now() + $18::float8 * interval '1 ms' else s.eligible_at end,
    pressed_at = case when ${said}.is_pressed then now() else s.pressed_at end,
    pressure = coalesce(${said}.pressure, 0)`;

/** What becomes of the jobs: one that is done goes from those that wait into the row of history that tells of its end. */
const CLOSING = `gone as (
  delete from jobs j using freed g
  where j.id = g.job and g.outcome = 'done' and j.every_s is null and j.state = 'queued'
  returning g.ord, g.eligible_at, ${of('g', OF_LEASE)}, g.stats, g.moved_to, g.cursor_name,
    ${of('j', OF_JOB)}, j.attempts + 1 as attempts, coalesce(g.error, j.last_error) as last_error
), rest as (
  select * from freed where (select count(*) from gone) < (select count(*) from freed) and ord <> all(select ord from gone)
), closed as (
  update jobs j set
    attempts = case when g.outcome = 'failed' and not (j.every_s is not null and ${IS_OVER}) then j.attempts + 1
      when g.outcome = 'released' then j.attempts else 0 end,
    state = case when j.every_s is null and ${IS_OVER} then 'dead' else 'queued' end,
    not_before = case when g.outcome = 'released' then j.not_before
      when j.every_s is not null and (g.outcome = 'done' or ${IS_OVER}) then now() + j.every_s * g.jitter * interval '1 s'
      when ${IS_OVER} then j.not_before
      else now() + coalesce(g.retry_ms, least(3600000, 10000 * 2 ^ least(j.attempts, 9)) * g.jitter) * interval '1 ms' end,
    outcome = g.outcome,
    last_error = coalesce(g.error, case when g.outcome = 'failed' then 'failed without a word' else j.last_error end),
    finished_epoch = g.epoch,
    finished_at = now()
  from rest g
  where j.id = g.job and g.outcome <> 'progress' and j.state = 'queued'
  returning g.ord, j.state, j.attempts, j.not_before
), noted as (
  insert into history (${OF_LEASE}, stats, cursor_version, cursor_name, attempts, last_error, ${OF_JOB})
  select ${NOTE}, attempts, last_error, ${OF_JOB} from gone
  union all select ${NOTE}, null, null, ${OF_JOB.replaceAll(/\w+/g, 'null')} from rest where outcome <> 'progress' or moved_to is not null
), told as (
  insert into outbox (event, payload, request_id)
  select 'mesh.observed', observed::json, 'lease ' || slot || '.' || epoch from freed where observed is not null
  returning pg_notify('outbox_mesh', '')
)
select date_part('epoch', now()) * 1000 as now, d.*, r.rest, c.closed
from (select json_agg(ord)::text as ords, json_agg(date_part('epoch', eligible_at) * 1000)::text as eligible,
    json_agg(moved_to)::text as moved, json_agg(site)::text as sites, json_agg(attempts)::text as attempts from gone) d,
  (select json_agg(json_build_array(ord, date_part('epoch', eligible_at) * 1000, date_part('epoch', expires_at) * 1000, moved_to, site))::text as rest from rest) r,
  (select json_agg(json_build_array(ord, state, attempts, date_part('epoch', not_before) * 1000))::text as closed from closed) c`;

/**
 * Ends or advances leases: what a node reports holds only while stream, epoch, node and job are those of its lease and
 * the lease has not run out. The cursor moves by compare-and-set in the same statement, and when it cannot, nothing else
 * happens either. Progress goes on being taken from a lease that has lasted as long as it may, which it no longer extends.
 * Each step hands its rows to the next, so that no two lists are ever compared with each other.
 */
export const SETTLE = `
with held as (
  select a.ord, ${SAID}, a.rest_ms, a.pressure, a.is_pressed,
    case when a.cursor_value is not null then coalesce(a.cursor_name, 'main') end as cursor_name,
    s.id as slot, s.epoch, s.node, s.job, s.site, s.leased_at, coalesce(a.cursor_version, s.cursor_version) as expected,
    s.leased_at > now() - a.most_ms * interval '1 ms' as is_extended
  from ${REPORTS}
  join slots s on s.id = a.slot
  where s.epoch = a.epoch
    and s.node = a.node
    and s.job = a.job
    and s.expires_at > now()
    and (a.cursor_value is null or a.cursor_name <> 'main' or s.home is null)
  order by s.id for update of s
), moved as (
  update cursors c set value = h.cursor_value, version = c.version + 1, updated_at = now()
  from held h
  where c.site = h.site and c.name = h.cursor_name
    and h.cursor_value is not null
    and c.version = h.expected
    and ${goesForward('c.ordering', 'c.value', 'h.cursor_value')}
  returning h.*, c.version as moved_to
), first as (
  insert into cursors (site, name, value, version)
  select site, cursor_name, cursor_value, 1 from held h
  where cursor_value is not null and expected = 0
    and not exists (select from cursors k where k.site = h.site and k.name = h.cursor_name)
  order by site, cursor_name
  on conflict (site, name) do nothing
  returning site, name, version
), good as (
  select * from moved
  union all select h.*, f.version from first f join held h on h.site = f.site and h.cursor_name = f.name
  union all select h.*, null from held h where h.cursor_value is null
), freed as (
  update slots s set ${freeing('g', 'g.is_extended')},
    cursor_version = case when g.cursor_name = 'main' then coalesce(g.moved_to, s.cursor_version) else s.cursor_version end
  from good g
  where s.id = g.slot
  returning g.*, s.eligible_at, s.expires_at
), ${CLOSING}`;

/**
 * The same for streams that have the cursor of their only site at home, and no other cursor is moved: all that decides stands
 * in one row, and is written there at once. What is refused here may still hold by the other statement.
 */
export const SETTLE_AT_HOME = `
with freed as (
  update slots s set ${freeing('a', `s.leased_at > now() - a.most_ms * interval '1 ms'`)},
    cursor_version = case when a.cursor_value is not null then s.cursor_version + 1 else s.cursor_version end,
    cursor_value = coalesce(a.cursor_value, s.cursor_value)
  from (select * from ${REPORTS} order by slot) a
  where s.id = a.slot
    and s.epoch = a.epoch
    and s.node = a.node
    and s.job = a.job
    and s.expires_at > now()
    and s.home = s.site
    and (a.cursor_value is null or (
      coalesce(a.cursor_version, s.cursor_version) = s.cursor_version
      and ${goesForward('s.cursor_ordering', 's.cursor_value', 'a.cursor_value')}))
  returning a.ord, ${SAID}, case when a.cursor_value is not null then 'main' end as cursor_name,
    s.id as slot, s.epoch, a.node, a.job, s.home as site, s.leased_at, case when a.cursor_value is not null then s.cursor_version end as moved_to,
    s.eligible_at, s.expires_at
), ${CLOSING}`;
