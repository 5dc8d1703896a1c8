import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf } from '#libs/contracts/contract';
import { commentMade, threadSettled } from '#libs/contracts/projects-events';
import type * as contract from '#libs/contracts/projects-reviews';
import { AppError } from '#libs/errors/app-error';
import { followAnchor } from '#libs/timeline/anchors/follow-anchor';
import { announce } from '../audit/announce.js';
import type { Action } from '../access/permissions.js';
import { snapshotOf } from '../versions/objects.js';
import { requireVisibleCommit } from '../versions/resolve-ref.js';
import { isOwn, onMergeRequest, RequestFinder, type Found } from './request-finder.js';
import { threadViews, type Thread } from './thread-views.query.js';

/** What people say about a request: threads that stay with what they are about, and are resolved in the end. */
@Injectable()
export class Threads {
  constructor(
    private readonly database: DataSource,
    private readonly finder: RequestFinder,
  ) {}

  async list(caller: Caller, wish: InputOf<typeof contract.listThreads>): Promise<Thread[]> {
    const manager = this.database.manager;
    const { request } = await this.finder.find(manager, caller, wish.merge_request_id, 'readMergeRequests');
    return threadViews(manager, request, wish);
  }

  async open(caller: Caller, wish: InputOf<typeof contract.openThread>): Promise<Thread> {
    return this.speaking(caller, wish, async (manager, { request, admission }) => {
      const { anchor } = wish;
      if (anchor) {
        const asked = { hash: anchor.commit_id, words: 'Anchor commit not found' };
        anchor.commit_id = await requireVisibleCommit(manager, caller, admission, asked);
        await requireThing(manager, anchor);
      }
      const [thread] = await manager.query<{ id: string }[]>(
        'insert into merge_request_threads (merge_request_id, anchor, created_by) values ($1, $2, $3) returning id',
        [request.id, anchor ? JSON.stringify(anchor) : null, caller.user_id],
      );
      await this.say(manager, caller, { request, thread_id: thread!.id }, wish);
      return thread!.id;
    });
  }

  async reply(caller: Caller, wish: InputOf<typeof contract.replyToThread>): Promise<Thread> {
    return this.speaking(caller, wish, async (manager, { request }) => {
      const thread_id = await threadOf(manager, request.id, wish.thread_id);
      await this.say(manager, caller, { request, thread_id }, wish);
      return thread_id;
    });
  }

  /** Resolves a thread, or opens it again: whoever began it, who made the request, and who may merge it. */
  async settle(caller: Caller, wish: InputOf<typeof contract.settleThread>): Promise<Thread> {
    return this.speaking(caller, wish, async (manager, { request, admission }) => {
      const id = await threadOf(manager, request.id, wish.thread_id);
      const [thread] = await manager.query<{ created_by: string | null }[]>(
        'select created_by from merge_request_threads where id = $1',
        [id],
      );
      const isTheirs = thread!.created_by === caller.user_id || isOwn(request, caller);
      if (!isTheirs && !admission.allows('mergeMergeRequest'))
        throw new AppError(
          'unauthorized',
          'A thread is resolved by who began it, who made the request, or who may merge it.',
        );
      const { is_resolved } = wish;
      const [, changed] = await manager.query<[unknown[], number]>(
        `update merge_request_threads set resolved_by = case when $2 then $3::uuid end,
           resolved_at = case when $2 then now() end where id = $1 and (resolved_at is null) = $2`,
        [id, is_resolved, caller.user_id],
      );
      const about = onMergeRequest(request, caller);
      if (changed > 0) await announce(manager, threadSettled, { ...about, thread_id: id, is_resolved });
      return id;
    });
  }

  async edit(caller: Caller, wish: InputOf<typeof contract.editComment>): Promise<Thread> {
    return this.speaking(caller, wish, async (manager, { request }) => {
      const thread_id = await threadOf(manager, request.id, wish.thread_id);
      const [, edited] = await manager.query<[unknown[], number]>(
        `update merge_request_comments set body = $4, edited_at = now()
         where thread_id = $1 and id::text = $2 and author_id = $3 and deleted_at is null`,
        [thread_id, wish.comment_id, caller.user_id, wish.body],
      );
      if (edited === 0) throw new AppError('not_found', 'There is no such comment of yours in this thread.');
      return thread_id;
    });
  }

  /** Takes a comment back; that there was one stays to be seen, so that the answers to it make sense. */
  async remove(caller: Caller, wish: InputOf<typeof contract.deleteComment>): Promise<Thread> {
    return this.speaking(caller, wish, async (manager, { request, admission }) => {
      const thread_id = await threadOf(manager, request.id, wish.thread_id);
      const [, removed] = await manager.query<[unknown[], number]>(
        `update merge_request_comments set deleted_at = now()
         where thread_id = $1 and id::text = $2 and deleted_at is null and (author_id = $3 or $4)`,
        [thread_id, wish.comment_id, caller.user_id, admission.allows('mergeMergeRequest')],
      );
      if (removed === 0) throw new AppError('not_found', 'There is no such comment of yours in this thread.');
      return thread_id;
    });
  }

  /** Admits the caller to the conversation, which goes on when the request is closed or merged; gives the thread it was about. */
  private speaking(
    caller: Caller,
    wish: { merge_request_id: string; language: 'en' | 'zh' },
    work: (manager: EntityManager, found: Found) => Promise<string>,
    action: Action = 'commentMergeRequest',
  ): Promise<Thread> {
    return this.database.transaction(async (manager) => {
      const found = await this.finder.find(manager, caller, wish.merge_request_id, action);
      if (!found.admission.allows(action) && !isOwn(found.request, caller))
        throw new AppError('unauthorized', 'Not allowed to comment on this merge request');
      const thread_id = await work(manager, found);
      const { language } = wish;
      return (await threadViews(manager, found.request, { language, thread_id }))[0]!;
    });
  }

  private async say(
    manager: EntityManager,
    caller: Caller,
    { request, thread_id }: { request: Found['request']; thread_id: string },
    { body, suggestion }: { body: string; suggestion?: unknown },
  ): Promise<void> {
    const [comment] = await manager.query<{ id: string }[]>(
      'insert into merge_request_comments (thread_id, author_id, body, suggestion) values ($1, $2, $3, $4) returning id',
      [thread_id, caller.user_id, body, suggestion == null ? null : JSON.stringify(suggestion)],
    );
    const about = onMergeRequest(request, caller);
    await announce(manager, commentMade, { ...about, thread_id, comment_id: comment!.id });
  }
}

/** Refuses an anchor to a thing that its commit has not: it would be outdated from the first. */
async function requireThing(
  manager: EntityManager,
  { commit_id, ...anchor }: NonNullable<InputOf<typeof contract.openThread>['anchor']>,
): Promise<void> {
  if (followAnchor(await snapshotOf(manager, commit_id), anchor).reason !== 'removed') return;
  throw new AppError('invalid', `There is no ${anchor.entity} ${anchor.entity_id} in commit ${commit_id}.`);
}

/** A thread of this very request. */
export async function threadOf(manager: EntityManager, requestId: string, threadId: string): Promise<string> {
  const [thread] = await manager.query<{ id: string }[]>(
    'select id from merge_request_threads where merge_request_id = $1 and id::text = $2',
    [requestId, threadId],
  );
  if (!thread) throw new AppError('not_found', `There is no thread ${threadId} in this merge request.`);
  return thread.id;
}
