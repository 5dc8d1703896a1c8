-- A workspace is a document that was saved, or follows a commit: then it is that commit's document, with the noise of its
-- own (window layout, running generations) in place of the commit's. So is what it was before.
alter table workspaces
  alter column document drop not null,
  add column commit_id text references commits (id),
  add column noise json,
  add constraint workspaces_kept_check
    check ((document is null) = (commit_id is not null) and (commit_id is null) = (noise is null));
create index workspaces_commit_id_idx on workspaces using hash (commit_id);

alter table workspace_revisions
  alter column body drop not null,
  add column commit_id text references commits (id),
  add column noise json,
  add constraint workspace_revisions_kept_check
    check ((body is null) = (commit_id is not null) and (commit_id is null) = (noise is null));
create index workspace_revisions_commit_id_idx on workspace_revisions using hash (commit_id);
