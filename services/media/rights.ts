import { Injectable } from '@nestjs/common';
import type { Caller } from '#libs/contracts/caller';
import { admitToProject } from '#libs/contracts/projects-media';
import { AppError } from '#libs/errors/app-error';
import { Broker } from '#libs/messaging/broker';
import type { AssetEntity } from './media.entities.js';

type ProjectWish = 'readMedia' | 'addMedia' | 'manageMedia';

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

  /** Whether someone may look at an asset. */
  async mayRead(caller: Caller, asset: AssetEntity): Promise<boolean> {
    return asset.is_public || isOwn(asset, caller) || this.allows(caller, asset, 'readMedia');
  }

  /** Passes who may change an asset they can see. */
  async requireManage(caller: Caller, asset: AssetEntity): Promise<void> {
    if (!isOwn(asset, caller) && !(await this.allows(caller, asset, 'manageMedia')))
      throw new AppError('unauthorized', 'Not enough permissions');
  }

  private async allows(caller: Caller, { project_id }: AssetEntity, action: ProjectWish): Promise<boolean> {
    if (project_id === null) return false;
    try {
      return (await this.broker.call(admitToProject, { project_id, action }, caller)).allowed;
    } catch (error) {
      if (error instanceof AppError && error.code === 'not_found') return false;
      throw error;
    }
  }
}

const isOwn = ({ owner_id }: AssetEntity, { user_id }: Caller): boolean => user_id !== null && owner_id === user_id;

/** Who is signed in; the gateway lets nobody else come here. */
export function signedIn({ user_id }: Caller): string {
  if (user_id === null) throw new AppError('unauthorized', 'Not authenticated');
  return user_id;
}
