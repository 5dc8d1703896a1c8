-- Whether documents of the project name the asset by a link that lets one in; of uses noted before that counted it is not known.
alter table asset_uses add column by_link boolean;
update asset_uses u set by_link = true from assets a where a.id = u.asset_id and a.project_id = u.project_id;
