-- Where a group has one stream and one site, the main cursor of that site lives in the row of the stream from the first lease on:
-- `resident` is the site that may have it there, `home` the one that has. A lease and its end then read and write one row. Whoever
-- else would move the cursor, or change who shares the group, brings it back to its own row first.
lock table slots, sites, groups in access exclusive mode;
alter table slots
  add column resident integer,
  add column home integer,
  add column cursor_value text,
  add column cursor_ordering text not null default 'opaque';

-- The cursor of a site goes back from its stream to its own row.
create function bring_cursor(of_site integer) returns void language plpgsql as $$
declare
  holder integer;
begin
  select s.id into holder from slots s join sites t on t.group_id = s.group_id where t.id = of_site and s.home = of_site for update of s;
  if holder is null then return; end if;
  insert into cursors (site, name, value, version) select of_site, 'main', cursor_value, cursor_version from slots where id = holder
    on conflict (site, name) do update set value = excluded.value, version = excluded.version, updated_at = now()
    where cursors.version < excluded.version;
  update slots set home = null, cursor_value = null where id = holder;
end $$;

-- Says anew which site may have its cursor in a stream of a group, after its sites or streams have changed.
create function settle_residence(of_group integer) returns void language plpgsql as $$
declare
  alone integer;
begin
  perform from slots where group_id = of_group order by id for update;
  select min(t.id) into alone from groups g join sites t on t.group_id = g.id
    where g.id = of_group and g.streams = 1 and (select count(*) from slots where group_id = of_group) = 1 having count(*) = 1;
  insert into cursors (site, name, value, version)
    select home, 'main', cursor_value, cursor_version from slots where group_id = of_group and home is not null and home is distinct from alone
    on conflict (site, name) do update set value = excluded.value, version = excluded.version, updated_at = now()
    where cursors.version < excluded.version;
  update slots set resident = alone, home = case when home = alone then home end, cursor_value = case when home = alone then cursor_value end
    where group_id = of_group and resident is distinct from alone;
end $$;

create or replace function tell_streams() returns trigger language plpgsql as $$
begin
  perform from slots where group_id = new.id order by id for update;
  update slots set streams = new.streams, min_interval_ms = new.min_interval_ms, hour_emit_ms = new.hour_emit_ms,
    hour_tolerance_ms = new.hour_tolerance_ms, day_emit_ms = new.day_emit_ms, day_tolerance_ms = new.day_tolerance_ms
  where group_id = new.id;
  perform settle_residence(new.id);
  return null;
end $$;

create function settle_residence_of_site() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    if old.group_id = new.group_id then return null; end if;
    perform from slots where group_id in (old.group_id, new.group_id) order by id for update;
    perform settle_residence(old.group_id);
  end if;
  perform settle_residence(new.group_id);
  return null;
end $$;
create trigger settle_residence after insert or update of group_id on sites for each row execute function settle_residence_of_site();

create function settle_residence_of_stream() returns trigger language plpgsql as $$
begin
  perform settle_residence(case when tg_op = 'DELETE' then old.group_id else new.group_id end);
  return null;
end $$;
create trigger settle_residence after insert or delete on slots for each row execute function settle_residence_of_stream();

-- Cursors as they are, wherever they live.
create view all_cursors as
select c.site, c.name, case when s.id is null then c.value else s.cursor_value end as value,
  case when s.id is null then c.version else s.cursor_version end as version, c.ordering,
  case when s.id is null or s.cursor_version = c.version then c.updated_at
    else coalesce((select max(h.at) from history h where h.site = c.site and h.cursor_version = s.cursor_version and h.cursor_name = 'main'), c.updated_at)
  end as updated_at
from cursors c join sites t on t.id = c.site
left join slots s on s.group_id = t.group_id and s.home = c.site and c.name = 'main';

select settle_residence(id) from groups order by id;
