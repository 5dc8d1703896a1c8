-- Work that comes again and again. Whoever moves next_at on from a due time begins its task in the same transaction, so
-- each due time begins one however many look; null while paused.
create table schedules (
  id uuid primary key default gen_random_uuid(),
  seq bigserial unique,
  user_id uuid not null,
  project_id uuid,
  name text,
  cron text not null,
  time_zone text not null,
  work jsonb not null,
  next_at timestamptz(3),
  last_due_at timestamptz(3),
  last_task_id uuid,
  last_error text,
  created_at timestamptz(3) not null default now()
);
create index schedules_of_user_idx on schedules (user_id, seq desc);
create index schedules_of_project_idx on schedules (project_id) where project_id is not null;
create index schedules_due_idx on schedules (next_at) where next_at is not null;
