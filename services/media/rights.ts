import { Injectable } from '@nestjs/common';
import type { Caller } from '#libs/contracts/caller';
import { admitToProject } from '#libs/contracts/projects-media';
import { AppError } from '#libs/errors/app-error';
import { Broker } from '#libs/messaging/broker';
import type { AssetEntity } from './media.entities.js';

type ProjectWish = 'readWorkspace' | 'readMedia' | 'addMedia' | 'manageMedia';

/** What of an asset says who may change it. */
type ManagedAsset = Pick<AssetEntity, 'owner_id' | 'project_id' | 'branch_name'>;

/** Who may do what with media: owners with what is theirs, and the people of a project as the projects service says. */
@Injectable()
export class Rights {
  constructor(private readonly broker: Broker) {}

  /** Passes who may do this in the project; one they cannot see is not found. Gives the project's id as it is written. */
  async inProject(caller: Caller, projectId: string, action: ProjectWish, branchName?: string | null): Promise<string> {
    const wish = { project_id: projectId, action, branch_name: branchName };
    const { allowed, project_id } = await this.broker.call(admitToProject, wish, caller);
    if (!allowed) throw new AppError('unauthorized', 'Not enough permissions');
    return project_id;
  }

  /** The project's id as it is written for those who may read its media, null for those who may only see the project. */
  async readingFrom(caller: Caller, projectId: string): Promise<string | null> {
    const wish = { project_id: projectId, action: 'readMedia' as const };
    const { allowed, project_id } = await this.broker.call(admitToProject, wish, caller);
    return allowed ? project_id : null;
  }

  /** Whether someone may look at an asset. */
  async mayRead(caller: Caller, asset: AssetEntity): Promise<boolean> {
    return asset.is_public || isOwn(asset, caller) || this.allows(caller, asset, 'readMedia');
  }

  /** Passes who may change an asset they can see. What was given to a project is its giver's for as long as they may give. */
  async requireManage(caller: Caller, asset: ManagedAsset): Promise<void> {
    if (!(await this.mayManage(caller, asset))) throw new AppError('unauthorized', 'Not enough permissions');
  }

  async mayManage(caller: Caller, asset: ManagedAsset): Promise<boolean> {
    if (isOwn(asset, caller) && (asset.project_id === null || (await this.allows(caller, asset, 'addMedia'))))
      return true;
    return this.allows(caller, asset, 'manageMedia');
  }

  private async allows(
    caller: Caller,
    { project_id, branch_name }: ManagedAsset,
    action: ProjectWish,
  ): Promise<boolean> {
    if (project_id === null) return false;
    try {
      return (await this.broker.call(admitToProject, { project_id, action, branch_name }, caller)).allowed;
    } catch (error) {
      if (error instanceof AppError && error.code === 'not_found') return false;
      throw error;
    }
  }
}

const isOwn = ({ owner_id }: ManagedAsset, { user_id }: Caller): boolean => user_id !== null && owner_id === user_id;

/** Who is signed in; the gateway lets nobody else come here. */
export function signedIn({ user_id }: Caller): string {
  if (user_id === null) throw new AppError('unauthorized', 'Not authenticated');
  return user_id;
}
