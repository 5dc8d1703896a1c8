import type { EntityManager } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import type { MemberRole } from '#libs/contracts/projects-members';
import { AppError } from '#libs/errors/app-error';
import { isUuid } from '../domain/uuid.js';

/**
 * What the caller is in a team; a team of others is answered as one that is not there. `forShare` keeps the team until the
 * transaction ends, `alone` keeps everybody else from changing its people meanwhile.
 */
export async function teamRoleOf(
  manager: EntityManager,
  caller: Caller,
  teamId: string,
  { forShare = false, alone = false }: { forShare?: boolean; alone?: boolean } = {},
): Promise<MemberRole> {
  const lock = alone ? 'for no key update of t' : forShare ? 'for key share of t, m' : '';
  const [row] = isUuid(teamId)
    ? await manager.query<{ role: MemberRole }[]>(
        `select m.role from teams t join team_members m on m.team_id = t.id and m.user_id = $2 where t.id = $1 ${lock}`,
        [teamId, caller.user_id],
      )
    : [];
  if (!row) throw new AppError('not_found', 'Team not found');
  return row.role;
}
