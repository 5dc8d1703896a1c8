-- A site is registered when it has other names, or may be named to everybody; any other is known by its id alone.
create table sites (
  id text primary key,
  name text,
  visibility text,
  created_at timestamptz(3) not null default now(),
  constraint sites_id_check check (id ~ '^[a-z0-9][a-z0-9._-]{0,63}$'),
  constraint sites_visibility_check check (visibility in ('open', 'members'))
);
create table site_aliases (
  alias text primary key,
  site text not null references sites on delete cascade
);
create index site_aliases_site_idx on site_aliases (site);

-- The sites a person is on: they are told of no other.
create table user_sites (
  user_id uuid not null,
  site text not null,
  primary key (user_id, site)
);

-- One row says that somebody has seen a work on a site. The witness is a keyed hash of who, where and what together, so that
-- no two rows can be told to be the same person's, and nobody's view of a site can be put together again.
create table sightings (
  work_id bigint not null references works,
  site text not null,
  witness bytea not null,
  trust real not null,
  size_bucket smallint,
  seen integer not null default 1,
  last_seen timestamptz(3) not null,
  primary key (work_id, site, witness)
);
create index sightings_last_seen_idx on sightings (last_seen);

create table work_sites (
  work_id bigint not null references works,
  site text not null,
  witnesses integer not null,
  trust real not null,
  last_seen timestamptz(3) not null,
  gone_before timestamptz(3),
  primary key (work_id, site)
);
create index work_sites_site_idx on work_sites (site, last_seen);

-- What people thought of an answer, by work and day; who it was is not kept.
create table feedback (
  work_id bigint not null references works,
  subject text not null,
  verdict text not null,
  day date not null,
  votes integer not null default 1,
  primary key (work_id, subject, verdict, day),
  constraint feedback_verdict_check check (verdict in ('helpful', 'wrong', 'chosen'))
);
