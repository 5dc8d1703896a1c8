create table projects (
  id uuid primary key default gen_random_uuid(),
  seq bigserial unique,
  owner_id uuid not null references users on delete cascade,
  name text not null,
  description text,
  tags text[],
  is_public boolean not null default false,
  parent_project_id uuid references projects on delete set null,
  workspace_data json,
  likes_count integer not null default 0 check (likes_count >= 0),
  created_at timestamptz(3) not null default now()
);
create index projects_owner_id_idx on projects (owner_id, seq);
create index projects_parent_project_id_idx on projects (parent_project_id);
create index projects_newest_public_idx on projects (created_at desc, seq desc) where is_public;
create index projects_liked_public_idx on projects (likes_count desc, created_at desc, seq desc) where is_public;
create index projects_tags_idx on projects using gin (tags) where is_public;

create table members (
  project_id uuid not null references projects on delete cascade,
  user_id uuid not null references users on delete cascade,
  role text not null check (role in ('maintainer', 'contributor', 'viewer')),
  created_at timestamptz(3) not null default now(),
  primary key (project_id, user_id)
);
create index members_user_id_idx on members (user_id);

create table likes (
  user_id uuid not null references users on delete cascade,
  project_id uuid not null references projects on delete cascade,
  created_at timestamptz(3) not null default now(),
  primary key (user_id, project_id)
);
create index likes_project_id_idx on likes (project_id);

-- Nodes of documents, by the SHA-256 of their canonical text; never changed. The body is zstd, and a difference to the text
-- of `base` where there is one; `seq` is the place in the chain of differences. `touched_at` is when somebody last came to
-- use it: what nothing reaches is collected a grace period later.
create table objects (
  sha256 bytea primary key check (length(sha256) = 32),
  base bytea,
  seq smallint not null,
  body bytea not null,
  touched_at timestamptz(0) not null default now()
);
alter table objects alter column body set storage external;

create table commits (
  id text primary key check (id ~ '^[0-9a-f]{64}$'),
  tree bytea not null references objects,
  author_id uuid references users on delete set null,
  message text not null,
  generation integer not null,
  asset_count integer not null,
  created_at timestamptz(3) not null
);
create index commits_tree_idx on commits (tree);
create index commits_author_id_idx on commits (author_id);

create table commit_parents (
  commit_id text not null references commits on delete cascade,
  ord smallint not null,
  parent_id text not null references commits,
  primary key (commit_id, ord)
);
create index commit_parents_parent_id_idx on commit_parents (parent_id);

-- Which commits a project has; a fork shares its parent's by reference.
create table project_commits (
  project_id uuid not null references projects on delete cascade,
  commit_id text not null references commits on delete cascade,
  primary key (project_id, commit_id)
);
create index project_commits_commit_id_idx on project_commits (commit_id);

create table branches (
  id uuid primary key default gen_random_uuid(),
  seq bigserial unique,
  project_id uuid not null references projects on delete cascade,
  name text not null,
  head_commit_id text references commits,
  creator_id uuid references users on delete set null,
  description text,
  tags text[],
  parent_branch_id uuid references branches on delete set null,
  created_at timestamptz(3) not null default now(),
  unique (project_id, name)
);
create index branches_creator_id_idx on branches (creator_id);
create index branches_parent_branch_id_idx on branches (parent_branch_id);
create index branches_head_commit_id_idx on branches (head_commit_id);

-- The saved, uncommitted state of a branch. `uncommitted` is true from a save until it is committed or superseded by a commit.
create table workspaces (
  branch_id uuid primary key references branches on delete cascade,
  document json not null,
  revision integer not null default 1,
  uncommitted boolean not null,
  saved_by uuid references users on delete set null,
  saved_at timestamptz(3) not null default now()
);
create index workspaces_saved_by_idx on workspaces (saved_by);

-- What a workspace was before, newest hundred: an overwritten save is never lost at once.
create table workspace_revisions (
  branch_id uuid not null references branches on delete cascade,
  revision integer not null,
  body bytea not null,
  saved_by uuid references users on delete set null,
  saved_at timestamptz(3) not null,
  primary key (branch_id, revision)
);
create index workspace_revisions_saved_by_idx on workspace_revisions (saved_by);

create table anchors (
  id serial primary key,
  project_id uuid not null references projects on delete cascade,
  name text not null,
  reference_image_url text not null,
  created_at timestamptz(3) not null default now()
);
create index anchors_project_id_idx on anchors (project_id);

create table merge_requests (
  id uuid primary key default gen_random_uuid(),
  seq bigserial unique,
  project_id uuid not null references projects on delete cascade,
  creator_id uuid references users on delete set null,
  source_branch_id uuid not null references branches on delete cascade,
  target_branch_id uuid not null references branches on delete cascade,
  title text,
  description text,
  clip_ids text[],
  merged_clip_ids text[],
  status text not null default 'open' check (status in ('open', 'merged', 'closed')),
  merged_by uuid references users on delete set null,
  merged_at timestamptz(3),
  merge_commit_id text references commits,
  created_at timestamptz(3) not null default now(),
  check (source_branch_id <> target_branch_id)
);
create index merge_requests_project_id_idx on merge_requests (project_id, seq desc);
create index merge_requests_creator_id_idx on merge_requests (creator_id);
create index merge_requests_source_branch_id_idx on merge_requests (source_branch_id);
create index merge_requests_target_branch_id_idx on merge_requests (target_branch_id);
