import type { Pool } from 'pg';
import { AppError } from '#libs/errors/app-error';
import { RIGHTS } from '../domain/role.js';

/**
 * Takes in a name that nobody knew, while there is room for it and its address has not brought in as many as it may within an hour.
 * The count stands in the database, so that all replicas together admit no more than one would.
 */
const ADMIT = `
with counted as (
  insert into strangers as s (address) select $3 where (select count(*) from nodes where role = 'legacy') < $4
  on conflict (address) do update set
    names = case when s.since <= now() - interval '1 hour' then 1 else s.names + 1 end,
    since = case when s.since <= now() - interval '1 hour' then now() else s.since end
  where s.since <= now() - interval '1 hour' or s.names < $5
  returning 1
)
insert into nodes (node_id, role, quota) select $1, 'legacy', $2 from counted on conflict (node_id) do nothing`;

const UNTIL = `
select extract(epoch from since + interval '1 hour' - now())::float8 as seconds from strangers
where address = $1 and names >= $2 and since > now() - interval '1 hour'`;

export interface Limits {
  /** How many names of the shared key there may be in all. */
  readonly legacy: number;
  /** How many new ones an address may bring in within an hour. */
  readonly newPerHour: number;
}

/** Makes a node of the shared key, unless there are too many of them, or too many from its address. */
export async function admitStranger(
  pool: Pool,
  { name, address }: { name: string; address: string },
  { legacy, newPerHour }: Limits,
): Promise<void> {
  const { rowCount } = await pool.query(ADMIT, [name, RIGHTS.legacy.quotaCap, address, legacy, newPerHour]);
  if (rowCount === 1) return;
  const { rows } = await pool.query<{ seconds: number }>(UNTIL, [address, newPerHour]);
  if (rows[0] !== undefined) throw tooManyNew(Math.max(1, Math.ceil(rows[0].seconds)));
  const known = await pool.query('select from nodes where node_id = $1', [name]);
  if (known.rowCount === 0) throw tooManyNew(600);
}

/** What whoever brings too many new names is told. */
const tooManyNew = (retry_after_s: number): AppError =>
  new AppError(
    'unavailable',
    'There are too many new workers of the shared key; use a name that is known, enrol, or come back later.',
    { reason: 'too_many_requests', retry_after_s },
  );
