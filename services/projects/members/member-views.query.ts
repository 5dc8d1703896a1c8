import type { EntityManager } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import type { Member } from '#libs/contracts/projects-members';
import { maskEmail } from '../domain/nickname.js';
import type { ProjectEntity } from '../projects/project.entities.js';

interface Wish {
  user_id?: string;
  skip: number;
  limit: number;
}

/** The people of a project: its owner, then its members, then those of the team that owns it; each by the role they have that way. */
export function memberViews(
  manager: EntityManager,
  caller: Caller,
  { id, team_id }: Pick<ProjectEntity, 'id' | 'team_id'>,
  { user_id, skip, limit }: Wish,
): Promise<Member[]> {
  return views(
    manager,
    caller,
    `select owner_id as user_id, 'owner' as role, 'owner' as via, created_at from projects where id = $1 and team_id is null
     union all select user_id, role, 'member', created_at from members where project_id = $1
     union all select user_id, role, 'team', created_at from team_members where team_id = $2`,
    [id, team_id, user_id ?? null, skip, limit],
  );
}

/** The people of a team. */
export function teamMemberViews(
  manager: EntityManager,
  caller: Caller,
  teamId: string,
  { user_id, skip, limit }: Wish,
): Promise<Member[]> {
  return views(
    manager,
    caller,
    `select user_id, role, 'team' as via, created_at from team_members where team_id = $1 and $2::uuid is null`,
    [teamId, null, user_id ?? null, skip, limit],
  );
}

async function views(manager: EntityManager, caller: Caller, people: string, values: unknown[]): Promise<Member[]> {
  const rows = await manager.query<Member[]>(
    `select m.user_id, u.full_name, u.email, m.role, m.via, m.created_at as since
     from (${people}) m join users u on u.id = m.user_id where $3::uuid is null or m.user_id = $3
     order by m.via = 'owner' desc, m.via, m.created_at, m.user_id offset $4 limit $5`,
    values,
  );
  return rows.map((row) => ({ ...row, email: row.user_id === caller.user_id ? row.email : maskEmail(row.email) }));
}
