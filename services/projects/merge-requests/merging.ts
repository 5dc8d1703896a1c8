import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf, OutputOf } from '#libs/contracts/contract';
import type { mergeMergeRequest, MergeRequest } from '#libs/contracts/projects';
import { mergeRequestMerged } from '#libs/contracts/projects-events';
import type { previewMerge } from '#libs/contracts/projects-reviews';
import { clipsThere } from '#libs/contracts/tasks-clips';
import { AppError } from '#libs/errors/app-error';
import { Broker } from '#libs/messaging/broker';
import { describeChanges } from '#libs/timeline/diff/describe-changes';
import { joinedCutInWords } from '#libs/timeline/merge/shots/joined-cuts';
import { announce } from '../audit/announce.js';
import { blockersOf } from '../domain/blockers.js';
import { clipCopyId } from '../domain/clip-copy-id.js';
import { keepMerge } from '../objects/keep-merge.js';
import { diffKept } from '../objects/kept-difference.js';
import { requireHead } from '../versions/branch-keeping.js';
import { bringKeptWorkspaceAlong } from '../versions/bring-workspace.js';
import { checkpoint } from '../versions/checkpoint.js';
import { graphReaching } from '../versions/commit-graphs.js';
import { appendKept, lockBranches } from '../versions/commits.js';
import { hasOpenWork } from '../versions/kept-workspaces.js';
import type { CommitMerge } from '../versions/merge-commits.js';
import { moveHead } from '../versions/refs.js';
import type { BranchEntity } from '../versions/version.entities.js';
import { requestConflicts } from './conflicts.js';
import { headsOf, MergeStates, offersFromElsewhere, type MergeMethod, type MergeState } from './merge-state.js';
import { onMergeRequest, RequestFinder } from './request-finder.js';

type Wish = InputOf<typeof mergeMergeRequest>;

/** Merging of requests: looked at before, and done, by the same function. */
@Injectable()
export class Merging {
  constructor(
    private readonly database: DataSource,
    private readonly finder: RequestFinder,
    private readonly states: MergeStates,
    private readonly broker: Broker,
  ) {}

  /** What merging comes to now, what it would change on the target, and what keeps it from being done. */
  async preview(caller: Caller, wish: InputOf<typeof previewMerge>): Promise<OutputOf<typeof previewMerge>> {
    const { method, language } = wish;
    const manager = this.database.manager;
    const { request } = await this.finder.find(manager, caller, wish.merge_request_id, 'readMergeRequests');
    const state = await this.states.of(manager, request, { method });
    const { merge } = state;
    const heads = headsOf(request);
    const graph = await graphReaching(manager, request.project_id, [heads.source, heads.target]);
    const blockers = blockersOf(state.state, language);
    const changes = merge ? await diffKept(manager, merge.before, merge) : [];
    return {
      source_head: heads.source,
      target_head: heads.target,
      merge_bases: merge?.bases ?? [],
      relation: merge?.relation ?? 'up_to_date',
      ...graph.aheadAndBehind(heads.source, heads.target),
      can_merge: blockers.length === 0,
      blockers,
      methods: merge?.relation === 'diverged' ? ['merge', 'squash'] : ['merge', 'squash', 'fast_forward'],
      conflicts: await requestConflicts(manager, state, { language, heads }),
      target_is_uncommitted: await hasOpenWork(manager, request.target_branch_id),
      notices: (merge?.joined ?? []).map((cut) => ({
        kind: 'cuts_joined' as const,
        path: [...cut.path],
        name: cut.name,
        aliases: cut.aliases,
        words: joinedCutInWords(cut, language),
      })),
      changes: changes as unknown as Record<string, unknown>[],
      words: describeChanges(changes, { language }),
    };
  }

  /**
   * Merges in one transaction, with the request and both branches locked: what was reviewed is what is merged, whoever
   * pushes meanwhile, and of several at once one wins. What keeps it from merging is told, and nothing has changed.
   */
  async merge(caller: Caller, wish: Wish): Promise<MergeRequest> {
    const lostClips = await this.lostClipsOf(caller, wish.merge_request_id);
    return this.database.transaction(async (manager) => {
      const { request, admission } = await this.finder.lockOpen(
        manager,
        caller,
        wish.merge_request_id,
        'mergeMergeRequest',
      );
      if (!admission.allows('mergeMergeRequest')) throw new AppError('unauthorized', 'Only project owner can merge');
      const { source_branch_id, target_branch_id } = request;
      const isOffering = source_branch_id !== null || offersFromElsewhere(request, request.head_commit_id);
      if (!isOffering || target_branch_id === null) return this.refuse(manager, await this.states.of(manager, request));
      const ids = [target_branch_id, ...(source_branch_id === null ? [] : [source_branch_id])];
      const [locked] = (await lockBranches(manager, ids)) as [BranchEntity, ...BranchEntity[]];
      const { head_commit_id: offered, source_branch_name: name } = await this.finder.view(manager, request.id);
      requireHead({ name, head_commit_id: offered }, wish.expected_source_head);
      requireHead(locked, wish.expected_target_head);
      const target = await checkpoint(manager, locked, `Work on ${locked.name}`);
      const heads = { source: offered, target: target.head_commit_id };
      const state = await this.states.of(
        manager,
        { ...request, head_commit_id: heads.source, target_head: heads.target },
        { method: wish.method, heads },
      );
      if (blockersOf(state.state, 'en').some(({ code }) => code !== 'nothing_offered'))
        return this.refuse(manager, state, wish.method);
      const commit = state.merge && (await this.put(manager, caller, { name, offered, target }, state.merge, wish));
      await this.finish(manager, caller, state, { commit, method: wish.method, lostClips });
      return { ...(await this.finder.view(manager, request.id)), merged_by: caller.user_id };
    });
  }

  /** Which of a request's clips are no longer on its branch, and so do not go along; while nobody can say, all are tried. */
  private async lostClipsOf(caller: Caller, id: string): Promise<ReadonlySet<string>> {
    const { request } = await this.finder.find(this.database.manager, caller, id, 'mergeMergeRequest');
    const { clip_ids, project_id, source_project_id, source_branch_id: branch_id } = request;
    if (!clip_ids?.length) return new Set();
    try {
      const wish = { clip_ids, project_id: source_project_id ?? project_id, branch_id };
      const { items } = await this.broker.call(clipsThere, wish, caller);
      const there = new Set(items.map((one) => one.id));
      return new Set(clip_ids.filter((one) => !there.has(one)));
    } catch (thrown) {
      if (AppError.from(thrown).code === 'internal') throw thrown;
      return new Set();
    }
  }

  /** Puts what merging gave on the target; null when the target has everything already. */
  private async put(
    manager: EntityManager,
    caller: Caller,
    { name, offered, target }: { name: string; offered: string | null; target: BranchEntity },
    merge: CommitMerge,
    { method, message }: Wish,
  ): Promise<string | null> {
    if (merge.relation === 'up_to_date') return null;
    const from = offered!;
    const actor_id = caller.user_id;
    let head = from;
    if (method === 'fast_forward') await moveHead(manager, target, { to: from, move: 'fast_forwarded', actor_id });
    else {
      const ours = target.head_commit_id === null ? [] : [target.head_commit_id];
      const commit = await appendKept(manager, target, {
        author_id: actor_id,
        message: message ?? `Merge ${name} into ${target.name}`,
        ...(await keepMerge(manager, merge, merge.before)),
        move: method === 'squash' ? 'squashed' : 'merged',
        parents: method === 'squash' ? ours : [...ours, from],
      });
      head = commit.id;
    }
    await bringKeptWorkspaceAlong(manager, caller, target, head);
    return head;
  }

  private async finish(
    manager: EntityManager,
    caller: Caller,
    { request }: MergeState,
    { commit, method, lostClips }: { commit: string | null; method: MergeMethod; lostClips: ReadonlySet<string> },
  ): Promise<void> {
    const clip_ids = (request.clip_ids ?? []).filter((id) => !lostClips.has(id));
    const merged_clips = clip_ids.map((from) => ({ from, to: clipCopyId(request.id, from) }));
    await manager.query(
      `update merge_requests set status = 'merged', merged_by = $2, merged_at = now(), merge_commit_id = $3,
         merge_method = $4, merged_clip_ids = $5, updated_at = now() where id = $1`,
      [request.id, caller.user_id, commit, method, merged_clips.map(({ to }) => to)],
    );
    await announce(manager, mergeRequestMerged, {
      ...onMergeRequest(request, caller),
      source_project_id: request.source_project_id,
      target_branch_name: request.target_branch_name,
      merge_commit_id: commit,
      clip_ids,
      merged_clips,
    });
  }

  private async refuse(manager: EntityManager, state: MergeState, method: MergeMethod = 'merge'): Promise<never> {
    const { source_branch_name: source, target_branch_name: target } = state.request;
    const blockers = blockersOf(state.state, 'en');
    const heads = headsOf(state.request);
    const conflicts = await requestConflicts(manager, state, { language: 'en', heads });
    const open = conflicts.filter(({ resolution }) => resolution === null);
    const words = blockers.map((one) => one.words).join(' ');
    throw new AppError(
      'conflict',
      open.length > 0
        ? `${source} and ${target} changed the same things (${open.length}). Settle them, then merge. ${words}`
        : `${source} cannot be merged into ${target} by ${method} yet. ${words}`,
      { blockers, conflicts: open },
    );
  }
}
