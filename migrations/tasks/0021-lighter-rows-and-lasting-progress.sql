-- A row changes a few times in its short life: with room on its page, and without its heartbeat in an index, most of these
-- changes touch no index at all.
alter table tasks set (fillfactor = 60);
drop index tasks_running_of_kind_idx;
create index tasks_running_of_kind_idx on tasks (kind) where state = 'running';
-- Wake-ups come and go all the time; rows that are gone are to be swept before they slow down who looks for the next.
alter table wakeups set (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 500);

drop function finish_tasks(uuid[], integer[], text[], text[], integer[], text, integer, jsonb);

-- Ends attempts whose tasks have nothing that follows them, and wakes who waits for their places; gives the tasks whose
-- attempts these really were. What was told of their progress stays told. The places are locked before it is looked who
-- is parked: who is being parked in this very moment is seen, or sees the place that is free.
create function finish_tasks(p_ids uuid[], p_epochs integer[], p_states text[], p_results text[], p_news integer[],
  p_progress double precision[], p_worker text, p_user_limit integer, p_kind_limits jsonb)
returns setof uuid language plpgsql as $$
declare
  ended tasks[];
  task tasks;
begin
  perform from tasks where id = any(p_ids) order by id for no key update;
  with ending as (
    update tasks t
      set state = e.state, result = e.result::jsonb, error = null, is_dead = false, news = greatest(t.news, e.news) + 1,
        worker_id = null, heartbeat_at = null, finished_at = now(),
        progress = case when e.state = 'succeeded' then 1 else greatest(t.progress, e.progress) end
      from unnest(p_ids, p_epochs, p_states, p_results, p_news, p_progress) as e (id, epoch, state, result, news, progress)
      where t.id = e.id and t.attempt_epoch = e.epoch and t.state = 'running' and t.worker_id = p_worker
      returning t)
  select array_agg(t) from ending into ended;
  if ended is null then return; end if;
  perform lock_places(array(select user_id from unnest(ended)), array(select kind from unnest(ended)), p_kind_limits);
  for task in
    select distinct on (t.user_id, t.kind) t.* from unnest(ended) t
    where exists (select from tasks p where p.state = 'queued' and p.is_parked and (p.user_id = t.user_id or p.kind = t.kind))
  loop
    perform unpark_tasks(task.user_id, task.kind, p_user_limit, p_kind_limits, 2 * cardinality(ended));
  end loop;
  perform tell_task_news(t) from unnest(ended) t;
  return query select id from unnest(ended);
end $$;
