import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf } from '#libs/contracts/contract';
import type { Project } from '#libs/contracts/projects';
import type { changeTeamMember, Member, MemberRole, removeTeamMember, Team } from '#libs/contracts/projects-members';
import { AppError } from '#libs/errors/app-error';
import { isAllowedInTeam, managing, type TeamAction } from '../access/team-permissions.js';
import { signedIn } from '../accounts/accounts.js';
import { audit } from '../audit/audit.js';
import { isUuid } from '../domain/uuid.js';
import { teamMemberViews } from '../members/member-views.query.js';
import { takeBack } from '../members/take-back.js';
import { projectViews } from '../projects/project-views.query.js';
import { teamRoleOf } from './team-role.query.js';

/** Teams: people who own projects together. Acts on who is in a team happen one by one, so that an owner always remains. */
@Injectable()
export class Teams {
  constructor(private readonly database: DataSource) {}

  async create(caller: Caller, name: string): Promise<Team> {
    return this.database.transaction(async (manager) => {
      const [team] = await manager.query<{ id: string }[]>('insert into teams (name) values ($1) returning id', [name]);
      await manager.query(`insert into team_members (team_id, user_id, role) values ($1, $2, 'owner')`, [
        team!.id,
        signedIn(caller),
      ]);
      await this.note(manager, caller, team!.id, 'projects.teamCreated', { name });
      return this.view(manager, caller, team!.id);
    });
  }

  list(caller: Caller): Promise<Team[]> {
    return teamViews(this.database.manager, caller, null);
  }

  async get(caller: Caller, teamId: string): Promise<Team> {
    await teamRoleOf(this.database.manager, caller, teamId);
    return this.view(this.database.manager, caller, teamId);
  }

  async rename(caller: Caller, teamId: string, name: string): Promise<Team> {
    return this.database.transaction(async (manager) => {
      await this.require(manager, caller, teamId, 'changeTeam');
      await manager.query('update teams set name = $2 where id = $1', [teamId, name]);
      await this.note(manager, caller, teamId, 'projects.teamChanged', { name });
      return this.view(manager, caller, teamId);
    });
  }

  async delete(caller: Caller, teamId: string): Promise<void> {
    await this.database.transaction(async (manager) => {
      await this.require(manager, caller, teamId, 'deleteTeam');
      await manager.query('select 1 from teams where id = $1 for update', [teamId]);
      const owned = await manager.query<unknown[]>('select 1 from projects where team_id = $1 limit 1', [teamId]);
      if (owned.length > 0)
        throw new AppError('conflict', 'This team owns projects; delete them or give them to somebody else first.');
      await manager.query('delete from teams where id = $1', [teamId]);
      await this.note(manager, caller, teamId, 'projects.teamDeleted', {});
    });
  }

  async projects(caller: Caller, teamId: string, skip: number, limit: number): Promise<Project[]> {
    await teamRoleOf(this.database.manager, caller, teamId);
    return projectViews(this.database.manager, caller, {
      where: 'p.team_id = $2',
      order: 'order by p.seq offset $3 limit $4',
      values: [teamId, skip, limit],
    });
  }

  async members(caller: Caller, teamId: string, skip: number, limit: number): Promise<Member[]> {
    await teamRoleOf(this.database.manager, caller, teamId);
    return teamMemberViews(this.database.manager, caller, teamId, { skip, limit });
  }

  async changeMember(caller: Caller, wish: InputOf<typeof changeTeamMember>): Promise<Member> {
    const { team_id, user_id, role } = wish;
    return this.database.transaction(async (manager) => {
      const before = await this.takeOn(manager, caller, team_id, user_id, [role]);
      await manager.query('update team_members set role = $3 where team_id = $1 and user_id = $2', [
        team_id,
        user_id,
        role,
      ]);
      await this.requireAnOwner(manager, team_id);
      if (before !== role) {
        await takeBack(manager, { team_id, people: [user_id] });
        await this.note(manager, caller, team_id, 'projects.teamMemberChanged', { user_id, before, role });
      }
      const [member] = await teamMemberViews(manager, caller, team_id, { user_id, skip: 0, limit: 1 });
      return member!;
    });
  }

  async removeMember(caller: Caller, { team_id, user_id }: InputOf<typeof removeTeamMember>): Promise<void> {
    await this.database.transaction(async (manager) => {
      const role = await this.takeOn(manager, caller, team_id, user_id, []);
      await manager.query('delete from team_members where team_id = $1 and user_id = $2', [team_id, user_id]);
      await this.requireAnOwner(manager, team_id);
      await takeBack(manager, { team_id, people: [user_id] });
      await this.note(manager, caller, team_id, 'projects.teamMemberLeft', { user_id, role });
    });
  }

  /** Holds the team, and gives the role of a member whom the caller may manage; oneself one may always remove. */
  private async takeOn(
    manager: EntityManager,
    caller: Caller,
    teamId: string,
    userId: string,
    given: MemberRole[],
  ): Promise<MemberRole> {
    const own = await teamRoleOf(manager, caller, teamId, { alone: true });
    const leaves = given.length === 0 && caller.user_id === userId;
    if (!leaves) requireAllowed('manageMembers', own);
    const [row] = isUuid(userId)
      ? await manager.query<{ role: MemberRole }[]>(
          'select role from team_members where team_id = $1 and user_id = $2',
          [teamId, userId],
        )
      : [];
    if (!row) throw new AppError('not_found', 'There is no such member of this team.');
    if (!leaves) for (const role of [row.role, ...given]) requireAllowed(managing(role), own);
    return row.role;
  }

  private async requireAnOwner(manager: EntityManager, teamId: string): Promise<void> {
    const owners = await manager.query<unknown[]>(
      `select 1 from team_members where team_id = $1 and role = 'owner' limit 1`,
      [teamId],
    );
    if (owners.length === 0)
      throw new AppError('conflict', 'This is the last owner of the team; make another one first.');
  }

  private async require(manager: EntityManager, caller: Caller, teamId: string, action: TeamAction): Promise<void> {
    requireAllowed(action, await teamRoleOf(manager, caller, teamId, { alone: true }));
  }

  private async view(manager: EntityManager, caller: Caller, teamId: string): Promise<Team> {
    return (await teamViews(manager, caller, teamId))[0]!;
  }

  private note(
    manager: EntityManager,
    caller: Caller,
    team_id: string,
    action: string,
    subject: Record<string, unknown>,
  ): Promise<void> {
    return audit(manager, { actor_id: caller.user_id, team_id, action, subject });
  }
}

/** Refuses a role in a team that does not allow the act. */
export function requireAllowed(action: TeamAction, role: MemberRole): void {
  if (!isAllowedInTeam(action, role)) throw new AppError('unauthorized', 'Not enough permissions');
}

/** The teams that a caller is in, or one of them. */
function teamViews(manager: EntityManager, caller: Caller, teamId: string | null): Promise<Team[]> {
  return manager.query<Team[]>(
    `select t.id, t.name, m.role, t.created_at,
       (select count(*)::int from team_members where team_id = t.id) as member_count,
       (select count(*)::int from projects where team_id = t.id) as project_count
     from team_members m join teams t on t.id = m.team_id
     where m.user_id = $1 and ($2::uuid is null or t.id = $2) order by t.seq`,
    [caller.user_id, teamId],
  );
}
