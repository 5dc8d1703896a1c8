import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf } from '#libs/contracts/contract';
import type { Branch, getGraph, Graph, Head } from '#libs/contracts/projects';
import { AppError } from '#libs/errors/app-error';
import { Access, onBranch, type Admission } from '../access/access.js';
import { authorsOf, branchFigures, type BranchFigures } from '../domain/branch-figures.js';
import { cut } from '../domain/cut.js';
import { firstFree, slug } from '../domain/fork-branch-name.js';
import { pageOf } from '../domain/page-of.js';
import { isUuid } from '../domain/uuid.js';
import { authorNames, commitsById, requireCommit } from './history.query.js';
import { snapshotOf } from './objects.js';
import { insertBranch, type NewBranch } from './refs.js';
import type { BranchEntity } from './version.entities.js';
import { visibleHistory } from './visible-history.js';
import { startLike, startWorkspace } from './workspaces.js';

interface BranchDraft {
  project_id: string;
  name: string;
  from_commit_hash?: string | null;
  description?: string | null;
  tags?: string[] | null;
  parent_branch_id?: string | null;
}

interface ForkBranchDraft {
  project_id: string;
  source_branch_name: string;
  from_commit_hash?: string | null;
  name?: string | null;
  description?: string | null;
  tags?: string[] | null;
}

/** Branches: movable names on commits, each with its workspace. */
@Injectable()
export class Branches {
  constructor(
    private readonly database: DataSource,
    private readonly access: Access,
  ) {}

  /** All branches with what they amount to; the figures come from one pass over the project's history. */
  async list(caller: Caller, projectId: string): Promise<(Branch & BranchFigures)[]> {
    return this.database.transaction('REPEATABLE READ', async (manager) => {
      const admission = await this.access.toHistory(manager, caller, projectId);
      return (await this.withFigures(manager, caller, admission)).branches;
    });
  }

  /**
   * Branches and the commits that lead to them: all, the oldest first; or, with a `limit`, so many at a time, the newest
   * first, `after` being the last one of the page before.
   */
  async graph(caller: Caller, { project_id, limit, after }: InputOf<typeof getGraph>): Promise<Graph> {
    return this.database.transaction('REPEATABLE READ', async (manager) => {
      const admission = await this.access.toHistory(manager, caller, project_id);
      const { branches, heads, graph } = await this.withFigures(manager, caller, admission);
      const { ids, next } = pageOf(graph.newestFirst(heads), { limit: limit ?? Infinity, after });
      const commits = (await commitsById(manager, ids)).map((commit) => ({
        ...commit,
        parent_hash: commit.parents[0] ?? null,
      }));
      if (limit === undefined) commits.reverse().sort((a, b) => a.created_at.getTime() - b.created_at.getTime());
      return { branches, commits, next };
    });
  }

  async head(caller: Caller, projectId: string, branchName: string): Promise<Head> {
    const manager = this.database.manager;
    const { branch } = await this.access.toBranch(manager, caller, projectId, branchName, 'readHistory');
    if (branch.head_commit_id === null) return { video_assets: {}, head_commit: null };
    const [commit] = await manager.query<
      { id: string; message: string; author_id: string | null; created_at: Date; parent_hash: string | null }[]
    >(
      `select c.id, c.message, c.author_id, c.created_at, p.id as parent_hash
       from commits c left join commits p on p.seq = c.parent_seq where c.id = $1`,
      [branch.head_commit_id],
    );
    const video_assets = await snapshotOf(manager, branch.head_commit_id);
    const { id, message } = commit!;
    return { commit_id: id, message, video_assets, head_commit: { ...commit!, hash: id } };
  }

  /** Makes a branch; every name and hash is checked before anything is written. Without a hash it has no head. */
  async create(caller: Caller, draft: BranchDraft): Promise<Branch> {
    return this.database.transaction(async (manager) => {
      const { project } = await this.access.toProject(manager, caller, draft.project_id, 'createBranch');
      if (draft.name !== draft.name.trim())
        throw new AppError('invalid', 'The name of a branch neither begins nor ends with a space.');
      if (await this.named(manager, project.id, draft.name)) throw new AppError('invalid', 'Branch already exists');
      const head = await this.commitOf(manager, project.id, draft.from_commit_hash);
      const parent = draft.parent_branch_id ?? null;
      if (parent !== null) await this.requireBranch(manager, project.id, parent);
      const branch = await insertBranch(manager, {
        ...draft,
        project_id: project.id,
        head_commit_id: head,
        creator_id: caller.user_id,
        parent_branch_id: parent,
      });
      if (!branch) throw new AppError('invalid', 'Branch already exists');
      await startWorkspace(manager, branch.id, head, caller.user_id);
      return branch;
    });
  }

  /** A branch of one's own on somebody's project: head and workspace are those of the source, as far as the caller sees them. */
  async fork(caller: Caller, draft: ForkBranchDraft): Promise<Branch> {
    return this.database.transaction(async (manager) => {
      const admission = await this.access.toProject(manager, caller, draft.project_id, 'forkBranch');
      const { project } = admission;
      const source = await this.named(manager, project.id, draft.source_branch_name);
      if (!source) throw new AppError('not_found', 'Source branch not found');
      const given = await this.commitOf(manager, project.id, draft.from_commit_hash);
      const branch = await this.insertUnderFreeName(manager, {
        name: draft.name?.trim() || `fork/${await this.slugOf(manager, caller)}`,
        project_id: project.id,
        head_commit_id: given ?? source.head_commit_id,
        creator_id: caller.user_id,
        description: draft.description,
        tags: draft.tags,
        parent_branch_id: source.id,
      });
      const saved_by = caller.user_id;
      const maySeeWorkspace = onBranch(admission, source, caller).allows('readWorkspace');
      if (given === null) await startLike(manager, branch.id, source, { saved_by, maySeeWorkspace });
      else await startWorkspace(manager, branch.id, given, saved_by);
      return branch;
    });
  }

  private async withFigures(manager: EntityManager, caller: Caller, admission: Admission) {
    const { branches, heads, graph } = await visibleHistory(manager, caller, admission);
    const names = await authorNames(manager, authorsOf(graph, heads));
    const figures = branchFigures(
      graph,
      names,
      branches.map(({ head_commit_id }) => head_commit_id),
    );
    return { branches: branches.map((branch, place) => ({ ...branch, ...figures[place]! })), heads, graph };
  }

  private async commitOf(
    manager: EntityManager,
    projectId: string,
    hash: string | null | undefined,
  ): Promise<string | null> {
    return hash == null || hash.trim() === ''
      ? null
      : requireCommit(manager, projectId, hash, 'Source commit not found');
  }

  private async requireBranch(manager: EntityManager, projectId: string, branchId: string): Promise<void> {
    const found = isUuid(branchId)
      ? await manager.query<unknown[]>('select 1 from branches where id = $1 and project_id = $2', [
          branchId,
          projectId,
        ])
      : [];
    if (found.length === 0) throw new AppError('not_found', 'Parent branch not found');
  }

  private async named(manager: EntityManager, projectId: string, name: string): Promise<BranchEntity | undefined> {
    const rows = await manager.query<BranchEntity[]>('select * from branches where project_id = $1 and name = $2', [
      projectId,
      name,
    ]);
    return rows[0];
  }

  /** What a branch is named after its maker: never their address, which a branch name would tell everybody. */
  private async slugOf(manager: EntityManager, caller: Caller): Promise<string> {
    const [user] = await manager.query<{ full_name: string | null }[]>('select full_name from users where id = $1', [
      caller.user_id,
    ]);
    return slug(user!.full_name ?? '');
  }

  /** The unique key decides races: who comes second takes the next free name. */
  private async insertUnderFreeName(manager: EntityManager, draft: NewBranch): Promise<BranchEntity> {
    for (;;) {
      const rows = await manager.query<{ name: string }[]>(
        'select name from branches where project_id = $1 and starts_with(name, $2)',
        [draft.project_id, cut(draft.name, 200)],
      );
      const name = firstFree(draft.name, new Set(rows.map((row) => row.name)));
      const branch = await insertBranch(manager, { ...draft, name });
      if (branch) return branch;
    }
  }
}
