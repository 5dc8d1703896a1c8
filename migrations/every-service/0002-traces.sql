-- An event is told after its transaction, and still belongs to the trace of the request that made it.
alter table outbox add column trace_parent text;
