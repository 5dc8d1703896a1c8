import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import { AppError } from '#libs/errors/app-error';
import type { ProjectEntity } from '../projects/project.entities.js';
import type { BranchEntity } from '../versions/version.entities.js';
import { isUuid } from '../domain/uuid.js';
import { isAllowed, type Action, type Relation } from './permissions.js';

export interface Admission {
  project: ProjectEntity;
  relations: ReadonlySet<Relation>;
  allows(action: Action): boolean;
}

const DENIED = 'Not enough permissions';

/** Asks the matrix: what is the caller to this project, and does that allow the act? */
@Injectable()
export class Access {
  /** The project, if the caller may do this to it. A project the caller cannot see is answered as one that is not there. */
  async toProject(manager: EntityManager, caller: Caller, projectId: string, action: Action): Promise<Admission> {
    const admission = await this.admit(manager, caller, projectId);
    if (!admission || admission.relations.size === 0) throw new AppError('not_found', 'Project not found');
    if (!admission.allows(action)) throw new AppError('unauthorized', DENIED);
    return admission;
  }

  /** The same for a branch: here the creator of the branch counts too. */
  async toBranch(
    manager: EntityManager,
    caller: Caller,
    projectId: string,
    branchName: string,
    action: Action,
  ): Promise<Admission & { branch: BranchEntity }> {
    const admission = await this.admit(manager, caller, projectId);
    if (!admission || admission.relations.size === 0) throw new AppError('not_found', 'Project not found');
    const branch = await this.branch(manager, admission.project.id, branchName);
    if (branch && branch.creator_id !== null && branch.creator_id === caller.user_id) {
      const onBranch = withRelation(admission, 'creator');
      if (onBranch.allows(action)) return { ...onBranch, branch };
    }
    if (!asNonCreator(admission).allows(action)) throw new AppError('unauthorized', DENIED);
    if (!branch) throw new AppError('not_found', 'Branch not found');
    return { ...asNonCreator(admission), branch };
  }

  /** What the caller is to the project, or undefined when there is none. `creator` here: of any of its branches. */
  async admit(manager: EntityManager, caller: Caller, projectId: string): Promise<Admission | undefined> {
    const id = projectId.trim();
    if (!isUuid(id)) return undefined;
    const rows = await manager.query<(ProjectEntity & { member_role: Relation | null; is_creator: boolean })[]>(
      `select p.*, m.role as member_role,
         exists (select from branches b where b.project_id = p.id and b.creator_id = $2) as is_creator
       from projects p left join members m on m.project_id = p.id and m.user_id = $2
       where p.id = $1`,
      [id, caller.user_id],
    );
    const row = rows[0];
    if (!row) return undefined;
    const { member_role, is_creator, ...project } = row;
    const relations = new Set<Relation>();
    if (caller.user_id !== null && caller.user_id === project.owner_id) relations.add('owner');
    if (member_role !== null) relations.add(member_role);
    if (is_creator) relations.add('creator');
    if (project.is_public) relations.add(caller.user_id === null ? 'anonymous' : 'visitor');
    return admission(project as ProjectEntity, relations);
  }

  private async branch(manager: EntityManager, projectId: string, name: string): Promise<BranchEntity | undefined> {
    const rows = await manager.query<BranchEntity[]>('select * from branches where project_id = $1 and name = $2', [
      projectId,
      name,
    ]);
    return rows[0];
  }
}

function admission(project: ProjectEntity, relations: ReadonlySet<Relation>): Admission {
  return { project, relations, allows: (action) => isAllowed(action, relations) };
}

function withRelation({ project, relations }: Admission, relation: Relation): Admission {
  return admission(project, new Set([...relations, relation]));
}

/** Having made some other branch gives no right on this one. */
function asNonCreator({ project, relations }: Admission): Admission {
  return admission(project, new Set([...relations].filter((relation) => relation !== 'creator')));
}
