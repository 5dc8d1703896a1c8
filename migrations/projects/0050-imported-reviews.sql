-- What was said of merge requests elsewhere and came in with a bundle. `origin_id` is its id there, by which it is found
-- again when it comes a second time; `foreign_author` and its name are who wrote it there, if that is nobody here.
alter table merge_requests
  add column origin_id uuid, add column foreign_author uuid, add column foreign_author_name text,
  add unique (project_id, origin_id);
alter table merge_request_reviews
  add column origin_id uuid, add column foreign_author uuid, add column foreign_author_name text,
  add unique (merge_request_id, origin_id);
alter table merge_request_threads
  add column origin_id uuid, add column foreign_author uuid, add column foreign_author_name text,
  add unique (merge_request_id, origin_id);
alter table merge_request_comments
  add column origin_id uuid, add column foreign_author uuid, add column foreign_author_name text,
  add unique (thread_id, origin_id);
-- What was last sent to the cloud of a project's merge requests, as a hash: nothing is sent again that is the same.
alter table remotes add column reviews_hash text;
