-- Who merged or split a work: a source, such as node:friends; null where that was done by hand, or before this was written down.
-- What another centre did here it may take back; what was done by hand it may not.
alter table works add column retired_by text;
-- The same for names: one that was withdrawn by hand is by the word of the catalogue from now on.
update aliases set source = 'catalogue' where withdrawn_at is not null and source like 'node:%';
