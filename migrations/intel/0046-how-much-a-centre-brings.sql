-- How much another centre may bring, where its tier's measure is not the right one; names are counted with ids.
alter table nodes
  add column most_works integer,
  add column most_works_a_day integer,
  add column most_names integer,
  add column most_names_a_day integer,
  add column most_changes_a_day integer,
-- What it has brought since this is counted, and on the day (UTC) that is counted.
  add column works integer not null default 0,
  add column names integer not null default 0,
  add column works_today integer not null default 0,
  add column names_today integer not null default 0,
  add column changes_today integer not null default 0,
  add column counted_on date,
-- Which measure is full, and from where the feed is followed again when there is room.
  add column limit_met text,
  add column left_out_from bigint,
  add column left_out_at timestamptz(3),
  add constraint nodes_limit_met_check
    check (limit_met in ('works', 'works_a_day', 'names', 'names_a_day', 'changes_a_day'));
