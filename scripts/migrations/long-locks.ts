import type pg from 'pg';

/**
 * What a migration would do to tables that hold an operator's data while people work: tables it rewrites, and tables it
 * reads through from end to end while others wait. It is tried inside a transaction that is rolled back. Empty: harmless.
 */
export async function longLocks(client: pg.Client, sql: string): Promise<string[]> {
  await client.query('begin');
  try {
    const before = await tables(client);
    await client.query(sql);
    const after = await tables(client);
    const locked = await lockedTables(client);
    return [...before].flatMap(([name, was]) => {
      const is = after.get(name);
      if (is === undefined) return [`${name} is dropped or renamed: the release before still reads it`];
      const faults: string[] = [];
      if (is.filenode !== was.filenode) faults.push(`${name} is written anew while everyone waits`);
      else if (is.scans > was.scans && locked.has(name))
        faults.push(`${name} is read from end to end while others wait: not valid first, or concurrently`);
      const gone = was.columns.filter((column) => !is.columns.includes(column));
      if (gone.length > 0)
        faults.push(`${name} loses or renames ${gone.join(', ')}: the release before still reads them`);
      const demanded = is.required.filter((column) => !was.required.includes(column));
      if (demanded.length > 0)
        faults.push(`${name} now demands ${demanded.join(', ')}: the release before does not write them`);
      return faults;
    });
  } finally {
    await client.query('rollback');
  }
}

interface Table {
  readonly filenode: number;
  readonly scans: number;
  readonly columns: string[];
  /** Columns that an insert must name. */
  readonly required: string[];
}

async function tables(client: pg.Client): Promise<Map<string, Table>> {
  const { rows } = await client.query<Table & { name: string }>(`
    select c.oid::regclass::text as name, pg_relation_filenode(c.oid)::int as filenode,
      coalesce(pg_stat_get_xact_numscans(c.oid), 0)::int as scans,
      array(select attname::text from pg_attribute where attrelid = c.oid and attnum > 0 and not attisdropped) as columns,
      array(select attname::text from pg_attribute where attrelid = c.oid and attnum > 0 and not attisdropped
        and attnotnull and not atthasdef and attidentity = '') as required
    from pg_class c where c.relkind = 'r' and c.relnamespace = any (current_schemas(false)::text[]::regnamespace[])`);
  return new Map(rows.map(({ name, ...table }) => [name, table]));
}

/** Tables on which writers or readers would wait for this transaction. */
async function lockedTables(client: pg.Client): Promise<Set<string>> {
  const { rows } = await client.query<{ name: string }>(`
    select distinct relation::regclass::text as name from pg_locks
    where pid = pg_backend_pid() and relation is not null
      and mode in ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')`);
  return new Set(rows.map(({ name }) => name));
}
