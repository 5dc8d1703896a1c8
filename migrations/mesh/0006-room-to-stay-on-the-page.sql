-- A lease is written some times in each cycle: with more of its page free, more versions of it live and die there.
alter table slots set (fillfactor = 25);
