import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf, OutputOf } from '#libs/contracts/contract';
import { mergeRequestReviewed } from '#libs/contracts/projects-events';
import type { dismissReview, listReviews, reviewMergeRequest } from '#libs/contracts/projects-reviews';
import { AppError } from '#libs/errors/app-error';
import { announce } from '../audit/announce.js';
import { lockBranches } from '../versions/commits.js';
import type { MergeRequestRow } from './merge-request-views.query.js';
import { MergeStates } from './merge-state.js';
import { auditOfRequest, isOwn, onMergeRequest, RequestFinder } from './request-finder.js';

type State = OutputOf<typeof listReviews>;

/** What people think of a request: approved, or changes wanted, of the very commit that was offered. */
@Injectable()
export class Reviews {
  constructor(
    private readonly database: DataSource,
    private readonly finder: RequestFinder,
    private readonly states: MergeStates,
  ) {}

  async list(caller: Caller, id: string): Promise<State> {
    const manager = this.database.manager;
    const { request } = await this.finder.find(manager, caller, id, 'readMergeRequests');
    return this.stateOf(manager, request);
  }

  /** Adds a review, bound to what is offered at this moment: nobody pushes while it is written. */
  async review(caller: Caller, wish: InputOf<typeof reviewMergeRequest>): Promise<State> {
    return this.database.transaction(async (manager) => {
      const { request, admission } = await this.finder.lockOpen(
        manager,
        caller,
        wish.merge_request_id,
        'commentMergeRequest',
      );
      if (!admission.allows('commentMergeRequest') && !isOwn(request, caller))
        throw new AppError('unauthorized', 'Not allowed to review this merge request');
      if (wish.verdict !== 'commented' && isOwn(request, caller))
        throw new AppError('invalid', 'Nobody reviews a request of their own. Ask somebody else.');
      const branches = [request.source_branch_id, request.target_branch_id].filter((id) => id !== null);
      await lockBranches(manager, branches);
      const now = await this.finder.view(manager, request.id);
      if (wish.head_commit_id != null && wish.head_commit_id !== now.head_commit_id)
        throw new AppError('conflict', 'Something else is offered by now. Look at it before you review it.', {
          head_commit_id: now.head_commit_id,
        });
      const { resolutions_hash, result_tree } = await this.states.of(manager, now);
      const [review] = await manager.query<{ id: string }[]>(
        `insert into merge_request_reviews
           (merge_request_id, user_id, verdict, body, head_commit_id, resolutions_hash, result_tree)
         values ($1, $2, $3, $4, $5, $6, $7) returning id`,
        [
          request.id,
          caller.user_id,
          wish.verdict,
          wish.body ?? null,
          now.head_commit_id,
          resolutions_hash,
          result_tree,
        ],
      );
      await announce(manager, mergeRequestReviewed, {
        ...onMergeRequest(request, caller),
        review_id: review!.id,
        verdict: wish.verdict,
        head_commit_id: now.head_commit_id,
      });
      return this.stateOf(manager, now);
    });
  }

  /** Takes the weight from a review, for a reason that everybody can read; it stays to be seen. */
  async dismiss(caller: Caller, wish: InputOf<typeof dismissReview>): Promise<State> {
    return this.database.transaction(async (manager) => {
      const { request, admission } = await this.finder.lock(
        manager,
        caller,
        wish.merge_request_id,
        'mergeMergeRequest',
      );
      if (!admission.allows('mergeMergeRequest'))
        throw new AppError('unauthorized', 'Reviews are dismissed by those who may merge.');
      const [, dismissed] = await manager.query<[unknown[], number]>(
        `update merge_request_reviews set dismissed_by = $3, dismissed_at = now(), dismissal_reason = $4
         where merge_request_id = $1 and id::text = $2 and dismissed_at is null`,
        [request.id, wish.review_id, caller.user_id, wish.reason],
      );
      if (dismissed === 0) throw new AppError('not_found', `There is no review ${wish.review_id} to dismiss here.`);
      await announce(manager, mergeRequestReviewed, {
        ...onMergeRequest(request, caller),
        review_id: wish.review_id,
        verdict: 'dismissed',
        head_commit_id: request.head_commit_id,
      });
      const { review_id, reason } = wish;
      await auditOfRequest(manager, caller, request, 'projects.reviewDismissed', { review_id, reason });
      return this.stateOf(manager, request);
    });
  }

  private async stateOf(manager: EntityManager, request: MergeRequestRow): Promise<State> {
    const { reviews, state } = await this.states.of(manager, request);
    const reviewers = await manager.query<State['reviewers']>(
      `select r.user_id, u.full_name as user_name from merge_request_reviewers r join users u on u.id = r.user_id
       where r.merge_request_id = $1 order by r.created_at, r.user_id`,
      [request.id],
    );
    const { approvals, required_approvals } = state;
    return { head_commit_id: request.head_commit_id, approvals, required_approvals, reviewers, reviews };
  }
}
