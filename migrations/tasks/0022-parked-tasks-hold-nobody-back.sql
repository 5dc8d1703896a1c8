-- Wakes parked tasks whose owner and kind both have room again, the most urgent and oldest first. Only such tasks are
-- counted against that room: what waits for a place of its kind holds nothing else of its owner back, nor the other way
-- round, and whenever any of them could run, one is woken.
create or replace function unpark_tasks(p_user uuid, p_kind text, p_user_limit integer, p_kind_limits jsonb, p_most integer)
returns integer language plpgsql as $$
declare
  woken integer;
begin
  with busy_users as (select user_id, count(*) as running from tasks where state = 'running' group by user_id),
  busy_kinds as (select kind, count(*) as running from tasks where state = 'running' group by kind),
  parked as (
    select t.id, t.user_id, t.kind, t.priority, t.seq, p_user_limit - coalesce(u.running, 0) as user_room,
      coalesce((p_kind_limits ->> t.kind)::integer, 1000000) - coalesce(k.running, 0) as kind_room
    from tasks t left join busy_users u on u.user_id = t.user_id left join busy_kinds k on k.kind = t.kind
    where t.state = 'queued' and t.is_parked and (p_user is null or t.user_id = p_user or t.kind = p_kind)),
  with_kind as (
    select *, row_number() over (partition by kind order by priority, seq) as of_kind
    from parked where user_room > 0 and kind_room > 0),
  with_both as (
    select *, row_number() over (partition by user_id order by priority, seq) as of_user
    from with_kind where of_kind <= kind_room),
  free as materialized (
    select t.id from tasks t join with_both r on r.id = t.id where r.of_user <= r.user_room
    order by r.priority, r.seq limit p_most for update of t skip locked),
  again as (
    update tasks set is_parked = false, attempt_epoch = attempt_epoch + 1, woken_at = null, news = 1
    from free where tasks.id = free.id returning tasks.id, tasks.attempt_epoch),
  waking as (insert into wakeups (task_id, epoch) select id, attempt_epoch from again returning 1)
  select count(*) into woken from waking;
  if woken > 0 then perform pg_notify('tasks_wake', ''); end if;
  return woken;
end $$;
