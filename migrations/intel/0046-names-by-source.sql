-- How many names each source has told is counted in this alone, each hour.
create index aliases_source_licence_idx on aliases (source, licence) where withdrawn_at is null;
