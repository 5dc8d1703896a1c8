-- A commit is named by its hash wherever it is seen, and by a small number in the rows that every commit adds: its first
-- parent stands in its own row, and only merges have a row for each further one.
alter table branches drop constraint branches_head_commit_id_fkey;
alter table merge_requests drop constraint merge_requests_merge_commit_id_fkey;
alter table merge_request_heads drop constraint merge_request_heads_commit_id_fkey;
alter table tags drop constraint tags_commit_id_fkey;
alter table commit_parents rename to old_parents;
alter table project_commits rename to old_reach;
alter table old_parents drop constraint commit_parents_commit_id_fkey, drop constraint commit_parents_parent_id_fkey;
alter table old_parents drop constraint commit_parents_pkey;
alter table old_reach drop constraint project_commits_commit_id_fkey, drop constraint project_commits_project_id_fkey;
alter table old_reach drop constraint project_commits_pkey;
drop index project_commits_commit_id_idx;

alter table commits drop constraint commits_pkey;
alter table commits add column seq bigserial primary key, add column parent_seq bigint, add unique (id);
update commits c set parent_seq = p.seq from old_parents o join commits p on p.id = o.parent_id
  where o.commit_id = c.id and o.ord = 0;
alter table commits add foreign key (parent_seq) references commits;
create index commits_parent_seq_idx on commits (parent_seq);

alter table branches add foreign key (head_commit_id) references commits (id);
alter table merge_requests add foreign key (merge_commit_id) references commits (id);
alter table merge_request_heads add foreign key (commit_id) references commits (id);
alter table tags add foreign key (commit_id) references commits (id);

create table further_parents (
  commit_seq bigint not null references commits on delete cascade,
  ord smallint not null check (ord > 0),
  parent_seq bigint not null references commits,
  primary key (commit_seq, ord)
);
create index further_parents_parent_seq_idx on further_parents (parent_seq);
insert into further_parents (commit_seq, ord, parent_seq)
  select c.seq, o.ord, p.seq from old_parents o join commits c on c.id = o.commit_id join commits p on p.id = o.parent_id
  where o.ord > 0;
drop table old_parents;

-- Every commit with each of its parents, the first having the place 0.
create view commit_parents (commit_seq, ord, parent_seq) as
  select seq, 0::smallint, parent_seq from commits where parent_seq is not null
  union all select commit_seq, ord, parent_seq from further_parents;

-- Which commits a project has; a fork shares its parent's by reference.
create table project_commits (
  commit_seq bigint not null references commits on delete cascade,
  project_id uuid not null references projects on delete cascade,
  primary key (commit_seq, project_id)
);
insert into project_commits (commit_seq, project_id)
  select c.seq, o.project_id from old_reach o join commits c on c.id = o.commit_id order by 1, 2;
create index project_commits_project_id_idx on project_commits (project_id);
drop table old_reach;

-- The reflog keeps hashes, which outlive what they name, as bytes. Its lines are read newest first, by project; those of
-- one branch are few, or most of the project's.
alter table ref_moves
  alter column before type bytea using decode(before, 'hex'),
  alter column after type bytea using decode(after, 'hex');
alter table ref_moves drop constraint ref_moves_pkey;
drop index ref_moves_project_id_idx;
alter table ref_moves add primary key (project_id, seq);
drop index ref_moves_branch_id_idx;
create index ref_moves_branch_id_idx on ref_moves (branch_id);
