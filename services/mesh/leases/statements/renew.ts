/** Extends leases that are still theirs, have not run out, and have not lasted as long yet as their worker may have one. */
export const RENEW = `
with act as (
  select * from unnest($1::int[], $2::bigint[], $3::int[], $6::float8[]) with ordinality as a(slot, epoch, node, most_ms, ord)
), held as materialized (
  select a.*, s.id from slots s join act a on a.slot = s.id
  where s.epoch = a.epoch
    and s.node = a.node
    and s.job is not null
    and s.expires_at > now()
    and s.leased_at > now() - a.most_ms * interval '1 ms'
  order by s.id for update of s
), kept as (
  update slots s set expires_at = now() + $4::float8 * interval '1 ms', eligible_at = now() + $5::float8 * interval '1 ms'
  from held h where s.id = h.id
  returning h.ord, s.expires_at, s.eligible_at
)
select ord::int, extract(epoch from expires_at)::float8 * 1000 as expires, extract(epoch from eligible_at)::float8 * 1000 as eligible,
  extract(epoch from now())::float8 * 1000 as now
from kept union all select null, null, null, extract(epoch from now())::float8 * 1000`;
