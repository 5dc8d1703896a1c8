-- Links of other installations that documents of a project carry, and which content stands behind them.
create table carried_links (
  project_id uuid not null,
  origin_asset_id uuid not null,
  link_key text not null,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  size bigint not null check (size >= 0),
  content_type text not null,
  name text not null,
  created_at timestamptz(3) not null default now(),
  primary key (project_id, origin_asset_id, link_key)
);
create index carried_links_origin_idx on carried_links (origin_asset_id, link_key);
create index carried_links_sha256_idx on carried_links (project_id, sha256);
