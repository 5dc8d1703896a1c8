-- Keys of our own that are no signing keys, sealed; made once, by whoever needs one first.
create table secrets (
  name text primary key,
  sealed text not null,
  created_at timestamptz(3) not null default now()
);
