-- Until when a site gets no new leases because it is being given to another cluster, beside what blocks it for reasons of its own.
alter table sites add column drained_until timestamptz;
