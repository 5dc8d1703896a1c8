import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf, OutputOf } from '#libs/contracts/contract';
import type { LinkName } from '#libs/contracts/media-carrying';
import type { admitToProject, mediaNamed } from '#libs/contracts/projects-media';
import { AppError } from '#libs/errors/app-error';
import { linksNamedIn } from '#libs/media/asset-link';
import { Access } from '../access/access.js';
import { isAllowed } from '../access/permissions.js';
import { isUuid } from '../domain/uuid.js';
import { snapshotOf } from '../versions/objects.js';

/** What other services may know of projects: who may do what there, and which media its documents name. */
@Injectable()
export class NamedMedia {
  constructor(
    private readonly database: DataSource,
    private readonly access: Access,
  ) {}

  async admit(
    caller: Caller,
    { project_id, branch_name, action }: InputOf<typeof admitToProject>,
  ): Promise<OutputOf<typeof admitToProject>> {
    const { project, relations, madeABranch } = await this.access.toHistory(this.database.manager, caller, project_id);
    const known = { project_id: project.id, owner_id: project.owner_id, is_public: project.is_public };
    if (branch_name == null) {
      const allowed = isAllowed(action, madeABranch ? new Set([...relations, 'creator']) : relations);
      return { ...known, branch_id: null, head_commit_id: null, allowed };
    }
    const seen = await this.access.lookForBranch(this.database.manager, caller, project.id, branch_name, action);
    if (seen.found !== 'branch') throw new AppError('not_found', 'Branch not found');
    const { branch, allows } = seen.admission;
    return { ...known, branch_id: branch.id, head_commit_id: branch.head_commit_id, allowed: allows(action) };
  }

  async named(projectId: string, commitId: string | null): Promise<OutputOf<typeof mediaNamed>> {
    const [project] = isUuid(projectId)
      ? await this.database.query<{ parent_project_id: string | null; is_public: boolean; created_at: Date }[]>(
          'select parent_project_id, is_public, created_at from projects where id = $1',
          [projectId],
        )
      : [];
    if (!project) throw new AppError('not_found', 'Project not found');
    const commits = await this.database.query<{ commit_id: string }[]>(
      commitId === null
        ? `select distinct head_commit_id as commit_id from branches where project_id = $1 and head_commit_id is not null`
        : `select c.id as commit_id from commits c join project_commits pc on pc.commit_seq = c.seq
           where pc.project_id = $1 and c.id = $2`,
      commitId === null ? [projectId] : [projectId, commitId],
    );
    const links = new Map<string, LinkName>();
    for (const { commit_id } of commits) {
      const snapshot = await snapshotOf(this.database.manager, commit_id);
      for (const link of linksNamedIn(JSON.stringify(snapshot))) links.set(`${link.asset_id}/${link.key}`, link);
    }
    const named = [...links.values()];
    return { ...project, asset_ids: [...new Set(named.map(({ asset_id }) => asset_id))], links: named };
  }

  /** Those that a saved document names; what a workspace has of a commit that it follows is committed. */
  async saved(assetIds: string[]): Promise<string[]> {
    const rows = await this.database.query<{ asset_id: string }[]>(
      `select asset_id from unnest($1::text[]) as asked (asset_id)
       where exists (select from workspaces where coalesce(document, noise)::text like '%/media/' || asset_id || '/%')`,
      [assetIds.filter(isUuid)],
    );
    return rows.map(({ asset_id }) => asset_id);
  }
}
