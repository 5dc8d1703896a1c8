import type { EntityManager } from 'typeorm';

/** Lets what is counted of a person through one after the other, until the transaction ends: each counts those before it. */
export async function oneByOne(manager: EntityManager, userId: string): Promise<void> {
  await manager.query('select pg_advisory_xact_lock(hashtext($1))', [userId]);
}
