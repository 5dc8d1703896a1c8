-- Every foreign key can be followed backwards, so that no deletion reads a whole table.
create index merge_requests_merged_by_idx on merge_requests (merged_by);
create index merge_requests_merge_commit_id_idx on merge_requests (merge_commit_id);

-- People are found by a part of their name, which this index never helped with.
drop index users_full_name_idx;
