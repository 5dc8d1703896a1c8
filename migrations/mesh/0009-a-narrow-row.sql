-- A stream is written anew with each lease and each end of one, so what it carries is made narrow: what is always there comes first and
-- without gaps, what most streams do not have (a budget, a rest, an order of the cursor) is null and takes no room.
lock table slots in access exclusive mode;
create table narrow_slots (
  id integer generated always as identity,
  group_id integer not null,
  epoch bigint not null default 0,
  eligible_at timestamptz not null default now(),
  stream smallint not null,
  streams smallint not null default 1,
  min_interval_ms integer not null default 0,
  pressure smallint not null default 0,
  resident integer,
  home integer,
  site integer,
  node integer,
  job bigint,
  leased_at timestamptz,
  expires_at timestamptz,
  cursor_version bigint,
  pressed_at timestamptz,
  hour_paid timestamptz,
  day_paid timestamptz,
  hour_emit_ms integer,
  hour_tolerance_ms integer,
  day_emit_ms integer,
  day_tolerance_ms integer,
  cursor_value text,
  cursor_ordering text
);
insert into narrow_slots overriding system value
select id, group_id, epoch, eligible_at, stream, streams, min_interval_ms, pressure, resident, home, site, node, job, leased_at, expires_at,
  cursor_version, pressed_at, nullif(hour_paid, '-infinity'), nullif(day_paid, '-infinity'),
  nullif(hour_emit_ms, 0), case when hour_emit_ms > 0 then hour_tolerance_ms end,
  nullif(day_emit_ms, 0), case when day_emit_ms > 0 then day_tolerance_ms end, cursor_value, nullif(cursor_ordering, 'opaque')
from slots order by id;
select setval(pg_get_serial_sequence('narrow_slots', 'id'), (select last_value from slots_id_seq), (select is_called from slots_id_seq));
drop view all_cursors;
drop table slots;
alter table narrow_slots rename to slots;
alter sequence narrow_slots_id_seq rename to slots_id_seq;
alter table slots
  add primary key (id),
  add unique (group_id, stream),
  add foreign key (group_id) references groups;

-- A page holds few streams and many versions of each; those that nobody can see any more are pruned by whoever comes next, and
-- autovacuum follows at once where somebody's long look at the database had kept them.
alter table slots set (fillfactor = 10, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_cost_delay = 0);

-- What looks for statistics holds back what may be pruned for as long as it looks; it takes a small sample, without a rest.
alter table jobs set (autovacuum_vacuum_cost_delay = 0);
alter table history set (autovacuum_vacuum_cost_delay = 0);
alter table cursors set (autovacuum_vacuum_cost_delay = 0);
do $$
declare
  col record;
begin
  for col in select attrelid::regclass as of_table, attname from pg_attribute
    where attrelid in ('slots'::regclass, 'jobs'::regclass, 'history'::regclass, 'cursors'::regclass) and attnum > 0 and not attisdropped
  loop
    execute format('alter table %s alter column %I set statistics 10', col.of_table, col.attname);
  end loop;
end $$;

create or replace function told_by_group() returns trigger language plpgsql as $$
begin
  -- Who changes what a group allows has its row, and waits for us or we for them.
  select g.streams, g.min_interval_ms, nullif(g.hour_emit_ms, 0), case when g.hour_emit_ms > 0 then g.hour_tolerance_ms end,
      nullif(g.day_emit_ms, 0), case when g.day_emit_ms > 0 then g.day_tolerance_ms end
    into new.streams, new.min_interval_ms, new.hour_emit_ms, new.hour_tolerance_ms, new.day_emit_ms, new.day_tolerance_ms
    from groups g where g.id = new.group_id for share;
  return new;
end $$;
create trigger told_by_group before insert on slots for each row execute function told_by_group();

create or replace function tell_streams() returns trigger language plpgsql as $$
begin
  perform from slots where group_id = new.id order by id for update;
  update slots set streams = new.streams, min_interval_ms = new.min_interval_ms,
    hour_emit_ms = nullif(new.hour_emit_ms, 0), hour_tolerance_ms = case when new.hour_emit_ms > 0 then new.hour_tolerance_ms end,
    day_emit_ms = nullif(new.day_emit_ms, 0), day_tolerance_ms = case when new.day_emit_ms > 0 then new.day_tolerance_ms end
  where group_id = new.id;
  perform settle_residence(new.id);
  return null;
end $$;

create trigger settle_residence after insert or delete on slots for each row execute function settle_residence_of_stream();

create view all_cursors as
select c.site, c.name, case when s.id is null then c.value else s.cursor_value end as value,
  case when s.id is null then c.version else s.cursor_version end as version, c.ordering,
  case when s.id is null or s.cursor_version = c.version then c.updated_at
    else coalesce((select max(h.at) from history h where h.site = c.site and h.cursor_version = s.cursor_version and h.cursor_name = 'main'), c.updated_at)
  end as updated_at
from cursors c join sites t on t.id = c.site
left join slots s on s.group_id = t.group_id and s.home = c.site and c.name = 'main';
