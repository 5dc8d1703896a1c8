-- In which transaction the claim on a site was last changed: readers follow it in the order of commits, up to the oldest
-- transaction that is still under way, so that none is skipped.
alter table sites add column claimed_in xid8 not null default pg_current_xact_id();
create index sites_claimed_in_idx on sites (claimed_in, id);

-- How far the claims of a peer have been followed.
alter table peers add column followed text;
alter table peers add column followed_at timestamptz;

-- The key with which this cluster signs what it says to its peers.
create table identity (
  one boolean primary key default true check (one),
  secret bytea not null
);

-- The book of acts is read in the order of commits too.
alter table audit add column written_in xid8 not null default pg_current_xact_id();
create index audit_written_in_idx on audit (written_in, id);
