-- The key by which readers find a name (case, width, script and spaces folded): names are the same when their keys are. Names
-- from before, and those keyed by older rules, get theirs in the background.
alter table aliases add column name_key text;
alter table aliases add column key_version smallint not null default 0;
create index aliases_name_key_idx on aliases (name_key);
