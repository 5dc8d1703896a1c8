create table pub_accounts (
  id uuid primary key default gen_random_uuid(),
  seq bigserial unique,
  user_id uuid not null,
  platform text not null check (platform in ('bilibili', 'douyin', 'site', 'webhook')),
  label text,
  credential text not null,
  status text not null default 'active' check (status in ('active', 'expired', 'disabled')),
  last_checked_at timestamptz(3),
  last_error text,
  created_at timestamptz(3) not null default now()
);
create index pub_accounts_of_user_idx on pub_accounts (user_id, seq);

create table pub_jobs (
  id uuid primary key default gen_random_uuid(),
  seq bigserial unique,
  user_id uuid not null,
  account_id uuid not null,
  platform text not null check (platform in ('bilibili', 'douyin', 'site', 'webhook')),
  project_id uuid,
  branch_name text,
  commit_id text,
  render_id uuid references renders on delete set null,
  video_url text not null default '',
  title text,
  description text,
  tags text[],
  bilibili_tid integer,
  cover_url text,
  scheduled_publish_at timestamptz(3),
  multi_part boolean not null default false,
  input_artifacts jsonb,
  attempts integer not null default 0,
  task_id uuid,
  status text not null default 'pending'
    check (status in ('pending', 'started', 'retrying', 'succeeded', 'failed', 'cancelled', 'unknown')),
  result jsonb,
  logs jsonb not null default '[]',
  error text,
  created_at timestamptz(3) not null default now()
);
create index pub_jobs_of_user_idx on pub_jobs (user_id, seq desc);
create index pub_jobs_of_account_idx on pub_jobs (account_id);
create index pub_jobs_of_project_idx on pub_jobs (project_id);
create index pub_jobs_of_task_idx on pub_jobs (task_id);
create index pub_jobs_of_render_idx on pub_jobs (render_id);

-- One row for each call that publishes something. It is written before the call (reserved), and again after it
-- (confirmed, refused): a reserved row that nobody settled is a call whose outcome is not known.
create table pub_calls (
  id uuid primary key default gen_random_uuid(),
  job_id uuid not null references pub_jobs on delete cascade,
  number integer not null,
  state text not null default 'reserved' check (state in ('reserved', 'confirmed', 'refused')),
  task_epoch integer not null,
  answer jsonb,
  reserved_at timestamptz(3) not null default now(),
  settled_at timestamptz(3),
  unique (job_id, number)
);
create unique index pub_calls_one_open_idx on pub_calls (job_id) where state <> 'refused';
