-- A merge request outlives its branches, may come from a fork, and remembers every commit that it offered.
alter table merge_requests
  alter column source_branch_id drop not null,
  alter column target_branch_id drop not null,
  drop constraint merge_requests_source_branch_id_fkey,
  drop constraint merge_requests_target_branch_id_fkey,
  add constraint merge_requests_source_branch_id_fkey foreign key (source_branch_id) references branches on delete set null,
  add constraint merge_requests_target_branch_id_fkey foreign key (target_branch_id) references branches on delete set null,
  add column source_project_id uuid references projects on delete set null,
  add column source_branch_name text,
  add column target_branch_name text,
  add column is_draft boolean not null default false,
  add column merge_method text check (merge_method in ('merge', 'squash', 'fast_forward')),
  add column closed_by uuid references users on delete set null,
  add column closed_at timestamptz(3),
  add column updated_at timestamptz(3) not null default now();
update merge_requests mr set source_project_id = mr.project_id, source_branch_name = s.name, target_branch_name = t.name
  from branches s, branches t where s.id = mr.source_branch_id and t.id = mr.target_branch_id;
alter table merge_requests
  alter column source_branch_name set not null,
  alter column target_branch_name set not null;
create index merge_requests_source_project_id_idx on merge_requests (source_project_id);
create index merge_requests_closed_by_idx on merge_requests (closed_by);

create table merge_request_heads (
  seq bigserial primary key,
  merge_request_id uuid not null references merge_requests on delete cascade,
  commit_id text not null references commits,
  actor_id uuid references users on delete set null,
  created_at timestamptz(3) not null default now()
);
create index merge_request_heads_merge_request_id_idx on merge_request_heads (merge_request_id, seq desc);
create index merge_request_heads_commit_id_idx on merge_request_heads (commit_id);
create index merge_request_heads_actor_id_idx on merge_request_heads (actor_id);
insert into merge_request_heads (merge_request_id, commit_id)
  select mr.id, b.head_commit_id from merge_requests mr join branches b on b.id = mr.source_branch_id
  where b.head_commit_id is not null;

create table merge_request_reviewers (
  merge_request_id uuid not null references merge_requests on delete cascade,
  user_id uuid not null references users on delete cascade,
  asked_by uuid references users on delete set null,
  created_at timestamptz(3) not null default now(),
  primary key (merge_request_id, user_id)
);
create index merge_request_reviewers_user_id_idx on merge_request_reviewers (user_id);
create index merge_request_reviewers_asked_by_idx on merge_request_reviewers (asked_by);

-- What somebody said of a request: bound to the commit that was offered, to what was decided about its conflicts
-- (`resolutions_hash`), and to what merging came to (`result_tree`, when nothing was left to decide).
create table merge_request_reviews (
  id uuid primary key default gen_random_uuid(),
  seq bigserial unique,
  merge_request_id uuid not null references merge_requests on delete cascade,
  user_id uuid references users on delete set null,
  verdict text not null check (verdict in ('approved', 'changes_requested', 'commented')),
  body text,
  head_commit_id text,
  resolutions_hash text not null,
  result_tree text,
  dismissed_by uuid references users on delete set null,
  dismissed_at timestamptz(3),
  dismissal_reason text,
  created_at timestamptz(3) not null default now()
);
create index merge_request_reviews_merge_request_id_idx on merge_request_reviews (merge_request_id, seq);
create index merge_request_reviews_user_id_idx on merge_request_reviews (user_id);
create index merge_request_reviews_dismissed_by_idx on merge_request_reviews (dismissed_by);

create table merge_request_threads (
  id uuid primary key default gen_random_uuid(),
  seq bigserial unique,
  merge_request_id uuid not null references merge_requests on delete cascade,
  anchor json,
  created_by uuid references users on delete set null,
  created_at timestamptz(3) not null default now(),
  resolved_by uuid references users on delete set null,
  resolved_at timestamptz(3)
);
create index merge_request_threads_merge_request_id_idx on merge_request_threads (merge_request_id, seq);
create index merge_request_threads_created_by_idx on merge_request_threads (created_by);
create index merge_request_threads_resolved_by_idx on merge_request_threads (resolved_by);

create table merge_request_comments (
  id uuid primary key default gen_random_uuid(),
  seq bigserial unique,
  thread_id uuid not null references merge_request_threads on delete cascade,
  author_id uuid references users on delete set null,
  body text not null,
  suggestion json,
  applied_commit_id text,
  created_at timestamptz(3) not null default now(),
  edited_at timestamptz(3),
  deleted_at timestamptz(3)
);
create index merge_request_comments_thread_id_idx on merge_request_comments (thread_id, seq);
create index merge_request_comments_author_id_idx on merge_request_comments (author_id);

-- What was decided about a conflict, by what stands there in the three versions: it outlives pushes that change nothing of that.
create table merge_resolutions (
  merge_request_id uuid not null references merge_requests on delete cascade,
  conflict_id text not null,
  take text not null check (take in ('ours', 'theirs', 'base', 'value', 'restore', 'drop_use')),
  value json,
  decided_by uuid references users on delete set null,
  decided_at timestamptz(3) not null default now(),
  primary key (merge_request_id, conflict_id)
);
create index merge_resolutions_decided_by_idx on merge_resolutions (decided_by);
