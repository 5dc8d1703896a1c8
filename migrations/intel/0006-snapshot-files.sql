-- How each version of a snapshot's file came out of the one before: enough to make deltas to any later one.
create table snapshot_steps (
  kind text not null,
  version integer not null,
  sha256 text not null,
  undo bytea,
  at timestamptz(3) not null,
  primary key (kind, version)
);

-- Every file that stands in the store, by its path; those that never change may be forgotten when nothing names them.
create table snapshot_files (
  path text primary key,
  sha256 text not null,
  bytes bigint not null,
  type text not null,
  forever boolean not null,
  version integer not null,
  written_at timestamptz(3) not null default now()
);
create index snapshot_files_written_at_idx on snapshot_files (written_at) where forever;

-- The number of the pointer: it grows with every one that is signed.
create sequence snapshot_pointer;
