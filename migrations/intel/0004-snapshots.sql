create table snapshot_builds (
  version integer primary key,
  state text not null,
  manifest json,
  figures json,
  error text,
  started_at timestamptz(3) not null default now(),
  finished_at timestamptz(3),
  constraint snapshot_builds_state_check check (state in ('running', 'published', 'unchanged', 'failed'))
);

-- Other intel centres whose signed feed is followed.
create table nodes (
  id uuid primary key default gen_random_uuid(),
  name text not null unique,
  url text not null,
  public_key text not null,
  tier text not null default 'community',
  enabled boolean not null default true,
  cursor bigint not null default 0,
  failures integer not null default 0,
  last_error text,
  last_pulled_at timestamptz(3),
  next_pull_at timestamptz(3) not null default now(),
  created_at timestamptz(3) not null default now(),
  constraint nodes_tier_check check (tier in ('official', 'trusted', 'community'))
);
