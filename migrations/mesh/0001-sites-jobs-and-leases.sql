-- Who shares a politeness budget: the sites of one host, one address, one account. Times are milliseconds; `emit` is the
-- distance of two leases that a budget allows in the long run, `tolerance` how far it may run ahead (GCRA), each per stream.
create table groups (
  id integer generated always as identity primary key,
  name text not null unique check (length(name) between 1 and 200),
  streams smallint not null default 1 check (streams between 1 and 1000),
  min_interval_ms integer not null check (min_interval_ms >= 0),
  per_hour integer check (per_hour > 0),
  per_day integer check (per_day > 0),
  pace real not null default 1 check (pace > 0 and pace <= 1),
  hour_emit_ms bigint not null default 0,
  hour_tolerance_ms bigint not null default 0,
  day_emit_ms bigint not null default 0,
  day_tolerance_ms bigint not null default 0
);

create table sites (
  id integer generated always as identity primary key,
  site_id text not null unique check (length(site_id) between 1 and 200),
  group_id integer not null references groups,
  state text not null default 'open' check (state in ('open', 'paused')),
  max_workers smallint not null default 1 check (max_workers between 1 and 1000),
  requires text[] not null default '{}',
  family text,
  quiet_hours json not null default '[]',
  blocked_until timestamptz,
  block_reason text,
  blocked_at timestamptz,
  owner text,
  owner_url text,
  claim_epoch bigint not null default 0,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index sites_group_id_idx on sites (group_id);

create table site_aliases (
  alias text primary key check (length(alias) between 1 and 200),
  site integer not null references sites
);
create index site_aliases_site_idx on site_aliases (site);

-- The lease itself: one row for each stream of a group, one holder, one epoch. `eligible_at` folds politeness, back-off and
-- the end of a lease into one moment; an expired lease is eligible by definition. Only updated, and no index covers what
-- changes, so that every update stays on its page.
create table slots (
  id integer generated always as identity primary key,
  group_id integer not null references groups,
  stream smallint not null,
  epoch bigint not null default 0,
  eligible_at timestamptz not null default now(),
  expires_at timestamptz,
  leased_at timestamptz,
  site integer,
  job bigint,
  node integer,
  cursor_version bigint,
  pressure smallint not null default 0,
  pressed_at timestamptz,
  hour_paid timestamptz not null default '-infinity',
  day_paid timestamptz not null default '-infinity',
  unique (group_id, stream)
) with (fillfactor = 50);

create table plans (
  id bigint generated always as identity primary key,
  site integer not null references sites,
  kind text not null,
  spec json not null,
  parts integer not null check (parts > 0),
  created_by text,
  created_at timestamptz not null default now()
);
create index on plans (site);

create table jobs (
  id bigint generated always as identity primary key,
  site integer not null references sites,
  kind text not null,
  state text not null default 'queued' check (state in ('queued', 'done', 'dead', 'cancelled')),
  priority smallint not null default 0 check (priority between -100 and 100),
  not_before timestamptz not null default now(),
  deadline timestamptz,
  dedup_key text,
  cost integer not null default 1 check (cost > 0),
  attempts smallint not null default 0,
  max_attempts smallint not null default 5 check (max_attempts between 1 and 100),
  every_s integer check (every_s > 0),
  plan_id bigint references plans,
  part integer,
  payload json not null default '{}',
  outcome text,
  last_error text,
  finished_epoch bigint,
  finished_at timestamptz,
  created_at timestamptz not null default now()
) with (fillfactor = 80);
create index jobs_waiting_idx on jobs (site, priority desc, id) where state = 'queued';
create index jobs_due_idx on jobs (site, not_before) where state = 'queued';
create unique index jobs_dedup_idx on jobs (site, dedup_key) where state = 'queued' and dedup_key is not null;
create index jobs_dead_idx on jobs (id) where state = 'dead';
create index jobs_plan_id_idx on jobs (plan_id, part) where plan_id is not null;
create index jobs_finished_at_idx on jobs (finished_at) where finished_at is not null;

-- What became of each lease, by job and epoch: the history of a dead letter, and the audit of what nodes did.
create table attempts (
  id bigint generated always as identity primary key,
  job bigint not null,
  site integer not null,
  slot integer not null,
  epoch bigint not null,
  node integer not null,
  outcome text not null check (outcome in ('done', 'failed', 'released', 'expired')),
  error text,
  stats json,
  leased_at timestamptz,
  ended_at timestamptz not null default now()
);
create index attempts_job_idx on attempts (job);
create index attempts_ended_at_idx on attempts using brin (ended_at);

create table cursors (
  site integer not null references sites,
  name text not null check (length(name) between 1 and 64),
  value text,
  version bigint not null default 0,
  ordering text not null default 'opaque' check (ordering in ('opaque', 'integer', 'time')),
  updated_at timestamptz not null default now(),
  primary key (site, name)
) with (fillfactor = 70);

create table cursor_moves (
  id bigint generated always as identity primary key,
  site integer not null,
  name text not null,
  version bigint not null,
  value text,
  cause text not null check (cause in ('finish', 'progress', 'set', 'rollback')),
  epoch bigint,
  node integer,
  moved_at timestamptz not null default now()
);
create index cursor_moves_site_name_idx on cursor_moves (site, name, version desc);

create table nodes (
  id integer generated always as identity primary key,
  node_id text not null unique check (length(node_id) <= 128),
  role text not null check (role in ('legacy', 'node')),
  secret_hash bytea,
  older_secret_hash bytea,
  older_secret_until timestamptz,
  token_epoch integer not null default 0,
  capabilities json not null default '{}',
  sites text[],
  client_version text,
  quota smallint not null default 1 check (quota between 0 and 1000),
  failures smallint not null default 0,
  cooling_until timestamptz,
  state text not null default 'active' check (state in ('active', 'draining', 'revoked')),
  registered_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now()
);

-- Keys by kind: `network` is the shared key of old clients, `registration` lets a node enrol, `signing` signs our tokens.
create table keys (
  id bigint generated always as identity primary key,
  kind text not null check (kind in ('network', 'registration', 'signing')),
  name text not null default '',
  hash bytea,
  secret bytea,
  sites text[],
  uses_left integer check (uses_left >= 0),
  valid_until timestamptz,
  created_by text,
  created_at timestamptz not null default now(),
  check ((kind = 'signing') = (secret is not null) and (kind = 'signing') = (hash is null))
);

create table audit (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  actor text not null,
  act text not null,
  subject text,
  site integer,
  epoch bigint,
  details json
);

create table idempotency_keys (
  key text not null,
  actor text not null,
  operation text not null,
  fingerprint text not null,
  answer json not null,
  created_at timestamptz not null default now(),
  primary key (actor, operation, key)
);

create table replicas (
  id uuid primary key,
  seen_at timestamptz not null default now()
);

create table peers (
  name text primary key check (length(name) between 1 and 100),
  url text not null,
  seen_at timestamptz not null default now()
);
