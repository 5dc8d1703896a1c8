import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf, OutputOf } from '#libs/contracts/contract';
import { mergeRequestUpdated } from '#libs/contracts/projects-events';
import type { listConflicts, resolveConflict, unresolveConflict } from '#libs/contracts/projects-reviews';
import { AppError } from '#libs/errors/app-error';
import type { Language } from '#libs/timeline/diff/describe-changes';
import { allowedTakes } from '#libs/timeline/merge/settle-conflict';
import { announce } from '../audit/announce.js';
import { conflictViews, type ConflictView } from '../versions/conflict-views.js';
import type { MergeRequestRow } from './merge-request-views.query.js';
import { headsOf, MergeStates, type Heads, type MergeState } from './merge-state.js';
import { auditOfRequest, isOwn, onMergeRequest, RequestFinder, type Found } from './request-finder.js';

type List = OutputOf<typeof listConflicts>;

/** The conflicts of a merge request, settled one by one, by whoever of its people comes to it. */
@Injectable()
export class Conflicts {
  constructor(
    private readonly database: DataSource,
    private readonly finder: RequestFinder,
    private readonly states: MergeStates,
  ) {}

  async list(caller: Caller, wish: InputOf<typeof listConflicts>): Promise<List> {
    const manager = this.database.manager;
    const { request } = await this.finder.find(manager, caller, wish.merge_request_id, 'readMergeRequests');
    return listOf(manager, await this.states.of(manager, request), wish.language);
  }

  /** Settles a conflict there is, open or settled otherwise; decisions are kept by what they are about. */
  async resolve(caller: Caller, wish: InputOf<typeof resolveConflict>): Promise<List> {
    return this.deciding(caller, wish, async (manager, { request }, state) => {
      const all = [...(state.merge?.open ?? []), ...(state.merge?.settled ?? [])];
      const conflict = all.find(({ id }) => id === wish.conflict_id);
      if (!conflict)
        throw new AppError(
          'not_found',
          `There is no conflict ${wish.conflict_id} in this request any more. List them again.`,
        );
      const takes = allowedTakes(conflict);
      if (!takes.includes(wish.take))
        throw new AppError('invalid', `This conflict is settled by one of ${takes.join(', ')}, not by ${wish.take}.`);
      await manager.query(
        `insert into merge_resolutions (merge_request_id, conflict_id, take, value, decided_by)
         values ($1, $2, $3, $4, $5) on conflict (merge_request_id, conflict_id) do update
           set take = excluded.take, value = excluded.value, decided_by = excluded.decided_by, decided_at = now(),
             told = null, foreign_author = null, foreign_author_name = null`,
        [
          request.id,
          conflict.id,
          wish.take,
          wish.take === 'value' && wish.value !== undefined ? JSON.stringify(wish.value) : null,
          caller.user_id,
        ],
      );
      const about = { conflict_id: conflict.id, take: wish.take };
      await auditOfRequest(manager, caller, request, 'projects.conflictSettled', about);
    });
  }

  async unresolve(caller: Caller, wish: InputOf<typeof unresolveConflict>): Promise<List> {
    return this.deciding(caller, wish, async (manager, { request }) => {
      await manager.query('delete from merge_resolutions where merge_request_id = $1 and conflict_id = $2', [
        request.id,
        wish.conflict_id,
      ]);
      const { conflict_id } = wish;
      await auditOfRequest(manager, caller, request, 'projects.conflictReopened', { conflict_id });
    });
  }

  private deciding(
    caller: Caller,
    { merge_request_id, language }: { merge_request_id: string; language: Language },
    work: (manager: EntityManager, found: Found, state: MergeState) => Promise<void>,
  ): Promise<List> {
    return this.database.transaction(async (manager) => {
      const found = await this.finder.lockOpen(manager, caller, merge_request_id, 'resolveConflicts');
      const { request, admission } = found;
      if (!admission.allows('resolveConflicts') && !isOwn(request, caller))
        throw new AppError(
          'unauthorized',
          'Conflicts are settled by who works on the project, and by who made the request.',
        );
      await work(manager, found, await this.states.of(manager, request));
      await announce(manager, mergeRequestUpdated, { ...onMergeRequest(request, caller), what: 'resolved' });
      return listOf(manager, await this.states.of(manager, request), language);
    });
  }
}

async function listOf(manager: EntityManager, state: MergeState, language: Language): Promise<List> {
  const heads = headsOf(state.request);
  return {
    source_head: heads.source,
    target_head: heads.target,
    open: state.merge?.open.length ?? 0,
    items: await requestConflicts(manager, state, { language, heads }),
  };
}

/** The conflicts of a request in words, with who changed what and who decided what. */
export async function requestConflicts(
  manager: EntityManager,
  { request, merge, decisions }: MergeState,
  { language, heads }: { language: Language; heads: Heads },
): Promise<ConflictView[]> {
  if (!merge) return [];
  return conflictViews(manager, {
    project_id: request.project_id,
    result: merge,
    versions: merge.versions,
    heads: { ours: heads.target, theirs: heads.source },
    names: { ours: request.target_branch_name, theirs: sourceName(request, language) },
    language,
    decided: decisions.decided,
  });
}

/** The branches of a fork are mostly called what those of its original are. */
function sourceName(
  { source_branch_name, source_project_id, project_id }: MergeRequestRow,
  language: Language,
): string {
  if (source_project_id === project_id) return source_branch_name;
  return language === 'zh' ? `${source_branch_name}（复刻）` : `${source_branch_name} (fork)`;
}
