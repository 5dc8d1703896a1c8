-- Asked for by equality alone, so an index need not hold whole hashes: four bytes of each do.
drop index commits_tree_idx;
create index commits_tree_idx on commits using hash (tree);
drop index commit_parents_parent_id_idx;
create index commit_parents_parent_id_idx on commit_parents using hash (parent_id);
drop index project_commits_commit_id_idx;
create index project_commits_commit_id_idx on project_commits using hash (commit_id);
