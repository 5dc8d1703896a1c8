-- What came in with a bundle remembers what was told of it: from which project, when, and its state. A later bundle of that
-- project brings the later state where nobody here has changed the thing since.
alter table merge_requests add column told json;
alter table merge_request_reviews add column told json;
alter table merge_request_threads add column told json;
alter table merge_request_comments add column told json;
-- Decisions about conflicts travel too; `foreign_author` and its name are who made them there, if that is nobody here.
alter table merge_resolutions
  add column told json, add column foreign_author uuid, add column foreign_author_name text;
