import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf } from '#libs/contracts/contract';
import type { Project } from '#libs/contracts/projects';
import {
  memberChanged,
  memberLeft,
  projectTransferred,
  type changeMember,
  type Member,
  type MemberRole,
  type removeMember,
  type transferProject,
} from '#libs/contracts/projects-members';
import { AppError } from '#libs/errors/app-error';
import { Access, type Admission } from '../access/access.js';
import { isAllowedInTeam, managing } from '../access/team-permissions.js';
import { announce } from '../audit/announce.js';
import { isUuid } from '../domain/uuid.js';
import type { ProjectEntity } from '../projects/project.entities.js';
import { projectView } from '../projects/project-views.query.js';
import { teamRoleOf } from '../teams/team-role.query.js';
import { memberViews } from './member-views.query.js';
import { takeBack } from './take-back.js';

/** The people of a project: who they are, what they may be made, and whose it is. */
@Injectable()
export class Members {
  constructor(
    private readonly database: DataSource,
    private readonly access: Access,
  ) {}

  async list(caller: Caller, projectId: string, skip: number, limit: number): Promise<Member[]> {
    const { project } = await this.access.toProject(this.database.manager, caller, projectId, 'readMembers');
    return memberViews(this.database.manager, caller, project, { skip, limit });
  }

  /** Gives a member another role; whoever does it must be allowed to give the new one and to take the old one. */
  async change(caller: Caller, { project_id, user_id, role }: InputOf<typeof changeMember>): Promise<Member> {
    return this.database.transaction(async (manager) => {
      const admission = await this.access.toProject(manager, caller, project_id, 'manageMembers');
      const { project } = admission;
      const before = await this.roleOf(manager, project.id, user_id);
      for (const touched of [before, role]) requireManaging(admission, touched);
      await manager.query('update members set role = $3 where project_id = $1 and user_id = $2', [
        project.id,
        user_id,
        role,
      ]);
      if (before !== role) {
        await takeBack(manager, { project_id: project.id, people: [user_id] });
        const about = { project_id: project.id, actor_id: caller.user_id, user_id };
        await announce(manager, memberChanged, { ...about, before, role });
      }
      const [member] = await memberViews(manager, caller, project, { user_id, skip: 0, limit: 1 });
      return member!;
    });
  }

  /** Ends a membership; one's own may be ended by anybody. What only their role gave them ends with it. */
  async remove(caller: Caller, { project_id, user_id }: InputOf<typeof removeMember>): Promise<void> {
    await this.database.transaction(async (manager) => {
      const isOwn = caller.user_id === user_id;
      const admission = await this.access.toProject(
        manager,
        caller,
        project_id,
        isOwn ? 'leaveProject' : 'manageMembers',
      );
      const role = await this.roleOf(manager, admission.project.id, user_id);
      if (!isOwn) requireManaging(admission, role);
      const about = { project_id: admission.project.id, user_id };
      const [, removed] = await manager.query<[unknown, number]>(
        'delete from members where project_id = $1 and user_id = $2',
        [about.project_id, user_id],
      );
      if (removed === 0) throw notAMember();
      await takeBack(manager, { project_id: about.project_id, people: [user_id] });
      await announce(manager, memberLeft, { ...about, actor_id: caller.user_id, role });
    });
  }

  /** Gives the project to one of its people or to a team. A person who gives it stays on it as a maintainer. */
  async transfer(caller: Caller, wish: InputOf<typeof transferProject>): Promise<Project> {
    return this.database.transaction(async (manager) => {
      const { project } = await this.access.toProject(manager, caller, wish.project_id, 'transferProject');
      const { to_user_id, to_team_id } = wish;
      if ((to_user_id === undefined) === (to_team_id === undefined))
        throw new AppError('invalid', 'Name either to_user_id or to_team_id, and not both.');
      const owner = to_user_id !== undefined ? await this.heir(manager, project, to_user_id) : project.owner_id;
      const team = to_team_id !== undefined ? await this.teamFor(manager, caller, to_team_id) : null;
      if (project.team_id === null && owner !== project.owner_id)
        await manager.query(
          `insert into members (project_id, user_id, role) values ($1, $2, 'maintainer')
           on conflict (project_id, user_id) do update set role = excluded.role`,
          [project.id, project.owner_id],
        );
      if (team === null)
        await manager.query('delete from members where project_id = $1 and user_id = $2', [project.id, owner]);
      await manager.query('update projects set owner_id = $2, team_id = $3 where id = $1', [project.id, owner, team]);
      await takeBack(manager, { project_id: project.id, people: await this.leaving(manager, project) });
      const about = { project_id: project.id, actor_id: caller.user_id };
      await announce(manager, projectTransferred, { ...about, owner_id: owner, team_id: team });
      return projectView(manager, caller, project.id);
    });
  }

  /** Only somebody who already works on a project can be given it: nobody is handed things they never agreed to. */
  private async heir(manager: EntityManager, project: ProjectEntity, userId: string): Promise<string> {
    const [row] = isUuid(userId)
      ? await manager.query<{ user_id: string }[]>(
          `select user_id from members where project_id = $1 and user_id = $3
           union select user_id from team_members where team_id = $2 and user_id = $3
           union select id from users where id = $3 and id = $4 and $2::uuid is null`,
          [project.id, project.team_id, userId, project.owner_id],
        )
      : [];
    if (!row)
      throw new AppError('not_found', 'The new owner must be one of the people of this project; invite them first.');
    return row.user_id;
  }

  /** Those whose way into the project was that it belonged to them, or to their team. */
  private async leaving(manager: EntityManager, { owner_id, team_id }: ProjectEntity): Promise<string[]> {
    if (team_id === null) return [owner_id];
    const people = await manager.query<{ user_id: string }[]>('select user_id from team_members where team_id = $1', [
      team_id,
    ]);
    return [owner_id, ...people.map(({ user_id }) => user_id)];
  }

  private async teamFor(manager: EntityManager, caller: Caller, teamId: string): Promise<string> {
    const role = await teamRoleOf(manager, caller, teamId, { forShare: true });
    if (!isAllowedInTeam('takeProjects', role))
      throw new AppError('unauthorized', 'Only owners and maintainers of a team can take projects into it.');
    return teamId;
  }

  private async roleOf(manager: EntityManager, projectId: string, userId: string): Promise<MemberRole> {
    const [row] = isUuid(userId)
      ? await manager.query<{ role: MemberRole }[]>(
          'select role from members where project_id = $1 and user_id = $2 for update',
          [projectId, userId],
        )
      : [];
    if (!row) throw notAMember();
    return row.role;
  }
}

const notAMember = () => new AppError('not_found', 'There is no such member of this project.');

/** Refuses whoever may not give this role, or take it. */
export function requireManaging(admission: Admission, role: MemberRole): void {
  if (!admission.allows(managing(role))) throw new AppError('unauthorized', `Only the owner can manage a ${role}.`);
}
