-- What somebody thought of an answer: one voice for each, by a hash that is theirs for this alone. The table feedback, which
-- counted whatever came, is written no more and goes with a later release.
create table feedback_votes (
  work_id bigint not null,
  subject text not null,
  voter bytea not null,
  is_good boolean not null,
  voted_at timestamptz(3) not null default now(),
  primary key (work_id, subject, voter)
);
create index feedback_votes_voted_at_idx on feedback_votes (voted_at);
