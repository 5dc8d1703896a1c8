-- Locks the places of these owners and kinds until the transaction ends: who counts them waits for who takes or frees
-- one. Always after the rows and in this order, so that nobody waits in a circle. A kind is locked only near its limit;
-- the margin is more than all workers together claim between two looks.
create function lock_places(p_users uuid[], p_kinds text[], p_kind_limits jsonb) returns void language plpgsql as $$
declare
  place integer;
  name text;
begin
  for place in select distinct hashtext(of::text) from unnest(p_users) of order by 1 loop
    perform pg_advisory_xact_lock(714001, place);
  end loop;
  for name in select of from (select distinct of from unnest(p_kinds) of) kinds order by hashtext(of) loop
    if (select count(*) from tasks where state = 'running' and kind = name)
      > coalesce((p_kind_limits ->> name)::integer, 1000000) - 256 then
      perform pg_advisory_xact_lock(714002, hashtext(name));
    end if;
  end loop;
end $$;

-- Gives queued tasks to a worker, the most urgent first; one whose owner or kind has enough running is parked. Wake-ups
-- of another epoch, and of tasks that are not queued, are late and give nothing.
create function claim_tasks(p_ids uuid[], p_epochs integer[], p_worker text, p_user_limit integer, p_kind_limits jsonb)
returns setof tasks language plpgsql as $$
declare
  waiting tasks[];
  task tasks;
begin
  waiting := array(
    select t from tasks t join unnest(p_ids, p_epochs) as woken (id, epoch) on woken.id = t.id and woken.epoch = t.attempt_epoch
    where t.state = 'queued' order by t.id for no key update of t);
  if cardinality(waiting) = 0 then return; end if;
  perform lock_places(array(select user_id from unnest(waiting)), array(select kind from unnest(waiting)), p_kind_limits);
  for task in select * from unnest(waiting) order by priority, seq loop
    if (select count(*) from tasks where state = 'running' and user_id = task.user_id) >= p_user_limit
      or (select count(*) from tasks where state = 'running' and kind = task.kind)
        >= coalesce((p_kind_limits ->> task.kind)::integer, 1000000) then
      update tasks set is_parked = true where id = task.id;
    else
      update tasks
        set state = 'running', worker_id = p_worker, heartbeat_at = now(), started_at = now(), attempts = attempts + 1,
          is_parked = false, progress = 0, note = null, news = news + 1
        where id = task.id returning * into task;
      perform tell_task_news(task);
      return next task;
    end if;
  end loop;
end $$;

-- Ends attempts whose tasks have nothing that follows them, and wakes who waits for their places; gives the tasks whose
-- attempts these really were. The places are locked before it is looked who is parked: who is being parked in this very
-- moment is seen, or sees the place that is free.
create function finish_tasks(p_ids uuid[], p_epochs integer[], p_states text[], p_results text[], p_news integer[],
  p_worker text, p_user_limit integer, p_kind_limits jsonb)
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
        progress = case when e.state = 'succeeded' then 1 else t.progress end
      from unnest(p_ids, p_epochs, p_states, p_results, p_news) as e (id, epoch, state, result, news)
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

drop function claim_task(uuid, integer, text, integer, integer);
drop function finish_task(uuid, integer, text, text, jsonb, text, boolean, integer, integer, jsonb);
