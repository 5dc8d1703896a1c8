create table clips (
  id uuid primary key default gen_random_uuid(),
  seq bigserial unique,
  project_id uuid not null,
  branch_id uuid,
  branch_name text,
  user_id uuid not null,
  title text,
  summary text,
  input_artifacts jsonb,
  assets_ref jsonb,
  task_id uuid,
  status text not null default 'pending' check (status in ('pending', 'succeeded', 'failed')),
  result jsonb,
  error text,
  created_at timestamptz(3) not null default now()
);
create index clips_of_project_idx on clips (project_id, seq desc);
create index clips_of_user_idx on clips (user_id, seq desc);
create index clips_of_task_idx on clips (task_id);

-- A film of a commit. One commit is rendered once for each way of rendering it, failures aside.
create table renders (
  id uuid primary key default gen_random_uuid(),
  seq bigserial unique,
  project_id uuid not null,
  branch_name text,
  commit_id text not null,
  user_id uuid not null,
  format text not null check (format in ('mp4', 'webm')),
  width integer,
  height integer,
  rate text,
  task_id uuid not null,
  status text not null default 'pending' check (status in ('pending', 'succeeded', 'failed')),
  asset_id uuid,
  url text,
  duration_seconds double precision,
  size bigint,
  losses text[] not null default '{}',
  is_published boolean not null default false,
  error text,
  created_at timestamptz(3) not null default now()
);
create unique index renders_once_idx on renders (project_id, commit_id, format, coalesce(width, 0), coalesce(height, 0), coalesce(rate, ''))
  where status <> 'failed';
create index renders_of_project_idx on renders (project_id, seq desc);
create index renders_of_task_idx on renders (task_id);

create table vn_jobs (
  id uuid primary key default gen_random_uuid(),
  seq bigserial unique,
  project_id uuid not null,
  branch_name text,
  user_id uuid not null,
  engine text check (engine in ('KIRIKIRI', 'RENPY')),
  script_text text,
  asset_ids text[] not null default '{}',
  task_id uuid,
  status text not null default 'pending' check (status in ('pending', 'started', 'succeeded', 'failed')),
  attempts integer not null default 0,
  result jsonb,
  logs jsonb not null default '[]',
  error text,
  created_at timestamptz(3) not null default now()
);
create index vn_jobs_of_user_idx on vn_jobs (user_id, seq desc);
create index vn_jobs_of_project_idx on vn_jobs (project_id);
create index vn_jobs_of_task_idx on vn_jobs (task_id);
