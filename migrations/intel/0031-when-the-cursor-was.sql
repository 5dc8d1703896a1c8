-- When the change was made that another centre's feed was followed to: told otherwise later, its number means something else now.
alter table nodes add column cursor_at timestamptz(3);
