-- A shot that one side deleted and the other changed may be kept where its track has room for it.
alter table merge_resolutions drop constraint merge_resolutions_take_check;
alter table merge_resolutions add constraint merge_resolutions_take_check
  check (take in ('ours', 'theirs', 'base', 'value', 'restore', 'drop_use', 'nearest_gap'));
