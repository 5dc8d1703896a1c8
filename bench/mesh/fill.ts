import type pg from 'pg';

/** Puts sites, each with a group and a stream of its own, and jobs of theirs into a schema; sites without any interval. */
export async function fillMesh(pool: pg.Pool, { sites, jobs }: { sites: number; jobs: number }): Promise<void> {
  await pool.query(
    'truncate history, cursors, jobs, plans, slots, site_aliases, sites, groups, nodes restart identity cascade',
  );
  await pool.query(
    `insert into groups (name, min_interval_ms) select 'site-' || n, 0 from generate_series(1, $1::int) n`,
    [sites],
  );
  // What triggers say of each site and stream by itself is said of all at once.
  await pool.query('alter table sites disable trigger user');
  await pool.query('alter table slots disable trigger user');
  await pool.query(`insert into sites (site_id, group_id) select name, id from groups order by id`);
  await pool.query(`insert into cursors (site, name) select id, 'main' from sites`);
  await pool.query(`insert into slots (group_id, stream, resident) select group_id, 0, id from sites order by id`);
  await pool.query('alter table sites enable trigger user');
  await pool.query('alter table slots enable trigger user');
  await addJobs(pool, { sites, jobs });
  await pool.query(
    `insert into nodes (node_id, role, quota) select 'node-' || n, 'node', 1000 from generate_series(1, 1000) n`,
  );
  await pool.query('vacuum analyze jobs').catch(() => {});
}

/** More jobs, spread evenly over the sites. */
export async function addJobs(pool: pg.Pool, { sites, jobs }: { sites: number; jobs: number }): Promise<void> {
  await pool.query(
    `insert into jobs (site, kind) select 1 + n % $1::int, 'full' from generate_series(0, $2::int - 1) n`,
    [sites, jobs],
  );
}
