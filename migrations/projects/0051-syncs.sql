-- Clones, pulls and pushes: work that takes its time, a row each. Whoever works on one moves `claimed_until` on; when it has
-- passed, somebody else takes over. `state` is what the next attempt has to know of the one before.
create table syncs (
  id uuid primary key default gen_random_uuid(),
  seq bigserial unique,
  kind text not null check (kind in ('clone', 'pull', 'push')),
  owner_id uuid not null references users on delete cascade,
  project_id uuid references projects on delete cascade,
  wish jsonb not null,
  status text not null default 'queued' check (status in ('queued', 'done', 'refused', 'failed')),
  claimed_until timestamptz(3) not null default '-infinity',
  attempts smallint not null default 0,
  stage text,
  done bigint not null default 0,
  total bigint,
  state jsonb not null default '{}',
  report jsonb,
  error text,
  created_at timestamptz(3) not null default now(),
  finished_at timestamptz(3)
);
create index syncs_owner_id_idx on syncs (owner_id, seq desc);
create index syncs_project_id_idx on syncs (project_id);
create index syncs_queued_idx on syncs (claimed_until, seq) where status = 'queued';
create index syncs_finished_at_idx on syncs (finished_at) where finished_at is not null;
