import type { DataSource, EntityManager } from 'typeorm';

/**
 * Whether it is time for a snapshot: so many minutes after the last one that came to an end, or at once where other rules are
 * live than the last one has, or another root is in use, so that neither bad rules nor a key that was given up stay for an hour.
 * After each that failed, twice as long as before is waited, from one minute up to the whole time.
 */
export async function isBuildDue(database: DataSource | EntityManager, minutes: number): Promise<boolean> {
  const [{ due }] = await database.query<[{ due: boolean }]>(
    `with good as (
       select max(version) as version, max(finished_at) as at from snapshot_builds where state in ('published', 'unchanged')
     ), failed as (
       select count(*)::int as times, max(b.finished_at) as at from snapshot_builds b, good
       where b.state = 'failed' and b.version > coalesce(good.version, 0)
     )
     select (
       coalesce(good.at < now() - make_interval(mins => $1), true) or (
         select max(version) from rule_packages where state = 'live' and json_array_length(signatures) > 0
       ) > (
         select coalesce(max((file->>'version')::int), 0) from json_array_elements(
           (select manifest from snapshot_builds where manifest is not null order by version desc limit 1)->'files'
         ) as file where file->>'kind' = 'rules'
       ) or (
         select max(version) from roots
       ) > (
         select (figures->>'root')::int from snapshot_builds where version = good.version
       )
     ) and (
       failed.times = 0 or failed.at < now() - make_interval(mins => least($1, power(2, least(failed.times - 1, 20))::int))
     ) as due from good, failed`,
    [minutes],
  );
  return due;
}
