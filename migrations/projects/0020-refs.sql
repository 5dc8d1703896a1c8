-- Every move of a branch, in the transaction that moved it. It outlives the branch, so that what was deleted can be found again.
create table ref_moves (
  seq bigserial primary key,
  project_id uuid not null references projects on delete cascade,
  branch_id uuid not null,
  branch_name text not null,
  move text not null,
  before text,
  after text,
  actor_id uuid references users on delete set null,
  created_at timestamptz(3) not null default now()
);
create index ref_moves_project_id_idx on ref_moves (project_id, seq desc);
create index ref_moves_branch_id_idx on ref_moves (branch_id, seq desc);
create index ref_moves_actor_id_idx on ref_moves (actor_id);

-- What a branch is protected by; a branch without a row is open to all who may commit.
create table branch_rules (
  branch_id uuid primary key references branches on delete cascade,
  push text not null check (push in ('anyone', 'maintainers', 'owner', 'nobody')),
  required_approvals smallint not null check (required_approvals between 0 and 20),
  resolved_threads boolean not null,
  allow_deletion boolean not null,
  allow_force boolean not null,
  set_by uuid references users on delete set null,
  set_at timestamptz(3) not null default now()
);
create index branch_rules_set_by_idx on branch_rules (set_by);

-- A name for one commit, for ever; what is told about a release may still be improved.
create table tags (
  id uuid primary key default gen_random_uuid(),
  seq bigserial unique,
  project_id uuid not null references projects on delete cascade,
  name text not null,
  commit_id text not null references commits,
  message text,
  tagger_id uuid references users on delete set null,
  created_at timestamptz(3) not null default now(),
  unique (project_id, name)
);
create index tags_commit_id_idx on tags (commit_id);
create index tags_tagger_id_idx on tags (tagger_id);

create table releases (
  tag_id uuid primary key references tags on delete cascade,
  title text not null,
  notes text not null,
  is_prerelease boolean not null,
  author_id uuid references users on delete set null,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now()
);
create index releases_author_id_idx on releases (author_id);

create function refuse_tag_change() returns trigger language plpgsql as $$
begin
  raise exception 'A tag is never changed: delete it and make another.' using errcode = 'integrity_constraint_violation';
end $$;
create trigger tags_are_immutable before update on tags for each row
  when ((old.project_id, old.name, old.commit_id, old.message, old.created_at)
    is distinct from (new.project_id, new.name, new.commit_id, new.message, new.created_at))
  execute function refuse_tag_change();
