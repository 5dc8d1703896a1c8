-- How often a node was told to do less. A scheduler says with its wishes how many of these it has heard of, and gets no lease while it has
-- missed one: news between replicas may be lost.
create table standing (
  one boolean primary key default true check (one),
  revocations bigint not null default 0
);
insert into standing default values;

create function count_revocation() returns trigger language plpgsql as $$
begin
  update standing set revocations = revocations + 1;
  return null;
end $$;
create trigger count_revocation after update of state, sites on nodes for each row
  when ((old.state is distinct from new.state and new.state in ('draining', 'revoked')) or old.sites is distinct from new.sites)
  execute function count_revocation();
