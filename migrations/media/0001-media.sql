-- Bytes, once for each content. The key is new for each keeping, so that removing an old one never meets a new one.
create table blobs (
  sha256 text primary key check (sha256 ~ '^[0-9a-f]{64}$'),
  size bigint not null check (size >= 0),
  key text not null unique,
  content_type text not null,
  facts jsonb,
  unused_since timestamptz(3),
  created_at timestamptz(3) not null default now()
);
create index blobs_unused_since_idx on blobs (unused_since) where unused_since is not null;

-- What people own: a name for a blob, with its licence and where it comes from. Without a blob it is still being looked at.
create table assets (
  id uuid primary key default gen_random_uuid(),
  seq bigserial unique,
  owner_id uuid not null,
  project_id uuid,
  commit_id text,
  upload_id uuid,
  blob_sha256 text references blobs,
  state text not null check (state in ('processing', 'ready', 'failed')),
  name text not null,
  object_name text not null,
  content_type text not null,
  size bigint not null check (size >= 0),
  licence text,
  provenance jsonb,
  vn_type text,
  branch_name text,
  metadata json,
  is_public boolean not null default false,
  epoch integer not null default 1,
  shown_epoch integer,
  link_key text not null,
  problem text,
  deleted_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  check ((state = 'ready') = (blob_sha256 is not null))
);
create index assets_owner_id_idx on assets (owner_id, seq desc);
create index assets_project_id_idx on assets (project_id, seq desc);
create index assets_blob_sha256_idx on assets (blob_sha256);
create index assets_object_name_idx on assets (object_name);
create index assets_upload_id_idx on assets (upload_id);
create index assets_deleted_at_idx on assets (deleted_at) where deleted_at is not null;

-- Which projects have committed a document that names an asset: it stays while one of them does.
create table asset_uses (
  asset_id uuid not null,
  project_id uuid not null,
  primary key (asset_id, project_id)
);
create index asset_uses_project_id_idx on asset_uses (project_id);

-- Bytes on their way in. They lie in quarantine until the server has read them itself.
create table uploads (
  id uuid primary key default gen_random_uuid(),
  owner_id uuid not null,
  project_id uuid,
  commit_id text,
  state text not null check (state in ('open', 'verifying', 'done', 'failed', 'aborted')),
  filename text not null,
  object_name text not null unique,
  content_type text not null,
  size bigint check (size >= 0),
  sha256 text check (sha256 ~ '^[0-9a-f]{64}$'),
  licence text,
  provenance jsonb,
  request_key text,
  quarantine_key text not null,
  part_size integer,
  part_count integer not null,
  store_upload_id text,
  promoted_key text,
  problem text,
  expires_at timestamptz(3) not null,
  created_at timestamptz(3) not null default now(),
  unique (owner_id, request_key)
);
create index uploads_expires_at_idx on uploads (expires_at);
create index uploads_owner_id_open_idx on uploads (owner_id) where state in ('open', 'verifying');
create index uploads_promoted_key_idx on uploads (promoted_key) where promoted_key is not null;

-- Work on media that must be done, whoever dies: the row is the truth, the queue only wakes.
create table jobs (
  id uuid primary key default gen_random_uuid(),
  kind text not null check (kind in ('verify', 'derive')),
  subject text not null,
  state text not null default 'queued' check (state in ('queued', 'running', 'done', 'failed')),
  attempt integer not null default 0,
  run_after timestamptz(3) not null default now(),
  claimed_until timestamptz(3),
  problem text,
  created_at timestamptz(3) not null default now(),
  finished_at timestamptz(3),
  unique (kind, subject)
);
create index jobs_due_idx on jobs (run_after) where state in ('queued', 'running');

-- What was made of a blob for looking at it: poster, sprite, waveform, HLS.
create table renditions (
  blob_sha256 text not null references blobs on delete cascade,
  kind text not null check (kind in ('poster', 'sprite', 'waveform', 'hls')),
  prefix text not null unique,
  content jsonb not null,
  bytes bigint not null check (bytes >= 0),
  created_at timestamptz(3) not null default now(),
  primary key (blob_sha256, kind)
);

-- Objects that nothing names any more, to be removed from the store; a key that ends with a slash means all below it.
create table dead_objects (
  key text primary key,
  not_before timestamptz(3) not null default now()
);
create index dead_objects_not_before_idx on dead_objects (not_before);
