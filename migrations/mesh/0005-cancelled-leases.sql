-- A lease can be ended by the hand of an administrator, with its job.
alter table history drop constraint history_outcome_check;
alter table history add constraint history_outcome_check
  check (outcome in ('done', 'failed', 'released', 'expired', 'cancelled', 'progress', 'set', 'rollback'));
