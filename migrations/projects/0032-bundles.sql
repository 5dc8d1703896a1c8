-- A commit that came from another installation keeps the author its hash covers; `author_id` is who that is here, if anybody.
alter table commits add column foreign_author uuid;
alter table commits add column foreign_author_name text;

-- Projects that leave as bundles and come in as bundles. The bytes are in the object store under `object_key` and go with
-- the row. Whoever works on one moves `claimed_until` on; when it has passed, somebody else takes over.
create table transfers (
  id uuid primary key default gen_random_uuid(),
  seq bigserial unique,
  kind text not null check (kind in ('export', 'import')),
  owner_id uuid not null references users on delete cascade,
  project_id uuid references projects on delete cascade,
  wish jsonb not null,
  object_key text not null,
  upload_id text,
  size bigint,
  status text not null check (status in ('uploading', 'queued', 'done', 'refused', 'failed')),
  claimed_until timestamptz(3) not null default '-infinity',
  attempts smallint not null default 0,
  report jsonb,
  error text,
  created_at timestamptz(3) not null default now(),
  finished_at timestamptz(3),
  expires_at timestamptz(3) not null
);
create index transfers_owner_id_idx on transfers (owner_id, seq desc);
create index transfers_project_id_idx on transfers (project_id);
create index transfers_queued_idx on transfers (claimed_until, seq) where status = 'queued';
create index transfers_expires_at_idx on transfers (expires_at);
