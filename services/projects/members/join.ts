import type { EntityManager } from 'typeorm';
import { memberJoined, type Invitation, type MemberRole } from '#libs/contracts/projects-members';
import { AppError } from '#libs/errors/app-error';
import { announce } from '../audit/announce.js';
import { audit } from '../audit/audit.js';
import { higherRole } from '../domain/roles.js';

/** Makes somebody what they were invited to be; who is that or more already stays what they are. */
export async function joinByInvitation(
  manager: EntityManager,
  user_id: string,
  { project_id, team_id, role }: Pick<Invitation, 'project_id' | 'team_id' | 'role'>,
): Promise<void> {
  if (team_id != null) return joinTeam(manager, user_id, team_id, role);
  const [project] = await manager.query<{ owner_id: string; team_id: string | null }[]>(
    'select owner_id, team_id from projects where id = $1 for no key update',
    [project_id],
  );
  if (project!.team_id === null && project!.owner_id === user_id)
    throw new AppError('conflict', 'This project is yours already.');
  const made = await raise(manager, 'members', 'project_id', { id: project_id!, user_id, role });
  await announce(manager, memberJoined, { project_id: project_id!, actor_id: user_id, user_id, role: made });
}

async function joinTeam(manager: EntityManager, user_id: string, team_id: string, role: MemberRole): Promise<void> {
  await manager.query('select 1 from teams where id = $1 for no key update', [team_id]);
  const made = await raise(manager, 'team_members', 'team_id', { id: team_id, user_id, role });
  const subject = { user_id, role: made };
  await audit(manager, { actor_id: user_id, team_id, action: 'projects.teamMemberJoined', subject });
}

async function raise(
  manager: EntityManager,
  table: 'members' | 'team_members',
  column: 'project_id' | 'team_id',
  { id, user_id, role }: { id: string; user_id: string; role: MemberRole },
): Promise<MemberRole> {
  const [before] = await manager.query<{ role: MemberRole }[]>(
    `select role from ${table} where ${column} = $1 and user_id = $2`,
    [id, user_id],
  );
  const made = before ? higherRole(before.role, role) : role;
  await manager.query(
    `insert into ${table} (${column}, user_id, role) values ($1, $2, $3)
     on conflict (${column}, user_id) do update set role = excluded.role`,
    [id, user_id, made],
  );
  return made;
}
