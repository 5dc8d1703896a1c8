-- What a text can be found by: its pairs of characters, and single ones where a character is a word. Trigrams would leave
-- names of two Chinese characters to a scan of everything.
create function search_grams(searched text) returns text[] language sql immutable parallel safe strict as $$
  with lowered (words) as (select lower(searched))
  select coalesce(array_agg(distinct gram), '{}') from lowered, lateral (
    select substr(words, n, 2) as gram from generate_series(1, length(words) - 1) n
    union all
    select substr(words, n, 1) from generate_series(1, length(words)) n where ascii(substr(words, n, 1)) > 127
  ) grams where gram !~ '\s'
$$;
create index projects_search_grams_idx on projects using gin (search_grams(name)) where is_public;
