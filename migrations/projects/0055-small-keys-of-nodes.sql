-- Nodes of documents, by the SHA-256 of their canonical text; never changed. Other rows refer to one by its number. The body
-- is the text packed, as a difference to the node `base` where there is one, `depth` steps behind one that is whole.
-- `touched_at` is the day when somebody last came to use it: what nothing reaches is collected a grace period later.
alter table commits drop constraint commits_tree_fkey;
drop index commits_tree_idx;
alter table objects rename to old_objects;
alter table old_objects drop constraint objects_pkey, drop constraint objects_sha256_check;
alter table old_objects add column key bigserial;
create index old_objects_sha256_idx on old_objects using hash (sha256);

create table objects (
  seq bigserial primary key,
  base bigint,
  touched_at date not null default now(),
  depth smallint not null,
  sha256 bytea not null check (length(sha256) = 32),
  body bytea not null
);
alter table objects alter column body set storage external;
insert into objects (seq, base, touched_at, depth, sha256, body)
  select o.key, b.key, o.touched_at, o.seq, o.sha256, o.body from old_objects o left join old_objects b on b.sha256 = o.base
  order by o.key;
select setval('objects_seq_seq', coalesce(max(seq), 0) + 1) from objects;
-- Asked for by equality alone: four bytes of a hash do in the index, which keeps each node once all the same.
alter table objects add constraint objects_sha256_excl exclude using hash (sha256 with =);

alter table commits add column tree_seq bigint references objects;
update commits c set tree_seq = o.seq from objects o where o.sha256 = c.tree;
alter table commits alter column tree_seq set not null, drop column tree;
create index commits_tree_seq_idx on commits (tree_seq);
drop table old_objects;
