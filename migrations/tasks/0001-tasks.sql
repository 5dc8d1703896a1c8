-- The truth of every piece of work. A queue only carries (id, attempt_epoch); whoever comes with another epoch is late.
create table tasks (
  id uuid primary key default gen_random_uuid(),
  seq bigserial unique,
  kind text not null,
  user_id uuid not null,
  project_id uuid,
  input jsonb not null,
  state text not null default 'queued' check (state in ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
  attempt_epoch integer not null default 1,
  attempts integer not null default 0,
  deaths integer not null default 0,
  priority integer not null default 5 check (priority between 0 and 10),
  run_at timestamptz(3) not null default now(),
  is_parked boolean not null default false,
  woken_at timestamptz(3),
  worker_id text,
  heartbeat_at timestamptz(3),
  cancel_requested boolean not null default false,
  progress double precision not null default 0,
  note text,
  news integer not null default 1,
  result jsonb,
  error text,
  is_dead boolean not null default false,
  created_at timestamptz(3) not null default now(),
  started_at timestamptz(3),
  finished_at timestamptz(3)
);
create index tasks_of_user_idx on tasks (user_id, seq desc);
create index tasks_of_project_idx on tasks (project_id, seq desc) where project_id is not null;
create index tasks_running_of_user_idx on tasks (user_id) where state = 'running';
create index tasks_running_of_kind_idx on tasks (kind, heartbeat_at) where state = 'running';
create index tasks_queued_idx on tasks (kind, priority, seq) where state = 'queued';
create index tasks_queued_of_user_idx on tasks (user_id) where state = 'queued';
create index tasks_parked_idx on tasks (user_id, priority, seq) where state = 'queued' and is_parked;
create index tasks_dead_idx on tasks (seq desc) where is_dead;

-- Wake-ups to be carried, written in the transaction that queued the task; gone once the queue has them.
create table wakeups (
  seq bigserial primary key,
  task_id uuid not null references tasks on delete cascade,
  epoch integer not null,
  claimed_until timestamptz not null default '-infinity',
  unique (task_id, epoch)
);
create index wakeups_to_carry_idx on wakeups (claimed_until, seq);

-- A request that was made with an Idempotency-Key, and the answer it had.
create table idempotency_keys (
  user_id uuid not null,
  operation text not null,
  key text not null,
  body_hash text not null,
  answer jsonb not null,
  created_at timestamptz(3) not null default now(),
  primary key (user_id, operation, key)
);
create index idempotency_keys_created_at_idx on idempotency_keys (created_at);

-- Gives a queued task to a worker, or parks it while its owner or its kind has enough running. One round trip, and the
-- counts cannot be outrun: who comes for the same owner or kind waits here.
create function claim_task(p_id uuid, p_epoch integer, p_worker text, p_user_limit integer, p_kind_limit integer)
returns setof tasks language plpgsql as $$
declare
  task tasks;
begin
  select * into task from tasks where id = p_id for update;
  if not found or task.state <> 'queued' or task.attempt_epoch <> p_epoch then return; end if;
  perform pg_advisory_xact_lock(714001, hashtext(task.user_id::text));
  perform pg_advisory_xact_lock(714002, hashtext(task.kind));
  if (select count(*) from tasks where state = 'running' and user_id = task.user_id) >= p_user_limit
    or (select count(*) from tasks where state = 'running' and kind = task.kind) >= p_kind_limit then
    update tasks set is_parked = true where id = p_id;
    return;
  end if;
  return query update tasks
    set state = 'running', worker_id = p_worker, heartbeat_at = now(), started_at = now(), attempts = attempts + 1,
      is_parked = false, progress = 0, note = null, news = news + 1
    where id = p_id returning *;
end $$;

-- Wakes parked tasks whose owner and kind have room again, the most urgent and oldest first.
create function unpark_tasks(p_user uuid, p_kind text, p_user_limit integer, p_kind_limits jsonb, p_most integer)
returns integer language plpgsql as $$
declare
  woken integer;
begin
  with busy_users as (select user_id, count(*) as running from tasks where state = 'running' group by user_id),
  busy_kinds as (select kind, count(*) as running from tasks where state = 'running' group by kind),
  ranked as (
    select t.id, t.priority, t.seq,
      row_number() over (partition by t.user_id order by t.priority, t.seq) <= p_user_limit - coalesce(u.running, 0) as user_has_room,
      row_number() over (partition by t.kind order by t.priority, t.seq)
        <= coalesce((p_kind_limits ->> t.kind)::integer, 1000000) - coalesce(k.running, 0) as kind_has_room
    from tasks t left join busy_users u on u.user_id = t.user_id left join busy_kinds k on k.kind = t.kind
    where t.state = 'queued' and t.is_parked and (p_user is null or t.user_id = p_user or t.kind = p_kind)),
  free as materialized (
    select t.id from tasks t join ranked r on r.id = t.id where r.user_has_room and r.kind_has_room
    order by r.priority, r.seq limit p_most for update of t skip locked),
  again as (
    update tasks set is_parked = false, attempt_epoch = attempt_epoch + 1, woken_at = null, news = 1
    from free where tasks.id = free.id returning tasks.id, tasks.attempt_epoch),
  waking as (insert into wakeups (task_id, epoch) select id, attempt_epoch from again returning 1)
  select count(*) into woken from waking;
  if woken > 0 then perform pg_notify('tasks_wake', ''); end if;
  return woken;
end $$;
