import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import type { ExportPayload, Project } from '#libs/contracts/projects';
import { contentHash } from '#libs/timeline/canonical-json';
import { committable } from '#libs/timeline/document';
import { Access } from '../access/access.js';
import { signedIn } from '../accounts/accounts.js';
import { projectView } from '../projects/project-views.query.js';
import { insertProject } from '../projects/projects.js';
import { insertBranch } from '../versions/branches.js';
import { appendCommit, lockBranch } from '../versions/commits.js';
import { snapshotOf } from '../versions/objects.js';
import { visibleDocument, writeWorkspace } from '../versions/workspaces.js';

/** One branch's head as a payload, out of one installation and into another. */
@Injectable()
export class Transfer {
  constructor(
    private readonly database: DataSource,
    private readonly access: Access,
  ) {}

  async export(caller: Caller, projectId: string, branchName: string): Promise<ExportPayload> {
    const manager = this.database.manager;
    const { project, branch, allows } = await this.access.toBranch(
      manager,
      caller,
      projectId,
      branchName,
      'exportProject',
    );
    const head = branch.head_commit_id;
    const [commit] =
      head === null
        ? []
        : await manager.query<{ message: string }[]>('select message from commits where id = $1', [head]);
    return {
      source: { cloud_project_id: project.id, cloud_branch_name: branch.name, cloud_origin: null },
      project: { name: project.name, description: project.description, tags: project.tags },
      branch: {
        name: branch.name,
        description: branch.description,
        tags: branch.tags,
        workspace_data: await visibleDocument(manager, branch, allows('readWorkspace')),
      },
      head_commit: head === null ? null : { message: commit!.message, video_assets: await snapshotOf(manager, head) },
    };
  }

  /** A new private project from a payload: its branch becomes `main`, its head snapshot the first commit. */
  async import(caller: Caller, payload: ExportPayload): Promise<Project> {
    return this.database.transaction(async (manager) => {
      const { name, description, tags } = payload.project;
      const id = await insertProject(manager, {
        owner_id: signedIn(caller),
        name,
        description,
        tags,
        is_public: false,
      });
      const main = await insertBranch(manager, {
        project_id: id,
        name: 'main',
        head_commit_id: null,
        creator_id: caller.user_id,
        description: payload.branch.description,
        tags: payload.branch.tags,
        parent_branch_id: null,
      });
      const snapshot = payload.head_commit?.video_assets ?? null;
      if (snapshot !== null)
        await appendCommit(manager, await lockBranch(manager, main!.id), {
          author_id: caller.user_id,
          message: payload.head_commit?.message ?? `Imported from cloud ${payload.source.cloud_project_id}`,
          snapshot,
          parents: [],
        });
      const workspace = payload.branch.workspace_data ?? null;
      if (workspace !== null)
        await writeWorkspace(manager, main!.id, workspace, {
          saved_by: caller.user_id,
          uncommitted: snapshot === null || contentHash(committable(workspace)) !== contentHash(snapshot),
        });
      return projectView(manager, caller, id);
    });
  }
}
