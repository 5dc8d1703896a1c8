-- Of what people and nodes report the day is kept: the moment would tie the rows of one report together, and to whoever sent it.
update sightings set last_seen = date_trunc('day', last_seen, 'UTC');
update work_sites set last_seen = date_trunc('day', last_seen, 'UTC');
update feedback_votes set voted_at = date_trunc('day', voted_at, 'UTC');
