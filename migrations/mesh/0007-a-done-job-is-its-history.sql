-- A job that is done leaves the table of those that wait: the row of history that tells of its end carries all that is
-- known of it, so that a finish deletes one small row instead of writing it again with its place in an index.
lock table jobs, history, slots, groups in access exclusive mode;
alter table history
  add column kind text,
  add column priority smallint,
  add column not_before timestamptz,
  add column deadline timestamptz,
  add column dedup_key text,
  add column cost integer,
  add column attempts smallint,
  add column max_attempts smallint,
  add column plan_id bigint,
  add column part integer,
  add column payload json,
  add column last_error text,
  add column created_at timestamptz;

update history h set kind = j.kind, priority = j.priority, not_before = j.not_before, deadline = j.deadline, dedup_key = j.dedup_key,
  cost = j.cost, attempts = j.attempts, max_attempts = j.max_attempts, plan_id = j.plan_id, part = j.part, payload = j.payload,
  last_error = j.last_error, created_at = j.created_at
from jobs j where j.state = 'done' and h.job = j.id and h.epoch = j.finished_epoch and h.outcome = 'done';
insert into history (job, site, epoch, outcome, at, kind, priority, not_before, deadline, dedup_key, cost, attempts, max_attempts, plan_id, part,
  payload, last_error, created_at)
select j.id, j.site, j.finished_epoch, 'done', coalesce(j.finished_at, now()), j.kind, j.priority, j.not_before, j.deadline, j.dedup_key, j.cost,
  j.attempts, j.max_attempts, j.plan_id, j.part, j.payload, j.last_error, j.created_at
from jobs j where j.state = 'done' and not exists (select from history h where h.job = j.id and h.kind is not null);
delete from jobs where state = 'done';
alter table jobs drop constraint jobs_state_check;
alter table jobs add constraint jobs_state_check check (state in ('queued', 'dead', 'cancelled'));

create index history_plan_id_idx on history (plan_id) where plan_id is not null;
create index history_dedup_idx on history (site, dedup_key) where dedup_key is not null;

-- Jobs wherever they are: waiting, dead or cancelled, and done.
create view all_jobs as
select id, site, kind, state, priority, not_before, deadline, dedup_key, cost, attempts, max_attempts, every_s, plan_id, part, payload,
  outcome, last_error, finished_epoch, finished_at, created_at
from jobs
union all
select job, site, kind, 'done', priority, not_before, deadline, dedup_key, cost, attempts, max_attempts, null, plan_id, part, payload,
  outcome, last_error, epoch, at, created_at
from history where job is not null and kind is not null;

-- What a group allows is written on each of its streams, so that a lease and its end read one row and not two.
alter table slots
  add column streams smallint not null default 1,
  add column min_interval_ms integer not null default 0,
  add column hour_emit_ms bigint not null default 0,
  add column hour_tolerance_ms bigint not null default 0,
  add column day_emit_ms bigint not null default 0,
  add column day_tolerance_ms bigint not null default 0;
update slots s set streams = g.streams, min_interval_ms = g.min_interval_ms, hour_emit_ms = g.hour_emit_ms, hour_tolerance_ms = g.hour_tolerance_ms,
  day_emit_ms = g.day_emit_ms, day_tolerance_ms = g.day_tolerance_ms
from groups g where g.id = s.group_id;

create function told_by_group() returns trigger language plpgsql as $$
begin
  -- Who changes what a group allows has its row, and waits for us or we for them.
  select g.streams, g.min_interval_ms, g.hour_emit_ms, g.hour_tolerance_ms, g.day_emit_ms, g.day_tolerance_ms
    into new.streams, new.min_interval_ms, new.hour_emit_ms, new.hour_tolerance_ms, new.day_emit_ms, new.day_tolerance_ms
    from groups g where g.id = new.group_id for share;
  return new;
end $$;
create trigger told_by_group before insert on slots for each row execute function told_by_group();

create function tell_streams() returns trigger language plpgsql as $$
begin
  perform from slots where group_id = new.id order by id for update;
  update slots set streams = new.streams, min_interval_ms = new.min_interval_ms, hour_emit_ms = new.hour_emit_ms,
    hour_tolerance_ms = new.hour_tolerance_ms, day_emit_ms = new.day_emit_ms, day_tolerance_ms = new.day_tolerance_ms
  where group_id = new.id;
  return null;
end $$;
create trigger tell_streams after update of streams, min_interval_ms, hour_emit_ms, hour_tolerance_ms, day_emit_ms, day_tolerance_ms on groups
  for each row execute function tell_streams();
