import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf, OutputOf } from '#libs/contracts/contract';
import type { LinkName } from '#libs/contracts/media-carrying';
import type { admitToProject, mediaNamed } from '#libs/contracts/projects-media';
import { AppError } from '#libs/errors/app-error';
import { linksNamedIn } from '#libs/media/asset-link';
import type { Node, ReadNodes, Slot } from '#libs/timeline/objects/node';
import { remembered } from '#libs/timeline/objects/parsed-nodes';
import { loadNodes } from '#libs/timeline/objects/read-documents';
import { Access } from '../access/access.js';
import { isAllowed } from '../access/permissions.js';
import { isUuid } from '../domain/uuid.js';
import { readNodes } from '../objects/object-store.js';

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

  /** What the heads of a project, or one commit, name: nodes that several of them share are looked at once. */
  async named(projectId: string, commitId: string | null): Promise<OutputOf<typeof mediaNamed>> {
    const [project] = isUuid(projectId)
      ? await this.database.query<{ parent_project_id: string | null; is_public: boolean; created_at: Date }[]>(
          'select parent_project_id, is_public, created_at from projects where id = $1',
          [projectId],
        )
      : [];
    if (!project) throw new AppError('not_found', 'Project not found');
    const commits = await this.database.query<{ tree: string }[]>(
      commitId === null
        ? `select distinct encode(o.sha256, 'hex') as tree from branches b join commits c on c.id = b.head_commit_id
           join objects o on o.seq = c.tree_seq where b.project_id = $1`
        : `select encode(o.sha256, 'hex') as tree from commits c join project_commits pc on pc.commit_seq = c.seq
           join objects o on o.seq = c.tree_seq where pc.project_id = $1 and c.id = $2`,
      commitId === null ? [projectId] : [projectId, commitId],
    );
    const links = new Map<string, LinkName>();
    const look = (hash: string, text: string): Node => {
      for (const link of linksNamedIn(text)) links.set(`${link.asset_id}/${link.key}`, link);
      return remembered(hash, text);
    };
    const read: ReadNodes = (hashes) => readNodes(this.database.manager, hashes);
    const trees = commits.map(({ tree }): Slot => [0, tree]);
    await loadNodes(read, trees, look);
    const named = [...links.values()];
    return { ...project, asset_ids: [...new Set(named.map(({ asset_id }) => asset_id))], links: named };
  }

  /** Those that a saved document names; what a workspace has of a commit that it follows is committed. */
  async saved(assetIds: string[]): Promise<string[]> {
    const rows = await this.database.query<{ asset_id: string }[]>(
      `select asset_id from unnest($1::text[]) as asked (asset_id)
       where exists (select from workspaces where asset_ids <> '{}' and asset_ids @> array[asked.asset_id])`,
      [assetIds.filter(isUuid)],
    );
    return rows.map(({ asset_id }) => asset_id);
  }
}
