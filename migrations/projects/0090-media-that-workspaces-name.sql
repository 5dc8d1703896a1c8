-- The media that a saved workspace names by links, so that whoever asks about some need not read all workspaces; and of which revision
-- they are. Who writes a document says both. Where somebody does not, who knew nothing of them yet, they are looked up here.
alter table workspaces add column asset_ids text[] not null default '{}', add column asset_ids_of integer;

create function name_media() returns trigger language plpgsql as $$
begin
  new.asset_ids := array(
    select distinct link[1]
    from regexp_matches(coalesce(new.document, new.noise)::text, '/media/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/', 'g') as link);
  new.asset_ids_of := new.revision;
  return new;
end $$;
create trigger name_media before insert or update of document, noise on workspaces for each row
  when (new.asset_ids_of is distinct from new.revision) execute function name_media();

update workspaces set document = document;
create index workspaces_asset_ids_idx on workspaces using gin (asset_ids) where asset_ids <> '{}';
