import type { EntityManager } from 'typeorm';

export interface Change {
  kind: 'work' | 'redirect' | 'rules' | 'index';
  key: string;
  body: unknown;
}

/**
 * Writes what has changed into the transaction of the change, and wakes those who follow. Writers take turns from here to
 * their commit, so that a reader who has seen a number will never find a lower one later.
 */
export async function recordChanges(manager: EntityManager, changes: readonly Change[]): Promise<void> {
  if (changes.length === 0) return;
  await takeTurn(manager);
  await manager.query(
    `insert into changes (kind, key, body)
     select kind, key, body from json_to_recordset($1) as given(kind text, key text, body json)`,
    [JSON.stringify(changes)],
  );
  await manager.query(`select pg_notify('intel_changes', '')`);
}

/** Holds the lock of those who change identities or the feed; whoever needs it for more than a record takes it first. */
export async function takeTurn(manager: EntityManager): Promise<void> {
  await manager.query('select pg_advisory_xact_lock($1)', [TURN]);
}

const TURN = 5_201_114;
