-- Deltas lead to this version from each one since that: some are made in its hour, the others are laid after it.
alter table snapshot_steps add column since integer;
-- What is wanted for some days only is forgotten sooner than the rest.
alter table snapshot_files add column until timestamptz(3);
