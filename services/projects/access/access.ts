import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import { AppError } from '#libs/errors/app-error';
import type { ProjectEntity } from '../projects/project.entities.js';
import type { BranchEntity } from '../versions/version.entities.js';
import { isUuid } from '../domain/uuid.js';
import { isAllowed, isRead, type Action, type Relation } from './permissions.js';

/** What a caller is to a project as a whole; what they are to one of its branches is asked with `onBranch`. */
export interface Admission {
  project: ProjectEntity;
  relations: ReadonlySet<Relation>;
  /** Whether they made any branch of it: then they know that it exists, and nothing more follows from it. */
  madeABranch: boolean;
  allows(action: Action): boolean;
}

/** What somebody finds who looks for a branch by the names of its project and its own. */
export type BranchSeen =
  | { found: 'nothing' }
  | { found: 'project'; admission: Admission }
  | { found: 'branch'; admission: Admission & { branch: BranchEntity } };

interface RelationRow {
  member_role: Relation | null;
  team_role: Relation | null;
  made_a_branch: boolean;
  branch: BranchEntity | null;
}

const DENIED = 'Not enough permissions';

/** Asks the matrix: what is the caller to this project, and does that allow the act? */
@Injectable()
export class Access {
  /** The project, if the caller may do this to it. A project the caller cannot see is answered as one that is not there. */
  async toProject(manager: EntityManager, caller: Caller, projectId: string, action: Action): Promise<Admission> {
    const admission = await this.see(manager, caller, projectId, action);
    if (!admission.allows(action)) throw new AppError('unauthorized', DENIED);
    return admission;
  }

  /** The project, for whoever may see something of its history: all of it, or the branches they made. */
  toHistory(manager: EntityManager, caller: Caller, projectId: string): Promise<Admission> {
    return this.see(manager, caller, projectId, 'readHistory');
  }

  /** The same for a branch: here the creator of the branch counts too. */
  async toBranch(...asked: Parameters<Access['lookForBranch']>): Promise<Admission & { branch: BranchEntity }> {
    const seen = await this.lookForBranch(...asked);
    if (seen.found === 'nothing') throw new AppError('not_found', 'Project not found');
    if (!seen.admission.allows(asked[4])) throw new AppError('unauthorized', DENIED);
    if (seen.found === 'project') throw new AppError('not_found', 'Branch not found');
    return seen.admission;
  }

  /** What there is for a caller where they look for a branch: it, or only its project, or not even that. Refuses nothing. */
  async lookForBranch(
    manager: EntityManager,
    caller: Caller,
    projectId: string,
    branchName: string,
    action: Action,
  ): Promise<BranchSeen> {
    const { admission: toProject, branch } = await lookUp(manager, caller, { projectId, branchName, action });
    if (!toProject || !isSeen(toProject)) return { found: 'nothing' };
    if (!branch) return { found: 'project', admission: toProject };
    return { found: 'branch', admission: { ...onBranch(toProject, branch, caller), branch } };
  }

  /**
   * What the caller is to the project, or undefined when there is none. Where the action changes something, the project
   * stays until the transaction ends: who comes to delete it waits, and whoever comes after that finds none.
   */
  admit(manager: EntityManager, caller: Caller, projectId: string, action: Action): Promise<Admission | undefined> {
    return admissionTo(manager, caller, projectId, action);
  }

  private async see(manager: EntityManager, caller: Caller, projectId: string, action: Action): Promise<Admission> {
    const admission = await this.admit(manager, caller, projectId, action);
    if (!admission || !isSeen(admission)) throw new AppError('not_found', 'Project not found');
    return admission;
  }
}

/** What `Access.admit` gives, for those who have no `Access` at hand. */
export async function admissionTo(
  manager: EntityManager,
  caller: Caller,
  projectId: string,
  action: Action,
): Promise<Admission | undefined> {
  return (await lookUp(manager, caller, { projectId, branchName: null, action })).admission;
}

/**
 * The project and, if one is named, a branch of it. Where others are waited for, what the caller is comes from a statement
 * of its own: one that began before the wait would still tell what they were then.
 */
async function lookUp(
  manager: EntityManager,
  caller: Caller,
  { projectId, branchName, action }: { projectId: string; branchName: string | null; action: Action },
): Promise<{ admission?: Admission; branch?: BranchEntity }> {
  const id = projectId.trim();
  if (!isUuid(id)) return {};
  const { lock, first } = lockFor(action);
  if (first) await manager.query(`select 1 from projects p where p.id = $1 ${lock}`, [id]);
  const [row] = await manager.query<(ProjectEntity & RelationRow)[]>(
    `select p.*, m.role as member_role, t.role as team_role,
       exists (select from branches b where b.project_id = p.id and b.creator_id = $2) as made_a_branch,
       case when $3::text is not null then
         (select row_to_json(b) from branches b where b.project_id = p.id and b.name = $3) end as branch
     from projects p left join members m on m.project_id = p.id and m.user_id = $2
     left join team_members t on t.team_id = p.team_id and t.user_id = $2
     where p.id = $1 ${first ? '' : lock}`,
    [id, caller.user_id, branchName],
  );
  if (!row) return {};
  const { member_role, team_role, made_a_branch, branch, ...project } = row;
  const relations = new Set<Relation>();
  const ownsIt = project.team_id === null && project.owner_id === caller.user_id;
  if (caller.user_id !== null && ownsIt) relations.add('owner');
  for (const role of [member_role, team_role]) if (role !== null) relations.add(role);
  if (project.is_public) relations.add(caller.user_id === null ? 'anonymous' : 'visitor');
  return {
    admission: admission(project, relations, made_a_branch),
    ...(branch && { branch: { ...branch, created_at: new Date(branch.created_at) } }),
  };
}

/** Whether the caller is anything to the project; else it is answered as one that is not there. */
const isSeen = ({ relations, madeABranch }: Admission): boolean => relations.size > 0 || madeABranch;

/** What a caller is to one branch: all that they are to the project, and its creator if they made this very branch. */
export function onBranch(
  admitted: Admission,
  { creator_id }: { creator_id: string | null },
  caller: Caller,
): Admission {
  const toProject = onProject(admitted);
  if (creator_id === null || creator_id !== caller.user_id) return toProject;
  return admission(toProject.project, new Set([...toProject.relations, 'creator']), toProject.madeABranch);
}

/** What a caller is to the project as a whole, whatever branch they were admitted to: having made that one opens no other. */
export function onProject(admitted: Admission): Admission {
  if (!admitted.relations.has('creator')) return admitted;
  const relations = new Set([...admitted.relations].filter((relation) => relation !== 'creator'));
  return admission(admitted.project, relations, admitted.madeABranch);
}

function admission(project: ProjectEntity, relations: ReadonlySet<Relation>, madeABranch: boolean): Admission {
  return { project, relations, madeABranch, allows: (action) => isAllowed(action, relations) };
}

/**
 * Everything locks in one order, so that nobody waits for each other: the project, then merge requests, then branches by id.
 * `first` is said of locks that may wait for acts on people.
 */
function lockFor(action: Action): { lock: string; first: boolean } {
  if (isRead(action)) return { lock: '', first: false };
  if (action === 'deleteProject') return { lock: 'for update of p', first: true };
  if (ALONE.has(action)) return { lock: 'for no key update of p', first: true };
  if (BESIDE_EACH_OTHER.has(action)) return { lock: 'for share of p', first: true };
  return { lock: 'for key share of p', first: false };
}

/** Acts on who is what to a project, and on what is counted, happen one by one. */
const ALONE: ReadonlySet<Action> = new Set<Action>([
  'leaveProject',
  'manageMembers',
  'manageMaintainers',
  'transferProject',
  'manageWebhooks',
]);

/** Acts that leave somebody a branch of theirs: not while it is being decided who they are. */
const BESIDE_EACH_OTHER: ReadonlySet<Action> = new Set<Action>(['createBranch', 'forkBranch']);
