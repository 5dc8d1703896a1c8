import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import type { MergeRequest } from '#libs/contracts/projects';
import { mergeRequestClosed, mergeRequestMerged, mergeRequestOpened } from '#libs/contracts/projects-events';
import { AppError } from '#libs/errors/app-error';
import { announce } from '../audit/announce.js';
import { Access, type Admission } from '../access/access.js';
import type { Action } from '../access/permissions.js';
import { clipCopyId } from '../domain/clip-copy-id.js';
import { isUuid } from '../domain/uuid.js';
import { checkpoint } from '../versions/checkpoint.js';
import { lockBranch, lockBranches } from '../versions/commits.js';
import { mergeBranches } from '../versions/merge-branches.js';
import { mergeRequestViews, type MergeRequestRow } from './merge-request-views.query.js';

interface MergeRequestDraft {
  project_id: string;
  source_branch_name: string;
  target_branch_name?: string | null;
  title?: string | null;
  description?: string | null;
  clip_ids?: string[] | null;
}

/** Merge requests: open, then merged or closed, once. */
@Injectable()
export class MergeRequests {
  constructor(
    private readonly database: DataSource,
    private readonly access: Access,
  ) {}

  /** Asks to merge one branch into another; what is saved on the source and not committed is committed with it. */
  async create(caller: Caller, draft: MergeRequestDraft): Promise<MergeRequest> {
    const source = draft.source_branch_name.trim();
    const target = draft.target_branch_name?.trim() || 'main';
    return this.database.transaction(async (manager) => {
      const { project } = await this.access.toHistory(manager, caller, draft.project_id);
      if (source === '') throw new AppError('invalid', 'branch_name is required');
      const ids = await this.branchIds(manager, project.id, source, target);
      if (ids.source === ids.target) throw new AppError('invalid', 'source and target branch must differ');
      await this.orSay('Not allowed to create merge request', () =>
        this.access.toBranch(manager, caller, project.id, source, 'createMergeRequest'),
      );
      await checkpoint(manager, await lockBranch(manager, ids.source), draft.title ?? `Work on ${source}`);
      const [row] = await manager.query<{ id: string }[]>(
        `insert into merge_requests (project_id, creator_id, source_branch_id, target_branch_id, title, description, clip_ids)
         values ($1, $2, $3, $4, $5, $6, $7) returning id`,
        [
          project.id,
          caller.user_id,
          ids.source,
          ids.target,
          draft.title ?? null,
          draft.description ?? null,
          draft.clip_ids ?? [],
        ],
      );
      const request = await this.view(manager, row!.id);
      const { title } = request;
      const about = onMergeRequest(request, caller);
      await announce(manager, mergeRequestOpened, { ...about, title, is_draft: false, is_reopened: false });
      return request;
    });
  }

  /** All of a project for its people and, when it is public, for everybody signed in; else one's own. Newest first. */
  async list(caller: Caller, projectId: string, skip: number, limit: number): Promise<MergeRequest[]> {
    const manager = this.database.manager;
    const { project, allows } = await this.access.toHistory(manager, caller, projectId);
    return mergeRequestViews(
      manager,
      'mr.project_id = $1 and ($2 or mr.creator_id = $3) order by mr.seq desc offset $4 limit $5',
      [project.id, allows('readMergeRequests'), caller.user_id, skip, limit],
    );
  }

  async get(caller: Caller, id: string): Promise<MergeRequest> {
    return (await this.find(this.database.manager, caller, id, 'readMergeRequests')).request;
  }

  async close(caller: Caller, id: string): Promise<MergeRequest> {
    return this.database.transaction(async (manager) => {
      const { request, admission } = await this.findOpen(manager, caller, id);
      if (!admission.allows('closeMergeRequest') && !isOwn(request, caller))
        throw new AppError('unauthorized', 'Not allowed to close merge request');
      await manager.query(`update merge_requests set status = 'closed' where id = $1`, [request.id]);
      await announce(manager, mergeRequestClosed, onMergeRequest(request, caller));
      return this.view(manager, request.id);
    });
  }

  /**
   * Merges the source into the target by a commit with both as parents, and marks the request, in one transaction; of
   * several at once one wins. A true conflict changes nothing and is listed in the error's details.
   */
  async merge(caller: Caller, id: string): Promise<MergeRequest> {
    return this.database.transaction(async (manager) => {
      const { request, admission } = await this.findOpen(manager, caller, id);
      if (!admission.allows('mergeMergeRequest')) throw new AppError('unauthorized', 'Only project owner can merge');
      const { source_branch_id, target_branch_id, project_id } = request;
      const [source, target] = await lockBranches(manager, [source_branch_id, target_branch_id]);
      const committed = await checkpoint(manager, target!, `Work on ${target!.name}`);
      const commit = await mergeBranches(manager, caller, { source: source!, target: committed });
      await manager.query(
        `update merge_requests set status = 'merged', merged_by = $2, merged_at = now(), merge_commit_id = $3, merged_clip_ids = '{}'
         where id = $1`,
        [request.id, caller.user_id, commit],
      );
      const clip_ids = request.clip_ids ?? [];
      await announce(manager, mergeRequestMerged, {
        ...onMergeRequest(request, caller),
        source_project_id: project_id,
        merge_commit_id: commit,
        clip_ids,
        merged_clips: clip_ids.map((from) => ({ from, to: clipCopyId(request.id, from) })),
      });
      return this.view(manager, request.id);
    });
  }

  /** The request, locked until the transaction ends, if it is still open: checked before the permission, as clients expect. */
  private async findOpen(manager: EntityManager, caller: Caller, id: string) {
    const { admission } = await this.find(manager, caller, id, 'closeMergeRequest');
    await manager.query('select 1 from merge_requests where id = $1 for update', [id]);
    const request = await this.view(manager, id);
    if (request.status !== 'open') throw new AppError('invalid', 'Merge request is not open');
    return { request, admission };
  }

  private async find(
    manager: EntityManager,
    caller: Caller,
    id: string,
    action: Action,
  ): Promise<{ request: MergeRequestRow; admission: Admission }> {
    const [request] = isUuid(id) ? await mergeRequestViews(manager, 'mr.id = $1', [id]) : [];
    const admission = request && (await this.access.admit(manager, caller, request.project_id, action));
    if (!request || !admission || !(admission.allows('readMergeRequests') || isOwn(request, caller)))
      throw new AppError('not_found', 'Merge request not found');
    return { request, admission };
  }

  private async branchIds(manager: EntityManager, projectId: string, source: string, target: string) {
    const rows = await manager.query<{ id: string; name: string }[]>(
      'select id, name from branches where project_id = $1 and name = any($2)',
      [projectId, [source, target]],
    );
    const idOf = (name: string) => rows.find((row) => row.name === name)?.id;
    const ids = { source: idOf(source), target: idOf(target) };
    if (ids.source === undefined || ids.target === undefined) throw new AppError('not_found', 'Branch not found');
    return { source: ids.source, target: ids.target };
  }

  private async view(manager: EntityManager, id: string): Promise<MergeRequestRow> {
    return (await mergeRequestViews(manager, 'mr.id = $1', [id]))[0]!;
  }

  private async orSay<T>(words: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (thrown) {
      const denied = thrown instanceof AppError && thrown.code === 'unauthorized';
      throw denied ? new AppError('unauthorized', words) : thrown;
    }
  }
}

/** How events name a merge request, and who did what they tell of. */
const onMergeRequest = (request: MergeRequestRow, { user_id }: Caller) => ({
  project_id: request.project_id,
  actor_id: user_id,
  merge_request_id: request.id,
  source_branch_id: request.source_branch_id,
  target_branch_id: request.target_branch_id,
});

const isOwn = ({ creator_id }: MergeRequestRow, { user_id }: Caller): boolean =>
  creator_id !== null && creator_id === user_id;
