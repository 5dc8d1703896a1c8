-- Which nodes told of a sighting, by hashes that are theirs for this pair alone; none are known of those from before. One that only
-- revoked nodes told of is taken back.
alter table sightings add column tellers bytea[] not null default '{}';

-- Nodes that were revoked or let in again, as they were heard of; the newest word holds.
create table mesh_nodes (
  node_id text primary key,
  is_revoked boolean not null,
  changed_at timestamptz(3) not null
);

-- Whether contributors decided together, so that it rests on their votes; of those from before nobody knows.
alter table submissions add column by_votes boolean not null default false;

-- It counted whatever came, and is read and written by nothing.
drop table feedback;
