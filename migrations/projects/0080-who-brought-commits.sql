-- Who brought commits here that nobody here wrote: they stand for them as for their own, on whatever branch they are offered.
create table commit_bringers (
  commit_seq bigint not null references commits on delete cascade,
  user_id uuid not null references users on delete cascade,
  primary key (commit_seq, user_id)
);
create index commit_bringers_user_id_idx on commit_bringers (user_id);
insert into commit_bringers (commit_seq, user_id)
  select distinct c.seq, a.actor_id from audit_entries a
    join project_commits pc on pc.project_id = a.project_id join commits c on c.seq = pc.commit_seq
    join users u on u.id = a.actor_id
  where a.action = 'projects.bundleImported' and c.author_id is null;
