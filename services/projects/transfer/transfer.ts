import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf, OutputOf } from '#libs/contracts/contract';
import type { ExportPayload, exportTimeline, importTimeline, Project } from '#libs/contracts/projects';
import { contentHash } from '#libs/timeline/canonical-json';
import { committable } from '#libs/timeline/document';
import { toldLosses } from '#libs/timeline/interchange/losses/describe-losses';
import { Access } from '../access/access.js';
import { signedIn } from '../accounts/accounts.js';
import { audit } from '../audit/audit.js';
import { projectView } from '../projects/project-views.query.js';
import { insertProject } from '../projects/projects.js';
import { insertBranch } from '../versions/refs.js';
import { appendCommit, lockBranch } from '../versions/commits.js';
import { snapshotOf, type Document } from '../versions/objects.js';
import { writeWorkspace } from '../versions/kept-workspaces.js';
import { visibleDocument } from '../versions/workspaces.js';
import { fileName } from './timeline-file.js';
import { TimelineReader } from './timeline-reader.js';

/** One branch's head as a payload, out of one installation and into another; or as a film, from and for other editors. */
@Injectable()
export class Transfer {
  constructor(
    private readonly database: DataSource,
    private readonly access: Access,
    private readonly reader: TimelineReader,
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
    await this.note(caller, project.id, { branch_name: branch.name, head_commit_id: head, format: 'payload' });
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
    const { name, description, tags } = payload.project;
    const snapshot = payload.head_commit?.video_assets ?? null;
    const saved = payload.branch.workspace_data ?? null;
    return this.begin(caller, {
      project: { name, description, tags },
      branch: { description: payload.branch.description, tags: payload.branch.tags },
      // An export says nothing by {}: where nobody saved anything there is no work that a commit lacks.
      workspace: saved && snapshot && isNothing(saved) ? null : saved,
      commit: snapshot && {
        snapshot,
        message: payload.head_commit?.message ?? `Imported from cloud ${payload.source.cloud_project_id}`,
      },
    });
  }

  /** A film as another editor reads it, from what the caller may see of the branch; where nothing is saved, what is committed. */
  async exportTimeline(caller: Caller, wish: InputOf<typeof exportTimeline>): Promise<OutputOf<typeof exportTimeline>> {
    const manager = this.database.manager;
    const { project, branch, allows } = await this.access.toBranch(
      manager,
      caller,
      wish.project_id,
      wish.branch_name,
      'exportProject',
    );
    const { format } = wish;
    const { name: branch_name, head_commit_id } = branch;
    const saved = await visibleDocument(manager, branch, allows('readWorkspace'));
    const document = isNothing(saved) && head_commit_id !== null ? await snapshotOf(manager, head_commit_id) : saved;
    await this.note(caller, project.id, { branch_name, head_commit_id, format });
    const { content, losses } = await this.reader.write({ film: JSON.stringify(document), name: project.name, format });
    const filename = fileName(project.name, format);
    return { format, filename, head_commit_id, content, ...toldLosses(losses, wish.language) };
  }

  /** A new private project from another editor's file, committed as it came. */
  async importTimeline(caller: Caller, wish: InputOf<typeof importTimeline>): Promise<OutputOf<typeof importTimeline>> {
    const { content, format, rate } = wish;
    const { document, losses } = await this.reader.read({ content, format, rate });
    const project = await this.begin(caller, {
      project: { name: wish.name },
      branch: {},
      workspace: document,
      commit: { snapshot: document, message: `Imported from ${wish.format.toUpperCase()}` },
    });
    return { project, ...toldLosses(losses, wish.language) };
  }

  /** What went out, to whom. Of passers-by without an account there is nobody to name, and no end of them. */
  private async note(caller: Caller, project_id: string, subject: Record<string, unknown>): Promise<void> {
    if (caller.user_id === null) return;
    const { manager } = this.database;
    await audit(manager, { actor_id: caller.user_id, project_id, action: 'projects.exported', subject });
  }

  private begin(caller: Caller, { project, branch, workspace, commit }: Beginning): Promise<Project> {
    return this.database.transaction(async (manager) => {
      const id = await insertProject(manager, { ...project, owner_id: signedIn(caller), is_public: false });
      const main = await insertBranch(manager, {
        ...branch,
        project_id: id,
        name: 'main',
        head_commit_id: null,
        creator_id: caller.user_id,
        parent_branch_id: null,
      });
      if (commit)
        await appendCommit(manager, await lockBranch(manager, main!.id), {
          ...commit,
          author_id: caller.user_id,
          parents: [],
        });
      if (workspace)
        await writeWorkspace(
          manager,
          main!.id,
          { document: workspace },
          {
            saved_by: caller.user_id,
            uncommitted: !commit || contentHash(committable(workspace)) !== contentHash(commit.snapshot),
          },
        );
      return projectView(manager, caller, id);
    });
  }
}

const isNothing = (document: Document): boolean => Object.keys(document).length === 0;

/** What a project that comes from elsewhere begins with. */
interface Beginning {
  project: { name: string; description?: string | null; tags?: string[] | null };
  branch: { description?: string | null; tags?: string[] | null };
  workspace: Document | null;
  commit: { snapshot: Document; message: string } | null;
}
