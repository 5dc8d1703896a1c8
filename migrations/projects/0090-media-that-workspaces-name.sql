-- The media that a saved workspace names by links, so that whoever asks about some need not read all workspaces.
alter table workspaces add column asset_ids text[] not null default '{}';
update workspaces set asset_ids = array(
  select distinct found[1]
  from regexp_matches(coalesce(document, noise)::text, '/media/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/', 'g') as found);
create index workspaces_asset_ids_idx on workspaces using gin (asset_ids) where asset_ids <> '{}';
