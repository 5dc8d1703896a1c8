-- A job is done later and elsewhere, and still belongs to the request that asked for it, and to its trace.
alter table jobs add column request_id text, add column trace_parent text;
