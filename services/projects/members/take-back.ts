import type { EntityManager } from 'typeorm';
import { MEMBER_ROLES } from '#libs/contracts/projects-members';
import { isAllowed, type Action } from '../access/permissions.js';
import { closeUnofferable, lockOffersOf } from '../merge-requests/lost-offers.js';

type Concerned = ({ project_id: string; team_id?: undefined } | { team_id: string; project_id?: undefined }) & {
  people: readonly string[];
};

/**
 * Takes from people what only a role gave them that they have no more: invitations nobody answered, the branches they made
 * where they may make none any more, `main` where they may not commit, and the requests that offered a branch elsewhere.
 * The project or the team must be locked; of a team, all its projects will be, so that no branch is just being made.
 */
export async function takeBack(manager: EntityManager, { project_id, team_id, people }: Concerned): Promise<void> {
  const rows = await manager.query<{ id: string }[]>(
    'select id from projects where id = $1 or team_id = $2 order by id for no key update',
    [project_id ?? null, team_id ?? null],
  );
  const projects = rows.map(({ id }) => id);
  await manager.query(
    `update invitations set outcome = 'revoked', answered_at = now()
     where outcome is null and invited_by = any($1) and (project_id = any($2) or team_id = $3)`,
    [people, projects, team_id ?? null],
  );
  const offers = await lockOffersOf(manager, projects, people);
  await manager.query(
    `update branches b set creator_id = null from projects p
     where p.id = b.project_id and p.id = any($1) and b.creator_id = any($2)
       and not (p.team_id is null and p.owner_id = b.creator_id)
       and not exists (
         select from (select user_id, role from members where project_id = p.id
           union all select user_id, role from team_members where team_id = p.team_id) r
         where r.user_id = b.creator_id and r.role = any(case when b.name = 'main' then $3::text[] else $4::text[] end))`,
    [projects, people, rolesFor('commit'), rolesFor('createBranch')],
  );
  await closeUnofferable(manager, offers);
}

const rolesFor = (action: Action) => MEMBER_ROLES.filter((role) => isAllowed(action, new Set([role])));
