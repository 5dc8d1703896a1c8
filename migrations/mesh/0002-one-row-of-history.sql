-- What became of each lease and of each cursor, in one row: by finishes, and by the hand of an administrator (then without
-- a lease). Only ever appended to, and found by its job, by the version of a site's cursor, or by its time.
create table history (
  job bigint,
  site integer not null,
  slot integer,
  epoch bigint,
  node integer,
  outcome text not null check (outcome in ('done', 'failed', 'released', 'expired', 'progress', 'set', 'rollback')),
  error text,
  stats json,
  cursor_name text,
  cursor_value text,
  cursor_version bigint,
  leased_at timestamptz,
  at timestamptz not null default now(),
  check ((cursor_name is null) = (cursor_version is null))
);
insert into history (job, site, slot, epoch, node, outcome, error, stats, leased_at, at)
  select job, site, slot, epoch, node, outcome, error, stats, leased_at, ended_at from attempts order by id;
insert into history (site, epoch, node, outcome, cursor_name, cursor_value, cursor_version, at)
  select site, epoch, node, case cause when 'finish' then 'progress' else cause end, name, value, version, moved_at from cursor_moves order by id;
create index history_job_idx on history (job) where job is not null;
create index history_cursor_idx on history (site, cursor_version) where cursor_version is not null;
create index history_at_idx on history using brin (at);
drop table attempts;
drop table cursor_moves;

-- Finished jobs are cleared away in the order of their ids; an index on the time of their end cost every finish more.
drop index jobs_finished_at_idx;

-- Every site has its main cursor from the beginning, so that a finish only ever updates it.
insert into cursors (site, name) select id, 'main' from sites on conflict do nothing;
