import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf } from '#libs/contracts/contract';
import type { createMergeRequest, listMergeRequests, MergeRequest } from '#libs/contracts/projects';
import { mergeRequestOpened, mergeRequestUpdated } from '#libs/contracts/projects-events';
import type { updateMergeRequest } from '#libs/contracts/projects-reviews';
import { listClips } from '#libs/contracts/tasks-clips';
import { AppError } from '#libs/errors/app-error';
import { Broker } from '#libs/messaging/broker';
import { Access, onBranch, type Admission } from '../access/access.js';
import { announce } from '../audit/announce.js';
import { isUuid } from '../domain/uuid.js';
import { checkpoint } from '../versions/checkpoint.js';
import { graphReaching } from '../versions/commit-graphs.js';
import { lockBranch } from '../versions/commits.js';
import type { BranchEntity } from '../versions/version.entities.js';
import { closeRequest } from './close-request.js';
import { mayOffer } from './lost-offers.js';
import { offersFromElsewhere } from './merge-state.js';
import { mergeRequestViews, type MergeRequestRow } from './merge-request-views.query.js';
import { noteHead } from './offered-heads.js';
import { auditOfRequest, isOwn, onMergeRequest, RequestFinder } from './request-finder.js';

type Draft = InputOf<typeof createMergeRequest>;

/** The life of merge requests: draft or open, closed and opened again, until they are merged. */
@Injectable()
export class MergeRequests {
  constructor(
    private readonly database: DataSource,
    private readonly access: Access,
    private readonly finder: RequestFinder,
    private readonly broker: Broker,
  ) {}

  /**
   * Asks to merge one branch into another, of the same project or of the one it was forked from; what is saved on the
   * source and not committed is committed with it.
   */
  async create(caller: Caller, draft: Draft): Promise<MergeRequest> {
    const clip_ids = draft.clip_ids?.length ? draft.clip_ids : await this.clipsOn(caller, draft);
    return this.database.transaction(async (manager) => {
      const admission = await this.access.toHistory(manager, caller, draft.project_id);
      const { project } = admission;
      if (draft.source_branch_name.trim() === '') throw new AppError('invalid', 'branch_name is required');
      const { source, target } = await this.branchesOf(manager, caller, draft, admission);
      const locked = await lockBranch(manager, source.id);
      const { head_commit_id } = await checkpoint(manager, locked, draft.title ?? `Work on ${source.name}`);
      if (source.project_id !== target.project_id) await requireSharedHistory(manager, head_commit_id, target);
      const [row] = await manager.query<{ id: string }[]>(
        `insert into merge_requests (project_id, creator_id, source_project_id, source_branch_id, source_branch_name,
           target_branch_id, target_branch_name, title, description, clip_ids, is_draft)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning id`,
        [
          project.id,
          caller.user_id,
          source.project_id,
          source.id,
          source.name,
          target.id,
          target.name,
          draft.title ?? null,
          draft.description ?? null,
          clip_ids,
          draft.is_draft ?? false,
        ],
      );
      const request = await this.finder.view(manager, row!.id);
      if (head_commit_id !== null) await noteHead(manager, request, head_commit_id, caller.user_id);
      if (draft.reviewer_ids) await this.ask(manager, caller, request, draft.reviewer_ids);
      const { title, is_draft } = request;
      const about = onMergeRequest(request, caller);
      await announce(manager, mergeRequestOpened, { ...about, title, is_draft, is_reopened: false });
      return this.finder.view(manager, request.id);
    });
  }

  /** All of a project for its people and, when it is public, for everybody signed in; else one's own into one's own branches. Newest first. */
  async list(caller: Caller, wish: InputOf<typeof listMergeRequests>): Promise<MergeRequest[]> {
    const manager = this.database.manager;
    if (wish.direction === 'outgoing') return this.outgoing(caller, wish);
    const { project, allows } = await this.access.toHistory(manager, caller, wish.project_id);
    return mergeRequestViews(
      manager,
      `mr.project_id = $1 and ($2 or (mr.creator_id = $3 and t.creator_id = $3)) and ($4::text is null or mr.status = $4)
       order by mr.seq desc offset $5 limit $6`,
      [project.id, allows('readMergeRequests'), caller.user_id, wish.status ?? null, wish.skip, wish.limit],
    );
  }

  /** By which requests the branches of a project go to other projects: for its people, wherever that is. */
  private async outgoing(caller: Caller, wish: InputOf<typeof listMergeRequests>): Promise<MergeRequest[]> {
    const manager = this.database.manager;
    const { project } = await this.access.toProject(manager, caller, wish.project_id, 'readProject');
    return mergeRequestViews(
      manager,
      `mr.source_project_id = $1 and mr.project_id <> $1 and ($2::text is null or mr.status = $2)
       order by mr.seq desc offset $3 limit $4`,
      [project.id, wish.status ?? null, wish.skip, wish.limit],
    );
  }

  async get(caller: Caller, id: string): Promise<MergeRequest> {
    return (await this.finder.find(this.database.manager, caller, id, 'readMergeRequests')).request;
  }

  /** Changes what is given: words, draft or ready, and whom to ask for a review. */
  async update(caller: Caller, wish: InputOf<typeof updateMergeRequest>): Promise<MergeRequest> {
    return this.database.transaction(async (manager) => {
      const found = await this.finder.lockOpen(manager, caller, wish.merge_request_id, 'closeMergeRequest');
      this.requireKeeper(caller, found, 'Not allowed to change merge request');
      const { request } = found;
      await manager.query(
        `update merge_requests set title = coalesce($2, title), description = coalesce($3, description),
           is_draft = coalesce($4, is_draft), updated_at = now() where id = $1`,
        [request.id, wish.title ?? null, wish.description ?? null, wish.is_draft ?? null],
      );
      if (wish.reviewer_ids) await this.ask(manager, caller, request, wish.reviewer_ids);
      const changed = wish.is_draft != null && wish.is_draft !== request.is_draft;
      const what = changed ? (wish.is_draft ? 'draft' : 'ready') : wish.reviewer_ids ? 'reviewers' : 'described';
      await announce(manager, mergeRequestUpdated, { ...onMergeRequest(request, caller), what });
      return this.finder.view(manager, request.id);
    });
  }

  async close(caller: Caller, id: string): Promise<MergeRequest> {
    return this.database.transaction(async (manager) => {
      const found = await this.finder.lockOpen(manager, caller, id, 'closeMergeRequest');
      this.requireKeeper(caller, found, 'Not allowed to close merge request');
      await closeRequest(manager, caller, found.request);
      return this.finder.view(manager, found.request.id);
    });
  }

  /** Opens a closed request again, with whatever its branch has by now. */
  async reopen(caller: Caller, id: string): Promise<MergeRequest> {
    return this.database.transaction(async (manager) => {
      const found = await this.finder.lock(manager, caller, id, 'closeMergeRequest');
      const { request } = found;
      if (request.status !== 'closed') throw new AppError('invalid', 'Merge request is not closed');
      this.requireKeeper(caller, found, 'Not allowed to reopen merge request');
      const isOffering = request.source_branch_id !== null || offersFromElsewhere(request, request.head_commit_id);
      if (!isOffering || request.target_branch_id === null)
        throw new AppError('invalid', 'A branch of this request is gone. Make a new request from another branch.');
      const head = await this.headToOffer(manager, request);
      await manager.query(
        `update merge_requests set status = 'open', closed_by = null, closed_at = null, updated_at = now() where id = $1`,
        [id],
      );
      if (head !== null && head !== request.head_commit_id) await noteHead(manager, request, head, caller.user_id);
      const { title, is_draft } = request;
      const about = onMergeRequest(request, caller);
      await announce(manager, mergeRequestOpened, { ...about, title, is_draft, is_reopened: true });
      await auditOfRequest(manager, caller, request, 'projects.mergeRequestReopened');
      return this.finder.view(manager, id);
    });
  }

  /** What the branch of a request has by now, if whoever made that may still offer it; what was offered last where it is not here. */
  private async headToOffer(manager: EntityManager, request: MergeRequestRow): Promise<string | null> {
    if (request.source_branch_id === null) return request.head_commit_id;
    const source = await lockBranch(manager, request.source_branch_id);
    if (await mayOffer(manager, request)) return source.head_commit_id;
    throw new AppError(
      'unauthorized',
      `Whoever made this request may not offer ${source.name} any more. Somebody who may can make a new one.`,
    );
  }

  /** The newest clips of the branch, which go along when no others are named; a request is made without them while they cannot be asked for. */
  private async clipsOn(caller: Caller, draft: Draft): Promise<string[]> {
    try {
      const project_id = draft.source_project_id ?? draft.project_id;
      const branch_name = draft.source_branch_name.trim();
      const clips = await this.broker.call(listClips, { project_id, branch_name, limit: 200 }, caller);
      return clips.map(({ id }) => id);
    } catch (thrown) {
      if (AppError.from(thrown).code === 'internal') throw thrown;
      return [];
    }
  }

  private requireKeeper(
    caller: Caller,
    { request, admission }: Awaited<ReturnType<RequestFinder['find']>>,
    words: string,
  ) {
    if (!admission.allows('closeMergeRequest') && !isOwn(request, caller)) throw new AppError('unauthorized', words);
  }

  /** The source, which the caller must be allowed to offer, and the target, whose history they must be allowed to read. */
  private async branchesOf(manager: EntityManager, caller: Caller, draft: Draft, admission: Admission) {
    const projectId = admission.project.id;
    const target = draft.target_branch_name?.trim() || 'main';
    const from = draft.source_project_id?.trim() || projectId;
    const names = [draft.source_branch_name.trim(), target] as const;
    if (from !== projectId) await this.access.toProject(manager, caller, projectId, 'offerMergeRequest');
    const branches = {
      source: await named(manager, from, names[0]),
      target: await named(manager, projectId, names[1]),
    };
    const seesTarget = branches.target && onBranch(admission, branches.target, caller).allows('readHistory');
    if (!branches.target || !seesTarget || (!branches.source && from === projectId))
      throw new AppError('not_found', 'Branch not found');
    if (branches.source?.id === branches.target.id)
      throw new AppError('invalid', 'source and target branch must differ');
    const seen = await this.access.lookForBranch(manager, caller, from, names[0], 'createMergeRequest');
    if (seen.found === 'nothing') throw new AppError('not_found', 'Project not found');
    if (!seen.admission.allows('createMergeRequest'))
      throw new AppError('unauthorized', 'Not allowed to create merge request');
    if (seen.found === 'project') throw new AppError('not_found', 'Branch not found');
    return { source: seen.admission.branch, target: branches.target };
  }

  /** Asks these people for a review, and nobody else; they must be able to see the request. */
  private async ask(manager: EntityManager, caller: Caller, request: MergeRequestRow, ids: readonly string[]) {
    const people = [...new Set(ids)].filter((id) => id !== request.creator_id);
    for (const user_id of people) {
      const person: Caller = { user_id, role: 'user', session_id: null };
      const admission = (await isUser(manager, user_id))
        ? await this.access.admit(manager, person, request.project_id, 'readMergeRequests')
        : undefined;
      if (!admission?.allows('readMergeRequests'))
        throw new AppError(
          'invalid',
          `${user_id} cannot see this project, and so cannot review it. Invite them first.`,
        );
    }
    await manager.query('delete from merge_request_reviewers where merge_request_id = $1 and user_id <> all($2)', [
      request.id,
      people,
    ]);
    await manager.query(
      `insert into merge_request_reviewers (merge_request_id, user_id, asked_by)
       select $1, id, $3 from unnest($2::uuid[]) as t (id) on conflict do nothing`,
      [request.id, people, caller.user_id],
    );
  }
}

async function isUser(manager: EntityManager, id: string): Promise<boolean> {
  const found = isUuid(id) ? await manager.query<unknown[]>('select 1 from users where id = $1', [id]) : [];
  return found.length > 0;
}

async function named(manager: EntityManager, projectId: string, name: string): Promise<BranchEntity | undefined> {
  const rows = isUuid(projectId)
    ? await manager.query<BranchEntity[]>('select * from branches where project_id = $1 and name = $2', [
        projectId,
        name,
      ])
    : [];
  return rows[0];
}

/** Films that never had anything in common are not merged: everything in them would be a conflict. */
async function requireSharedHistory(manager: EntityManager, head: string | null, target: BranchEntity): Promise<void> {
  if (head === null || target.head_commit_id === null) return;
  const graph = await graphReaching(manager, target.project_id, [head, target.head_commit_id]);
  if (graph.mergeBases(target.head_commit_id, head).length > 0) return;
  throw new AppError(
    'invalid',
    `What is offered shares no history with ${target.name}: there is nothing to merge over.`,
  );
}
