-- A work keeps its row and its key for ever. A merged one points at the work it is now part of; a split one is a tombstone,
-- and its parts point back at it. Names and ids stay where they were first put, so that a merge moves nothing and can be undone.
create table works (
  id bigint generated always as identity primary key,
  release_key text not null unique,
  title text not null,
  original_title text,
  year integer,
  type text not null,
  season integer,
  root_key text,
  popularity real not null default 0,
  source text not null,
  source_ref text unique,
  retired text,
  merged_into bigint references works,
  split_from bigint references works,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  constraint works_release_key_check check (release_key ~ '^[a-z0-9]+(-[a-z0-9]+)*-[0-9]{4}-[a-z]+$'),
  constraint works_type_check check (type in ('movie', 'tv', 'anime', 'music', 'short_drama', 'ebook', 'audiobook', 'comic')),
  constraint works_retired_check check (retired in ('merged', 'split')),
  constraint works_merged_into_check check ((retired is not distinct from 'merged') = (merged_into is not null)),
  constraint works_check check (merged_into <> id and split_from <> id)
);
create index works_merged_into_idx on works (merged_into);
create index works_split_from_idx on works (split_from);
create index works_root_key_idx on works (root_key);

-- Ids that others gave a work: attributes, not identity; the seasons of one show share some of them.
create table work_ids (
  work_id bigint not null references works,
  provider text not null,
  value text not null,
  primary key (work_id, provider, value)
);
create index work_ids_provider_value_idx on work_ids (provider, value);

create table aliases (
  id bigint generated always as identity primary key,
  work_id bigint not null references works,
  name text not null,
  language text,
  script text,
  kind text not null,
  source text not null,
  licence text,
  weight real not null default 1,
  first_seen timestamptz(3) not null default now(),
  last_seen timestamptz(3) not null default now(),
  withdrawn_at timestamptz(3),
  unique (work_id, name),
  constraint aliases_kind_check check (kind in ('main', 'official', 'synonym', 'short', 'release', 'user'))
);

-- What has changed, in an order that readers can follow: who writes here holds one lock until the commit.
create table changes (
  seq bigint generated always as identity primary key,
  kind text not null,
  key text not null,
  body json not null,
  at timestamptz(3) not null default now()
);
create index changes_kind_seq_idx on changes (kind, seq);

-- People with a part in the upkeep of the catalogue; whoever is not here may read, and propose nothing.
create table contributors (
  user_id uuid primary key,
  role text not null default 'contributor',
  trust real not null default 0.5,
  approved integer not null default 0,
  rejected integer not null default 0,
  created_at timestamptz(3) not null default now(),
  constraint contributors_role_check check (role in ('contributor', 'publisher', 'admin'))
);

create table submissions (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null,
  work_id bigint not null references works,
  name text not null,
  language text,
  kind text not null,
  evidence text,
  licence text,
  status text not null default 'pending',
  decided_by uuid,
  decided_at timestamptz(3),
  reason text,
  created_at timestamptz(3) not null default now(),
  constraint submissions_status_check check (status in ('pending', 'approved', 'rejected')),
  constraint submissions_kind_check check (kind in ('main', 'official', 'synonym', 'short', 'release', 'user'))
);
create unique index submissions_open on submissions (work_id, name) where status = 'pending';
create index submissions_status_created_at_idx on submissions (status, created_at, id);
create index submissions_user_id_idx on submissions (user_id);

create table submission_votes (
  submission_id uuid not null references submissions on delete cascade,
  user_id uuid not null,
  approves boolean not null,
  weight real not null,
  primary key (submission_id, user_id)
);

-- Credentials of unmodified clients: a path prefix or the password of Basic. Only the hash is kept.
create table client_tokens (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null,
  name text not null,
  token_hash bytea not null unique,
  created_at timestamptz(3) not null default now(),
  revoked_at timestamptz(3)
);
create index client_tokens_user_id_idx on client_tokens (user_id);

create table imports (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null,
  source text not null,
  state text not null default 'waiting',
  lines integer not null default 0,
  added integer not null default 0,
  changed integer not null default 0,
  refused json not null default '[]',
  bytes bigint not null default 0,
  bytes_read bigint not null default 0,
  error text,
  claimed_until timestamptz(3) not null default '-infinity',
  created_at timestamptz(3) not null default now(),
  finished_at timestamptz(3),
  constraint imports_state_check check (state in ('waiting', 'running', 'done', 'failed'))
);
create index imports_running on imports (claimed_until) where state = 'running';
