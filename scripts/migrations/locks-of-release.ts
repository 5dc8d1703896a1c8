import type pg from 'pg';
import { longLocks } from './long-locks.js';
import type { MigrationFile } from './released.js';

/** What the migrations of the next release would do to an operator's tables, one after the other: those that do harm, and which. */
export async function locksOfRelease(
  client: pg.Client,
  { released, coming }: Readonly<Record<'released' | 'coming', readonly MigrationFile[]>>,
): Promise<{ path: string; faults: string[] }[]> {
  const harmful: { path: string; faults: string[] }[] = [];
  for (const { sql } of released) await client.query(sql);
  for (const { path, sql } of coming) {
    const faults = await longLocks(client, sql);
    if (faults.length > 0) harmful.push({ path, faults });
    await client.query(sql);
  }
  return harmful;
}
