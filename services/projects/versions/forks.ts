import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf, OutputOf } from '#libs/contracts/contract';
import type { Project } from '#libs/contracts/projects';
import type { listForks } from '#libs/contracts/projects-forks';
import { Access, onBranch, type Admission } from '../access/access.js';
import { signedIn } from '../accounts/accounts.js';
import { forkName } from '../domain/fork-name.js';
import { projectView } from '../projects/project-views.query.js';
import { insertProject } from '../projects/projects.js';
import { requireCommit, shareAncestry } from './history.query.js';
import { listForksOf } from './list-forks.query.js';
import { insertBranch } from './refs.js';
import type { BranchEntity } from './version.entities.js';
import { startLike, startWorkspace } from './workspaces.js';

/** Forks: a private project of one's own that shares the history of another by reference. */
@Injectable()
export class Forks {
  constructor(
    private readonly database: DataSource,
    private readonly access: Access,
  ) {}

  /** Takes all branches, their history and the anchors; or, with a commit, a `main` that ends there. */
  async fork(caller: Caller, projectId: string, commitHash: string | null): Promise<Project> {
    return this.database.transaction(async (manager) => {
      const admission = await this.access.toProject(manager, caller, projectId, 'fork');
      const { project } = admission;
      const from =
        commitHash === null ? null : await requireCommit(manager, project.id, commitHash, 'Source commit not found');
      const id = await insertProject(manager, {
        owner_id: signedIn(caller),
        name: forkName(project.name),
        description: `Forked from project ${project.id}`,
        tags: project.tags,
        is_public: false,
        parent_project_id: project.id,
      });
      if (from === null) await this.copyBranches(manager, caller, admission, id);
      else await this.startAt(manager, caller, from, id);
      await manager.query(
        `insert into anchors (project_id, name, reference_image_url)
         select $2, name, reference_image_url from anchors where project_id = $1 order by id`,
        [project.id, id],
      );
      return projectView(manager, caller, id);
    });
  }

  /** Those that the caller can see of a project whose history they can read. */
  async list(caller: Caller, wish: InputOf<typeof listForks>): Promise<OutputOf<typeof listForks>> {
    const manager = this.database.manager;
    const { project } = await this.access.toProject(manager, caller, wish.project_id, 'readHistory');
    return listForksOf(manager, caller, project.id, wish);
  }

  /** The heads are read once and their history follows from them, whatever is committed to the source meanwhile. */
  private async copyBranches(
    manager: EntityManager,
    caller: Caller,
    source: Admission,
    toProject: string,
  ): Promise<void> {
    const originals = await manager.query<BranchEntity[]>('select * from branches where project_id = $1 order by seq', [
      source.project.id,
    ]);
    await shareAncestry(
      manager,
      originals.map(({ head_commit_id }) => head_commit_id),
      toProject,
    );
    const copies = new Map<string | null, string>();
    for (const original of originals) {
      const { name, head_commit_id, description, tags, parent_branch_id } = original;
      const copy = await insertBranch(manager, {
        project_id: toProject,
        name,
        head_commit_id,
        description,
        tags,
        creator_id: caller.user_id,
        parent_branch_id: copies.get(parent_branch_id) ?? null,
      });
      copies.set(original.id, copy!.id);
      const maySeeWorkspace = onBranch(source, original, caller).allows('readWorkspace');
      await startLike(manager, copy!.id, original, { saved_by: caller.user_id, maySeeWorkspace });
    }
  }

  private async startAt(manager: EntityManager, caller: Caller, commit: string, toProject: string): Promise<void> {
    await shareAncestry(manager, [commit], toProject);
    const main = await insertBranch(manager, {
      project_id: toProject,
      name: 'main',
      head_commit_id: commit,
      creator_id: caller.user_id,
      parent_branch_id: null,
    });
    await startWorkspace(manager, main!.id, commit, caller.user_id);
  }
}
