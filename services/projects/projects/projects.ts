import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { z } from 'zod';
import type { Caller } from '#libs/contracts/caller';
import type { FeedItem, Project, ProjectChange, ProjectDraft } from '#libs/contracts/projects';
import { projectCreated, projectDeleted, projectVisibilityChanged } from '#libs/contracts/projects-events';
import { AppError } from '#libs/errors/app-error';
import { Access } from '../access/access.js';
import { isAllowedInTeam } from '../access/team-permissions.js';
import { UserEntity } from '../accounts/account.entities.js';
import { signedIn } from '../accounts/accounts.js';
import { announce } from '../audit/announce.js';
import { nickname } from '../domain/nickname.js';
import { isUuid } from '../domain/uuid.js';
import { teamRoleOf } from '../teams/team-role.query.js';
import { TeamEntity } from '../teams/team.entities.js';
import { checkpoint } from '../versions/checkpoint.js';
import { lockBranch } from '../versions/commits.js';
import { insertBranch } from '../versions/refs.js';
import { feedQuery, type FeedWish } from './feed.query.js';
import { projectView, projectViews } from './project-views.query.js';
import type { ProjectEntity } from './project.entities.js';

/** The life of a project: made, found, changed, liked, deleted. */
@Injectable()
export class Projects {
  constructor(
    private readonly database: DataSource,
    private readonly access: Access,
  ) {}

  async create(caller: Caller, draft: ProjectDraft): Promise<Project> {
    return this.database.transaction(async (manager) => {
      const team_id = draft.team_id ?? null;
      if (team_id !== null) {
        const role = await teamRoleOf(manager, caller, team_id, { forShare: true });
        if (!isAllowedInTeam('takeProjects', role)) throw new AppError('unauthorized', 'Not enough permissions');
      }
      const id = await insertProject(manager, { ...draft, owner_id: signedIn(caller), team_id });
      await insertBranch(manager, {
        project_id: id,
        name: 'main',
        head_commit_id: null,
        creator_id: caller.user_id,
        parent_branch_id: null,
      });
      return projectView(manager, caller, id);
    });
  }

  /** The caller's own projects, those they are a member of, and those where they made a branch; oldest first. */
  list(caller: Caller, skip: number, limit: number): Promise<Project[]> {
    return projectViews(this.database.manager, caller, {
      where: `p.id in (
        select id from projects where owner_id = $1 and team_id is null
        union select o.id from projects o join team_members t on t.team_id = o.team_id where t.user_id = $1
        union select project_id from members where user_id = $1
        union select project_id from branches where creator_id = $1)`,
      order: 'order by p.seq offset $2 limit $3',
      values: [skip, limit],
    });
  }

  async get(caller: Caller, projectId: string): Promise<Project> {
    const { project } = await this.access.toProject(this.database.manager, caller, projectId, 'readProject');
    return projectView(this.database.manager, caller, project.id);
  }

  /** A public project, whoever asks; a private one is not found here, not even by its owner. */
  async getPublic(caller: Caller, projectId: string): Promise<FeedItem> {
    const id = projectId.trim();
    const found = isUuid(id)
      ? await projectViews(this.database.manager, caller, {
          where: 'p.id = $2 and p.is_public',
          order: '',
          values: [id],
        })
      : [];
    if (!found[0]) throw new AppError('not_found', 'Project not found');
    return found[0];
  }

  /** Changes what is given. Making a project public publishes what is saved on main, as a commit of its own. */
  async update(caller: Caller, { project_id, ...change }: z.output<typeof ProjectChange>): Promise<Project> {
    return this.database.transaction(async (manager) => {
      const { project } = await this.access.toProject(manager, caller, project_id, 'changeProject');
      await manager.query(
        `update projects set name = coalesce($2, name), description = coalesce($3, description),
           workspace_data = coalesce($4, workspace_data), tags = coalesce($5, tags), is_public = coalesce($6, is_public)
         where id = $1`,
        [
          project.id,
          change.name ?? null,
          change.description ?? null,
          change.workspace_data == null ? null : JSON.stringify(change.workspace_data),
          change.tags ?? null,
          change.is_public ?? null,
        ],
      );
      if (change.is_public === true) await this.publishMain(manager, project.id);
      if (change.is_public != null && change.is_public !== project.is_public)
        await announce(manager, projectVisibilityChanged, {
          project_id: project.id,
          actor_id: caller.user_id,
          is_public: change.is_public,
        });
      return projectView(manager, caller, project.id);
    });
  }

  /** Deletes a project with everything in it, if its id and its owner's nickname were typed right. */
  async delete(
    caller: Caller,
    {
      project_id,
      confirm_project_id,
      confirm_nickname,
    }: { project_id: string; confirm_project_id: string; confirm_nickname: string },
  ): Promise<Project> {
    return this.database.transaction(async (manager) => {
      const { project } = await this.access.toProject(manager, caller, project_id, 'deleteProject');
      if (confirm_project_id.trim().toLowerCase() !== project.id)
        throw new AppError('invalid', 'Project id confirmation does not match');
      if (confirm_nickname.trim().toLowerCase() !== (await this.nameOfOwner(manager, project)).toLowerCase())
        throw new AppError('invalid', 'Nickname confirmation does not match');
      const view = await projectView(manager, caller, project.id);
      await manager.query('delete from projects where id = $1', [project.id]);
      await announce(manager, projectDeleted, { project_id: project.id, actor_id: caller.user_id });
      return view;
    });
  }

  feed(caller: Caller, wish: FeedWish): Promise<FeedItem[]> {
    return feedQuery(this.database.manager, caller, wish);
  }

  async ofUser(caller: Caller, userId: string, skip: number, limit: number): Promise<FeedItem[]> {
    const id = userId.trim();
    if (!isUuid(id) || !(await this.database.manager.existsBy(UserEntity, { id })))
      throw new AppError('not_found', 'User not found');
    return projectViews(this.database.manager, caller, {
      where: 'p.owner_id = $2 and p.is_public',
      order: 'order by p.created_at desc, p.seq desc offset $3 limit $4',
      values: [id, skip, limit],
    });
  }

  /** Turns the caller's like on or off; true when it is on now. The project's row is the lock: toggles happen one by one. */
  async toggleLike(caller: Caller, projectId: string): Promise<boolean> {
    return this.database.transaction(async (manager) => {
      const { project } = await this.access.toProject(manager, caller, projectId, 'like');
      await manager.query('select 1 from projects where id = $1 for no key update', [project.id]);
      const [, removed] = await manager.query<[unknown[], number]>(
        'delete from likes where user_id = $1 and project_id = $2',
        [caller.user_id, project.id],
      );
      if (removed === 0)
        await manager.query('insert into likes (user_id, project_id) values ($1, $2)', [caller.user_id, project.id]);
      await manager.query('update projects set likes_count = likes_count + $2 where id = $1', [
        project.id,
        removed === 0 ? 1 : -1,
      ]);
      return removed === 0;
    });
  }

  /** What is typed to confirm a deletion: the nickname of the owner, or the name of the team. */
  private async nameOfOwner(manager: EntityManager, { owner_id, team_id }: ProjectEntity): Promise<string> {
    if (team_id !== null) return (await manager.findOneByOrFail(TeamEntity, { id: team_id })).name.trim();
    return nickname(await manager.findOneByOrFail(UserEntity, { id: owner_id }));
  }

  private async publishMain(manager: EntityManager, projectId: string): Promise<void> {
    const [main] = await manager.query<{ id: string }[]>(
      `select id from branches where project_id = $1 and name = 'main'`,
      [projectId],
    );
    if (main) await checkpoint(manager, await lockBranch(manager, main.id), 'Publish');
  }
}

export interface NewProject extends ProjectDraft {
  owner_id: string;
  team_id?: string | null;
  parent_project_id?: string;
}

/** Writes the row of a new project and tells of it; its branches are the caller's to write. Gives its id. */
export async function insertProject(manager: EntityManager, draft: NewProject): Promise<string> {
  const [row] = await manager.query<{ id: string }[]>(
    `insert into projects (owner_id, name, description, tags, is_public, parent_project_id, team_id)
     values ($1, $2, $3, $4, $5, $6, $7) returning id`,
    [
      draft.owner_id,
      draft.name,
      draft.description ?? null,
      draft.tags ?? null,
      draft.is_public,
      draft.parent_project_id ?? null,
      draft.team_id ?? null,
    ],
  );
  await announce(manager, projectCreated, { project_id: row!.id, owner_id: draft.owner_id });
  return row!.id;
}
