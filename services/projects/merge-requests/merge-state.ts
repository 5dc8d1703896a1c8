import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import { Access } from '../access/access.js';
import { ruleOf, type BranchRule } from '../access/branch-rules.js';
import type { RequestState } from '../domain/blockers.js';
import { graphReaching } from '../versions/commit-graphs.js';
import { commitsById } from '../versions/history.query.js';
import { mergeCommits, type CommitMerge } from '../versions/merge-commits.js';
import type { MergeRequestRow } from './merge-request-views.query.js';
import { decisionsOf, resolutionsHash, type Decisions } from './resolutions.query.js';

export type MergeMethod = 'merge' | 'squash' | 'fast_forward';

/** One review, and whether it does for the merge now. */
export interface WeighedReview {
  id: string;
  user_id: string | null;
  user_name: string | null;
  is_imported: boolean;
  verdict: 'approved' | 'changes_requested' | 'commented';
  body: string | null;
  head_commit_id: string | null;
  resolutions_hash: string;
  result_tree: string | null;
  dismissed_by: string | null;
  dismissed_at: Date | null;
  dismissal_reason: string | null;
  created_at: Date;
  /** Of a commit, or of decisions, that are no longer what would be merged. */
  is_stale: boolean;
  counts: boolean;
  not_counted: 'dismissed' | 'superseded' | 'role' | 'stale' | 'own_work' | null;
}

/** Everything that decides whether a request can be merged, and what merging comes to. */
export interface MergeState {
  request: MergeRequestRow;
  rule: BranchRule;
  decisions: Decisions;
  /** Null when there is nothing to merge, or nothing to merge it into. */
  merge: CommitMerge | null;
  resolutions_hash: string;
  /** The tree of what merging gives; null while something is to be decided. */
  result_tree: string | null;
  reviews: WeighedReview[];
  state: RequestState;
}

/** Weighs a request: the one place where it is decided what keeps it from merging. */
@Injectable()
export class MergeStates {
  constructor(private readonly access: Access) {}

  /**
   * The state of a request as it is in this transaction. To act on it the request and its branches must be locked, and
   * `heads` be what was read under these locks.
   */
  async of(
    manager: EntityManager,
    request: MergeRequestRow,
    { method = 'merge', heads = headsOf(request) }: { method?: MergeMethod; heads?: Heads } = {},
  ): Promise<MergeState> {
    const decisions = await decisionsOf(manager, request.id);
    const { source, target } = heads;
    const isMergeable = source !== null && request.target_branch_id !== null;
    const merge = isMergeable
      ? await mergeCommits(manager, request.project_id, {
          ours: target,
          theirs: source,
          resolutions: decisions.resolutions,
        })
      : null;
    const rule = await ruleOf(manager, request.target_branch_id ?? request.id);
    const hash = merge ? resolutionsHash(merge.settled) : '';
    const result = merge && merge.open.length === 0 ? merge.tree : null;
    const reviews = await this.weigh(manager, request, { source, target, hash, result });
    return {
      request,
      rule,
      decisions,
      merge,
      resolutions_hash: hash,
      result_tree: result,
      reviews,
      state: {
        status: request.status,
        is_draft: request.is_draft,
        creator_id: request.creator_id,
        source_exists: request.source_branch_id !== null || offersFromElsewhere(request, source),
        target_exists: request.target_branch_id !== null,
        offers_a_commit: source !== null,
        open_conflicts: merge?.open.length ?? 0,
        approvals: reviews.filter(({ verdict, counts }) => verdict === 'approved' && counts).length,
        required_approvals: rule.required_approvals,
        changes_requested_by: reviews
          .filter(({ verdict, counts, user_id }) => verdict === 'changes_requested' && counts && user_id !== null)
          .map(({ user_id, user_name }) => ({ id: user_id!, name: user_name })),
        open_threads: await openThreads(manager, request.id),
        threads_must_be_resolved: rule.resolved_threads,
        cannot_fast_forward: method === 'fast_forward' && merge?.relation === 'diverged',
      },
    };
  }

  /**
   * All reviews, oldest first. Only the last verdict of a person counts, if they may approve here and it was not
   * dismissed; an approval, if it is of what would be merged now, and not of one's own work.
   */
  private async weigh(
    manager: EntityManager,
    request: MergeRequestRow,
    now: { source: string | null; target: string | null; hash: string; result: string | null },
  ): Promise<WeighedReview[]> {
    const rows = await manager.query<WeighedReview[]>(
      `select r.*, coalesce(u.full_name, r.foreign_author_name) as user_name,
         r.origin_id is not null and r.user_id is null as is_imported
       from merge_request_reviews r left join users u on u.id = r.user_id where r.merge_request_id = $1 order by r.seq`,
      [request.id],
    );
    const last = new Map<string | null, string>();
    for (const { user_id, id, verdict } of rows) if (verdict !== 'commented') last.set(user_id, id);
    const own = new Set([request.creator_id, ...(await this.makersOf(manager, request, now))]);
    const weights = new Map<string | null, boolean>([[null, false]]);
    for (const { user_id } of rows)
      if (!weights.has(user_id)) weights.set(user_id, await this.mayApprove(manager, user_id!, request.project_id));
    return rows.map((row) => {
      const isSame = row.head_commit_id === now.source && row.resolutions_hash === now.hash;
      const is_stale = !isSame && (row.result_tree === null || row.result_tree !== now.result);
      const isLast = last.get(row.user_id) === row.id;
      const why = whyNotCounted(row, { isLast, is_stale, isOwn: own.has(row.user_id), may: weights.get(row.user_id)! });
      const isVerdict = row.verdict !== 'commented';
      return { ...row, is_stale, counts: isVerdict && why === null, not_counted: isVerdict ? why : null };
    });
  }

  private async mayApprove(manager: EntityManager, user_id: string, projectId: string): Promise<boolean> {
    const person: Caller = { user_id, role: 'user', session_id: null };
    const admission = await this.access.admit(manager, person, projectId, 'readMergeRequests');
    return admission?.allows('approveMergeRequest') ?? false;
  }

  /**
   * Who made what is offered: the authors of the newest commit and of every other that the target has not. Where nobody
   * here is the author, those who brought it, on whatever branch.
   */
  private async makersOf(
    manager: EntityManager,
    { project_id }: MergeRequestRow,
    { source, target }: Heads,
  ): Promise<(string | null)[]> {
    if (source === null) return [];
    const graph = await graphReaching(manager, project_id, [source, target]);
    const offered = [...(await commitsById(manager, [source])), ...graph.onlyIn(source, target)];
    const foreign = offered.flatMap(({ id, author_id }) => (author_id === null ? id : []));
    return [...new Set(offered.map(({ author_id }) => author_id)), ...(await bringersOf(manager, foreign))];
  }
}

/** What keeps a verdict from counting, the plainest reason first. */
function whyNotCounted(
  { verdict, dismissed_at }: WeighedReview,
  { isLast, is_stale, isOwn, may }: { isLast: boolean; is_stale: boolean; isOwn: boolean; may: boolean },
): WeighedReview['not_counted'] {
  if (dismissed_at !== null) return 'dismissed';
  if (!isLast) return 'superseded';
  if (!may) return 'role';
  if (verdict !== 'approved') return null;
  if (isOwn) return 'own_work';
  return is_stale ? 'stale' : null;
}

/** Whether a request offers what is here though its branch is not: its fork is gone, or is in another installation. */
export const offersFromElsewhere = (
  { source_branch_id, source_project_id, project_id }: MergeRequestRow,
  offered: string | null,
): boolean => source_branch_id === null && source_project_id !== project_id && offered !== null;

export interface Heads {
  source: string | null;
  target: string | null;
}

export const headsOf = ({ head_commit_id, target_head }: MergeRequestRow): Heads => ({
  source: head_commit_id,
  target: target_head,
});

async function bringersOf(manager: EntityManager, commits: readonly string[]): Promise<string[]> {
  if (commits.length === 0) return [];
  const rows = await manager.query<{ user_id: string }[]>(
    `select distinct b.user_id from commits c join commit_bringers b on b.commit_seq = c.seq where c.id = any($1)`,
    [commits],
  );
  return rows.map(({ user_id }) => user_id);
}

async function openThreads(manager: EntityManager, requestId: string): Promise<number> {
  const [row] = await manager.query<{ count: number }[]>(
    'select count(*)::int as count from merge_request_threads where merge_request_id = $1 and resolved_at is null',
    [requestId],
  );
  return row!.count;
}
