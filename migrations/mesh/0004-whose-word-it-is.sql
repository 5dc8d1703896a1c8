-- By which registration key a node came: nodes of one key are one witness. Of nodes that came before, nobody knows.
alter table nodes add column key bigint;

-- A node that left by itself may come back; one that an administrator drains may not.
alter table nodes drop constraint nodes_state_check;
alter table nodes add constraint nodes_state_check check (state in ('active', 'left', 'draining', 'revoked'));
update nodes n set state = 'left' where state = 'draining'
  and not exists (select from audit a where a.act = 'node.draining' and a.subject = n.node_id);

-- A shared key is one row, whichever replica brings it in from its settings.
create unique index keys_network_hash_idx on keys (hash) where kind = 'network';

-- The slices of a plan that were done by jobs which have been cleared away since.
alter table plans add column done int4multirange not null default '{}';
