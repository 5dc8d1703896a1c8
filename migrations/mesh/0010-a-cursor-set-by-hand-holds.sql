-- A wish for a lease that began before a cursor was set by hand, and waited for that, would put the cursor as it saw it into the row of
-- the stream. The stream of the site gets a new epoch where it is free, so that such a wish is refused and made anew.
create or replace function bring_cursor(of_site integer) returns void language plpgsql as $$
declare
  holder integer;
  lives_there boolean;
begin
  select s.id, s.home is not null into holder, lives_there
    from slots s join sites t on t.group_id = s.group_id where t.id = of_site and s.resident = of_site for update of s;
  if holder is null then return; end if;
  if lives_there then
    insert into cursors (site, name, value, version) select of_site, 'main', cursor_value, cursor_version from slots where id = holder
      on conflict (site, name) do update set value = excluded.value, version = excluded.version, updated_at = now()
      where cursors.version < excluded.version;
  end if;
  update slots set home = null, cursor_value = null, epoch = case when job is null then epoch + 1 else epoch end where id = holder;
end $$;

-- The same where a site comes to have a stream for itself, or has it no more.
create or replace function settle_residence(of_group integer) returns void language plpgsql as $$
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
  update slots set resident = alone, home = case when home = alone then home end, cursor_value = case when home = alone then cursor_value end,
      epoch = case when job is null then epoch + 1 else epoch end
    where group_id = of_group and resident is distinct from alone;
end $$;
