-- Accounts that were closed or opened, as they were heard of; the newest word holds.
create table accounts (
  user_id uuid primary key,
  is_active boolean not null,
  changed_at timestamptz(3) not null
);

-- Whose sightings are to be taken back. A sighting names nobody: they are found by what the witness would be called.
create table retractions (
  witness text primary key,
  asked_at timestamptz(3) not null default now()
);

-- When somebody said that they are on a site, also of those they have left since.
create table site_joins (
  user_id uuid not null,
  site text not null,
  joined_at timestamptz(3) not null default now(),
  primary key (user_id, site)
);
-- Those from before count as joined long ago.
insert into site_joins (user_id, site, joined_at) select user_id, site, now() - interval '31 days' from user_sites;
