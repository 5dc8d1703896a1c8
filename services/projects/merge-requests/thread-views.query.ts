import type { EntityManager } from 'typeorm';
import type { OutputOf } from '#libs/contracts/contract';
import type { openThread } from '#libs/contracts/projects-reviews';
import { followAnchor, type AnchorPosition } from '#libs/timeline/anchors/follow-anchor';
import type { Language } from '#libs/timeline/diff/describe-changes';
import { snapshotOf, type Document } from '../versions/objects.js';
import type { MergeRequestRow } from './merge-request-views.query.js';

export type Thread = OutputOf<typeof openThread>;

/** The threads of a request, oldest first, each with where its anchor is in what is offered now. */
export async function threadViews(
  manager: EntityManager,
  request: MergeRequestRow,
  { language, thread_id = null }: { language: Language; thread_id?: string | null },
): Promise<Thread[]> {
  const threads = await manager.query<Omit<Thread, 'comments' | 'position'>[]>(
    `select id, merge_request_id, anchor, resolved_at is not null as is_resolved, resolved_by, resolved_at, created_at
     from merge_request_threads where merge_request_id = $1 and ($2::text is null or id::text = $2) order by seq`,
    [request.id, thread_id],
  );
  const comments = await manager.query<(Thread['comments'][number] & { thread_id: string })[]>(
    `select c.id, c.thread_id, c.author_id as user_id,
       coalesce(u.full_name, c.foreign_author_name) as user_name,
       c.origin_id is not null and c.author_id is null as is_imported, c.applied_commit_id, c.created_at,
       c.edited_at, c.deleted_at is not null as is_deleted,
       case when c.deleted_at is null then c.body else '' end as body,
       case when c.deleted_at is null then c.suggestion end as suggestion
     from merge_request_comments c left join users u on u.id = c.author_id
     where c.thread_id = any($1) order by c.seq`,
    [threads.map(({ id }) => id)],
  );
  const isAnchored = threads.some(({ anchor }) => anchor !== null);
  const document =
    isAnchored && request.head_commit_id !== null ? await snapshotOf(manager, request.head_commit_id) : {};
  return threads.map((thread) => ({
    ...thread,
    position: thread.anchor && positionIn(document, thread.anchor, language),
    comments: comments.filter((comment) => comment.thread_id === thread.id),
  }));
}

function positionIn(document: Document, anchor: NonNullable<Thread['anchor']>, language: Language) {
  const position = followAnchor(document, { ...anchor, rate: (anchor.rate ?? [25, 1]) as [number, number] });
  return { ...position, words: inWords(position, language) };
}

function inWords({ state, reason, timeline_frame }: AnchorPosition, language: Language): string {
  const { placed, moved, gone } = WORDS[language];
  if (state === 'outdated') return gone[reason!];
  return state === 'moved' ? moved(timeline_frame!) : timeline_frame === null ? '' : placed(timeline_frame);
}

const WORDS = {
  en: {
    placed: (frame: number) => `At frame ${frame}`,
    moved: (frame: number) => `Now at frame ${frame}`,
    gone: {
      trimmed: 'Outdated: the frame was trimmed away',
      removed: 'Outdated: what it is about was removed',
      shortened: 'Outdated: the film ends before',
    },
  },
  zh: {
    placed: (frame: number) => `第 ${frame} 帧`,
    moved: (frame: number) => `现在位于第 ${frame} 帧`,
    gone: {
      trimmed: '已过时：该帧已被剪掉',
      removed: '已过时：所指内容已被删除',
      shortened: '已过时：影片在此之前结束',
    },
  },
};
