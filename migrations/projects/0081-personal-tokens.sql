-- A personal token is a session that is given a name, an end, and how much may be done with it. Nothing of the token itself
-- is kept: it is signed, and counts as long as its session does.
create table personal_tokens (
  session_id uuid primary key references sessions on delete cascade,
  name text not null,
  scope text not null check (scope in ('read', 'write', 'admin')),
  expires_at timestamptz(3) not null,
  last_used_at timestamptz(3)
);

-- The log tells of accounts too: for whoever they are.
alter table audit_entries add column user_id uuid, drop constraint audit_entries_about_check,
  add constraint audit_entries_about_check check (project_id is not null or team_id is not null or user_id is not null);
create index audit_entries_user_id_idx on audit_entries (user_id, id desc) where user_id is not null;
