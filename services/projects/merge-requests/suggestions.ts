import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf } from '#libs/contracts/contract';
import type { applySuggestion, Suggestion } from '#libs/contracts/projects-reviews';
import { AppError } from '#libs/errors/app-error';
import { valueAt, whereabouts, withValueAt } from '#libs/timeline/merge/at-path';
import type { z } from 'zod';
import { Access } from '../access/access.js';
import { requirePush } from '../access/branch-rules.js';
import { readDocument, writeDocument } from '../objects/documents.js';
import { applyChange } from '../versions/apply-change.js';
import { checkpoint } from '../versions/checkpoint.js';
import { lockBranch } from '../versions/commits.js';
import { treeOfCommit } from '../versions/objects.js';
import { RequestFinder } from './request-finder.js';
import { threadViews, type Thread } from './thread-views.query.js';
import { threadOf } from './threads.js';

interface Proposal {
  id: string;
  suggestion: z.output<typeof Suggestion> | null;
  applied_commit_id: string | null;
  anchor: { commit_id: string } | null;
  user_name: string | null;
}

/** What reviewers suggest, put into what is offered by a commit. */
@Injectable()
export class Suggestions {
  constructor(
    private readonly database: DataSource,
    private readonly access: Access,
    private readonly finder: RequestFinder,
  ) {}

  /**
   * Applies a suggestion once, by a commit on the source branch of whoever may commit there: a three-way merge with the
   * version it was made for, so that it meets what was changed since.
   */
  async apply(caller: Caller, wish: InputOf<typeof applySuggestion>): Promise<Thread> {
    return this.database.transaction(async (manager) => {
      const { request } = await this.finder.lockOpen(manager, caller, wish.merge_request_id, 'commentMergeRequest');
      const thread_id = await threadOf(manager, request.id, wish.thread_id);
      const [proposal] = await manager.query<Proposal[]>(
        `select c.id, c.suggestion, c.applied_commit_id, t.anchor, u.full_name as user_name
         from merge_request_comments c join merge_request_threads t on t.id = c.thread_id
         left join users u on u.id = c.author_id
         where c.thread_id = $1 and c.id::text = $2 and c.deleted_at is null`,
        [thread_id, wish.comment_id],
      );
      if (!proposal?.suggestion) throw new AppError('not_found', 'There is no such suggestion in this thread.');
      if (proposal.applied_commit_id !== null)
        throw new AppError('conflict', `This suggestion was applied already, by commit ${proposal.applied_commit_id}.`);
      if (request.source_branch_id === null || request.source_project_id === null)
        throw new AppError('invalid', 'The branch this request came from is gone: nothing can be put on it.');
      const admission = await this.access.toBranch(
        manager,
        caller,
        request.source_project_id,
        request.source_branch_name,
        'commit',
      );
      await requirePush(manager, admission);
      const branch = await lockBranch(manager, request.source_branch_id);
      const source = await checkpoint(manager, branch, `Work on ${branch.name}`);
      const from = proposal.anchor?.commit_id ?? source.head_commit_id;
      if (from === null) throw new AppError('invalid', `${branch.name} has no commit yet.`);
      const tree = await treeOfCommit(manager, from);
      const before = await readDocument(manager, tree);
      const path = whereabouts(before, proposal.suggestion.path);
      if (valueAt(before, path.slice(0, -1)) === undefined)
        throw new AppError('invalid', 'What the suggestion is about is not in the version it was made for.');
      const name = `what ${proposal.user_name ?? 'somebody'} suggested`;
      const { commit_id, is_empty } = await applyChange(manager, caller, source, {
        before: tree,
        after: await writeDocument(manager, withValueAt(before, path, proposal.suggestion.value), { like: tree }),
        from,
        name,
        message: `Apply ${name}`,
        move: 'suggested',
        resolutions: [],
        preview: false,
        language: wish.language,
      });
      await manager.query('update merge_request_comments set applied_commit_id = $2 where id = $1', [
        proposal.id,
        is_empty ? source.head_commit_id : commit_id,
      ]);
      const now = await this.finder.view(manager, request.id);
      return (await threadViews(manager, now, { language: wish.language, thread_id }))[0]!;
    });
  }
}
