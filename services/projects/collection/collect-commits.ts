import type { EntityManager } from 'typeorm';
import { QueryFailedError } from 'typeorm';
import { deadCommits, type Grace } from './dead-commits.query.js';

const AT_ONCE = 10_000;
const MOST_REFUSALS = 8;

/**
 * Removes the commits that nothing needs; gives how many. Foreign keys have the last word: where somebody came to need one
 * while we looked, that removal is refused as a whole, and we look again.
 */
export async function collectCommits(manager: EntityManager, grace: Grace): Promise<number> {
  let collected = 0;
  for (let refusals = 0; refusals < MOST_REFUSALS;) {
    const dead = await deadCommits(manager, grace, AT_ONCE);
    if (dead.length === 0) break;
    try {
      const [, removed] = await manager.query<[unknown[], number]>(
        `with doomed as (select seq from commits where id = any($1) order by id for update skip locked),
           edges as (delete from further_parents where commit_seq in (select seq from doomed))
         delete from commits where seq in (select seq from doomed)`,
        [dead],
      );
      collected += removed;
      if (removed < dead.length) refusals++;
    } catch (thrown) {
      if (!isStillNeeded(thrown)) throw thrown;
      refusals++;
    }
  }
  return collected;
}

const isStillNeeded = (thrown: unknown): boolean =>
  thrown instanceof QueryFailedError && (thrown.driverError as { code?: string }).code === '23503';
