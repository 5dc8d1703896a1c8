import type { EntityManager } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import type { MemberRole } from '#libs/contracts/projects-members';
import { AppError } from '#libs/errors/app-error';
import { isUuid } from '../domain/uuid.js';

/**
 * What the caller is in a team; a team of others is answered as one that is not there. `forShare` keeps the team and its
 * people until the transaction ends, `alone` keeps everybody else from acting on it meanwhile. The role is read by a
 * statement of its own, after the wait.
 */
export async function teamRoleOf(
  manager: EntityManager,
  caller: Caller,
  teamId: string,
  { forShare = false, alone = false }: { forShare?: boolean; alone?: boolean } = {},
): Promise<MemberRole> {
  const lock = alone ? 'for no key update' : forShare ? 'for share' : '';
  if (lock && isUuid(teamId)) await manager.query(`select 1 from teams where id = $1 ${lock}`, [teamId]);
  const [row] = isUuid(teamId)
    ? await manager.query<{ role: MemberRole }[]>(
        'select m.role from teams t join team_members m on m.team_id = t.id and m.user_id = $2 where t.id = $1',
        [teamId, caller.user_id],
      )
    : [];
  if (!row) throw new AppError('not_found', 'Team not found');
  return row.role;
}
