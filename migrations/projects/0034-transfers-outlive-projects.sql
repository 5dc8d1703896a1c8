-- A bundle outlives its project until it expires, so that its bytes are taken away with the row.
alter table transfers drop constraint transfers_project_id_fkey;
alter table transfers add constraint transfers_project_id_fkey foreign key (project_id) references projects on delete set null;
