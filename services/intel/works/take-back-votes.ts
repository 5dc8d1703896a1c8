import type { EntityManager } from 'typeorm';
import { takeTurn } from '../changes/changes.js';
import { trustOf, verdict, type Vote } from '../domain/trust.js';
import { tellOf } from './take-in-works.js';
import { unsay } from './tellers.js';
import type { SubmissionEntity } from './work.entities.js';

/** How long a decision may be opened again; an older one has stood before everybody's eyes. */
const OPEN_DAYS = 30;

/** The source of names that contributors have brought. */
export const BY_CONTRIBUTORS = 'contributors';

/**
 * A person's votes count no more. What waits for a decision is without them; what others decided together with this person in the
 * last thirty days, and would not have without, waits again, and an approved name is withdrawn until then.
 */
export async function takeBackVotes(manager: EntityManager, userId: string): Promise<void> {
  await takeTurn(manager);
  const [votes] = await manager.query<[{ submission_id: string }[], number]>(
    'delete from submission_votes where user_id = $1 returning submission_id',
    [userId],
  );
  const decided = await manager.query<SubmissionEntity[]>(
    `select * from submissions s where id = any($1) and by_votes and status <> 'pending'
       and decided_at > now() - make_interval(days => $2)
       and not exists (select from submissions o where o.work_id = s.work_id and o.name = s.name and o.status = 'pending')
     order by created_at, id for update`,
    [votes.map(({ submission_id }) => submission_id), OPEN_DAYS],
  );
  for (const one of decided)
    if (verdict(await votesOn(manager, one)) !== one.status) await openAgain(manager, one, one.status === 'approved');
}

/** The votes on a name; who proposed it said yes by that, and is one witness too few. */
export function votesOn(manager: EntityManager, { id, user_id }: Pick<SubmissionEntity, 'id' | 'user_id'>) {
  return manager.query<Vote[]>(
    'select approves, weight from submission_votes where submission_id = $1 and user_id <> $2',
    [id, user_id],
  );
}

/** One more name of a proposer was decided, or with -1 is open again; returns how far they are believed now. */
export async function countFor(
  manager: EntityManager,
  userId: string,
  column: 'approved' | 'rejected',
  by: 1 | -1,
): Promise<number | undefined> {
  const [[standing]] = await manager.query<[{ approved: number; rejected: number }[], number]>(
    `update contributors set ${column} = greatest(0, ${column} + $2) where user_id = $1 returning approved, rejected`,
    [userId, by],
  );
  if (!standing) return undefined;
  const trust = trustOf(standing);
  await manager.query('update contributors set trust = $2 where user_id = $1', [userId, trust]);
  return trust;
}

async function openAgain(manager: EntityManager, one: SubmissionEntity, wasApproved: boolean): Promise<void> {
  await manager.query(
    `update submissions set status = 'pending', by_votes = false, decided_by = null, decided_at = null, reason = null where id = $1`,
    [one.id],
  );
  await countFor(manager, one.user_id, wasApproved ? 'approved' : 'rejected', -1);
  if (!wasApproved) return;
  const named = await manager.query<{ id: number }[]>(
    'select id from aliases where work_id = $1 and name = $2 and source = $3',
    [one.work_id, one.name, BY_CONTRIBUTORS],
  );
  await tellOf(manager, await unsay(manager, BY_CONTRIBUTORS, named.map(({ id }) => id))); // prettier-ignore
}
