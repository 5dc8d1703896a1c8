-- What of a film a render could not show, for programs: beside the sentences, in the same order. Renders from before have none.
alter table renders add column loss_report jsonb not null default '[]';
