-- As before, but the kind's lock is taken only where its limit is near, and the news is told from here.
create or replace function claim_task(p_id uuid, p_epoch integer, p_worker text, p_user_limit integer, p_kind_limit integer)
returns setof tasks language plpgsql as $$
declare
  task tasks;
begin
  select * into task from tasks where id = p_id for update;
  if not found or task.state <> 'queued' or task.attempt_epoch <> p_epoch then return; end if;
  perform pg_advisory_xact_lock(714001, hashtext(task.user_id::text));
  if (select count(*) from tasks where state = 'running' and kind = task.kind) > p_kind_limit - 64 then
    perform pg_advisory_xact_lock(714002, hashtext(task.kind));
  end if;
  if (select count(*) from tasks where state = 'running' and user_id = task.user_id) >= p_user_limit
    or (select count(*) from tasks where state = 'running' and kind = task.kind) >= p_kind_limit then
    update tasks set is_parked = true where id = p_id;
    return;
  end if;
  update tasks
    set state = 'running', worker_id = p_worker, heartbeat_at = now(), started_at = now(), attempts = attempts + 1,
      is_parked = false, progress = 0, note = null, news = news + 1
    where id = p_id returning * into task;
  perform tell_task_news(task);
  return next task;
end $$;

-- What is told of a task whose state has changed; small, for a notification carries 8000 bytes at most.
create function tell_task_news(p_task tasks) returns void language sql as $$
  select pg_notify('tasks_news', json_build_object('id', p_task.id, 'attempt_epoch', p_task.attempt_epoch,
    'news', p_task.news, 'state', p_task.state, 'progress', p_task.progress, 'note', left(p_task.note, 500),
    'attempts', p_task.attempts)::text);
$$;

-- Ends an attempt whose task has nothing that follows it, in one round trip. Who is being parked in this very moment may
-- be missed here, and is woken by the reconciler.
create function finish_task(p_id uuid, p_epoch integer, p_worker text, p_state text, p_result jsonb, p_error text,
  p_is_dead boolean, p_news integer, p_user_limit integer, p_kind_limits jsonb)
returns boolean language plpgsql as $$
declare
  task tasks;
begin
  update tasks
    set state = p_state, result = p_result, error = p_error, is_dead = p_is_dead, news = greatest(news, p_news) + 1,
      worker_id = null, heartbeat_at = null, finished_at = now(),
      progress = case when p_state = 'succeeded' then 1 else progress end
    where id = p_id and attempt_epoch = p_epoch and state = 'running' and worker_id = p_worker
    returning * into task;
  if not found then return false; end if;
  if exists (select from tasks where state = 'queued' and is_parked and user_id = task.user_id)
    or exists (select from tasks where state = 'queued' and is_parked and kind = task.kind) then
    perform unpark_tasks(task.user_id, task.kind, p_user_limit, p_kind_limits, 2);
  end if;
  perform tell_task_news(task);
  return true;
end $$;
create index tasks_parked_of_kind_idx on tasks (kind) where state = 'queued' and is_parked;
