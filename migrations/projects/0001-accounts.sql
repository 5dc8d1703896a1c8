create table users (
  id uuid primary key default gen_random_uuid(),
  email text not null unique,
  full_name text,
  password_hash text not null,
  is_active boolean not null default true,
  role text not null default 'user' check (role in ('user', 'moderator', 'admin')),
  created_at timestamptz(3) not null default now()
);
create index users_full_name_idx on users (lower(full_name));

create table sessions (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references users on delete cascade,
  created_at timestamptz(3) not null default now(),
  ended_at timestamptz(3)
);
create index sessions_user_id_idx on sessions (user_id);

-- Only the hash of a refresh token is kept. A used one stays, so that its second use is noticed.
create table refresh_tokens (
  token_hash bytea primary key,
  session_id uuid not null references sessions on delete cascade,
  expires_at timestamptz(3) not null,
  used_at timestamptz(3)
);
create index refresh_tokens_session_id_idx on refresh_tokens (session_id);
