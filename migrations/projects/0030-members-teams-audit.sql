-- People who own projects together.
create table teams (
  id uuid primary key default gen_random_uuid(),
  seq bigserial unique,
  name text not null,
  created_at timestamptz(3) not null default now()
);

create table team_members (
  team_id uuid not null references teams on delete cascade,
  user_id uuid not null references users on delete cascade,
  role text not null check (role in ('owner', 'maintainer', 'contributor', 'viewer')),
  created_at timestamptz(3) not null default now(),
  primary key (team_id, user_id)
);
create index team_members_user_id_idx on team_members (user_id);

-- A project that a team owns is its owners'; `owner_id` then only tells who brought it. A team with projects cannot go.
alter table projects add column team_id uuid references teams;
create index projects_team_id_idx on projects (team_id, seq) where team_id is not null;

-- To a person who is named, or, by a token of which only the hash is kept, to whoever got the letter. Answered once.
create table invitations (
  id uuid primary key default gen_random_uuid(),
  seq bigserial unique,
  project_id uuid references projects on delete cascade,
  team_id uuid references teams on delete cascade,
  user_id uuid references users on delete cascade,
  email text,
  token_hash bytea unique,
  role text not null check (role in ('owner', 'maintainer', 'contributor', 'viewer')),
  invited_by uuid references users on delete set null,
  created_at timestamptz(3) not null default now(),
  expires_at timestamptz(3) not null,
  outcome text check (outcome in ('accepted', 'declined', 'revoked')),
  answered_at timestamptz(3),
  answered_by uuid references users on delete set null,
  constraint invitations_target_check check ((project_id is null) <> (team_id is null)),
  constraint invitations_addressee_check check ((user_id is null) = (email is not null) and (user_id is null) = (token_hash is not null)),
  constraint invitations_owner_check check (team_id is not null or role <> 'owner'),
  constraint invitations_answer_check check ((outcome is null) = (answered_at is null))
);
create unique index invitations_open_to_user on invitations (coalesce(project_id, team_id), user_id) where outcome is null;
create unique index invitations_open_to_email on invitations (coalesce(project_id, team_id), lower(email)) where outcome is null;
create index invitations_project_id_idx on invitations (project_id);
create index invitations_team_id_idx on invitations (team_id);
create index invitations_user_id_idx on invitations (user_id);
create index invitations_invited_by_idx on invitations (invited_by);
create index invitations_answered_by_idx on invitations (answered_by);

-- Who did what, for ever: it outlives projects, teams and people, so nothing here refers to them.
create table audit_entries (
  id bigint generated always as identity primary key,
  project_id uuid,
  team_id uuid,
  actor_id uuid,
  action text not null,
  subject jsonb not null,
  request_id text not null,
  created_at timestamptz(3) not null default now(),
  constraint audit_entries_about_check check (project_id is not null or team_id is not null)
);
create index audit_entries_project_id_idx on audit_entries (project_id, id desc);
create index audit_entries_team_id_idx on audit_entries (team_id, id desc);

create function refuse_audit_change() returns trigger language plpgsql as $$
begin
  raise exception 'The audit log is only ever added to.' using errcode = 'integrity_constraint_violation';
end $$;
create trigger audit_is_append_only before update or delete on audit_entries for each row execute function refuse_audit_change();
create trigger audit_is_never_emptied before truncate on audit_entries for each statement execute function refuse_audit_change();
