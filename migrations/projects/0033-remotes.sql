-- A user's own token for the cloud that this installation belongs with; the token is sealed (libs/sealing).
create table cloud_accounts (
  user_id uuid primary key references users on delete cascade,
  token text not null,
  cloud_user_id uuid not null,
  email text not null,
  full_name text,
  connected_at timestamptz(3) not null default now()
);

-- The project in the cloud that a project is exchanged with.
create table remotes (
  project_id uuid primary key references projects on delete cascade,
  cloud_url text not null,
  cloud_project_id uuid not null,
  linked_by uuid references users on delete set null,
  pulled_at timestamptz(3),
  pushed_at timestamptz(3),
  created_at timestamptz(3) not null default now()
);
create index remotes_linked_by_idx on remotes (linked_by);
