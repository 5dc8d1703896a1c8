-- Keys that sign: the private half is sealed, or absent when it is kept elsewhere.
create table signing_keys (
  id text primary key,
  role text not null,
  public_key text not null,
  sealed_key text,
  retired_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  constraint signing_keys_role_check check (role in ('root', 'rules', 'manifest', 'pointer', 'feed'))
);
create table roots (
  version integer primary key,
  body json not null,
  created_at timestamptz(3) not null default now()
);

-- The rules of one site, version by version: never changed, never numbered downwards.
create table rule_records (
  site text not null,
  version integer not null,
  body json not null,
  checksum text not null,
  fixtures json not null default '[]',
  created_by uuid,
  created_at timestamptz(3) not null default now(),
  primary key (site, version)
);
-- A package names a version for each site; canary packages go to a share of clients, live ones to all.
create table rule_packages (
  version integer primary key,
  entries json not null,
  reason text not null,
  note text,
  state text not null,
  canary_share real not null default 1,
  body text not null,
  checksum text not null,
  signatures json not null,
  published_by uuid,
  published_at timestamptz(3) not null default now(),
  constraint rule_packages_reason_check check (reason in ('publish', 'rollback')),
  constraint rule_packages_state_check check (state in ('canary', 'live', 'withdrawn'))
);
create table rule_drafts (
  id uuid primary key default gen_random_uuid(),
  site text not null,
  body json not null,
  fixtures json not null default '[]',
  report json,
  state text not null default 'open',
  created_by uuid not null,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  constraint rule_drafts_state_check check (state in ('open', 'published', 'withdrawn'))
);
create index rule_drafts_state_idx on rule_drafts (state, created_at, id);
