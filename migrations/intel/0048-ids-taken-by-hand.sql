-- An id that a person has taken from a work: no source brings it back.
alter table work_ids
  add column taken_by_hand boolean not null default false,
  add constraint work_ids_taken_by_hand_check check (withdrawn_at is not null or not taken_by_hand);
