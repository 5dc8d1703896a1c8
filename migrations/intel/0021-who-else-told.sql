-- Who says a name besides the source it is kept under: it stays as long as one of them says it.
create table alias_tellers (
  alias_id bigint not null,
  source text not null,
  weight real not null,
  licence text,
  primary key (alias_id, source)
);
create index alias_tellers_source_idx on alias_tellers (source);

-- A part whose split was taken back goes without its ids, and has them again when it is a work of its own.
alter table work_ids add column withdrawn_at timestamptz(3);
