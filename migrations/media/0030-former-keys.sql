-- Under which keys documents of its project named an asset when the project was closed: they count again when it opens.
alter table assets add column former_keys text[] not null default '{}';
