-- How many names nobody knew came in under the shared key from an address since an hour began, whichever replica they came to.
create table strangers (
  address text primary key,
  since timestamptz not null default now(),
  names integer not null default 1
);
