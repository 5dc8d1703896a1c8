import type { EntityManager } from 'typeorm';
import type {
  BundledConversation,
  BundledDecision,
  BundledMergeRequest,
} from '#libs/contracts/projects-bundled-reviews';

/** Whether a request offers what is on no branch of its project: it came from a fork, or its branch went while it was open. */
const IS_FROM_FORK = `(m.source_project_id is distinct from m.project_id or (m.status = 'open' and s.id is null))`;

/**
 * The requests that a bundle tells of. An open one is told if its target is in the project, and its source too or something
 * that it offers; one that is over, always. Each goes by the id it was made under, wherever that was.
 */
const TOLD = `from merge_requests m left join branches s on s.id = m.source_branch_id left join branches t on t.id = m.target_branch_id
  where m.project_id = $1 and (m.status <> 'open' or (t.project_id = $1
      and (s.project_id = $1 or exists (select from merge_request_heads h where h.merge_request_id = m.id))))
    and ($2::text[] is null or (coalesce(t.name, m.target_branch_name) = any($2)
      and (${IS_FROM_FORK} or coalesce(s.name, m.source_branch_name) = any($2))))`;

export async function requestsOf(
  manager: EntityManager,
  projectId: string,
  branches: readonly string[] | null,
): Promise<BundledMergeRequest[]> {
  const rows = await manager.query<{ request: BundledMergeRequest }[]>(
    `select json_build_object('id', coalesce(m.origin_id, m.id), 'source_branch_name', coalesce(s.name, m.source_branch_name),
       'target_branch_name', coalesce(t.name, m.target_branch_name), 'title', m.title, 'description', m.description,
       'status', m.status, 'is_from_fork', ${IS_FROM_FORK}, 'is_draft', m.is_draft, 'merge_commit_id', m.merge_commit_id, 'merge_method', m.merge_method,
       'author_id', coalesce(m.foreign_author, m.creator_id), 'author_name', coalesce(m.foreign_author_name,
         (select full_name from users where id = m.creator_id)),
       'created_at', m.created_at, 'merged_at', m.merged_at, 'closed_at', m.closed_at,
       'offers', array(select h.commit_id from merge_request_heads h where h.merge_request_id = m.id order by h.seq)) as request
     ${TOLD} order by m.seq`,
    [projectId, branches],
  );
  return rows.map(({ request }) => withMoments(request));
}

/** What was said of these requests, for those of which anything was; what was taken back is told without its words. */
export async function conversationsOf(
  manager: EntityManager,
  projectId: string,
  branches: readonly string[] | null,
): Promise<BundledConversation[]> {
  const rows = await manager.query<{ conversation: Conversation }[]>(
    `with told as (select m.id, coalesce(m.origin_id, m.id) as told_as, m.seq ${TOLD}),
     reviews as (
       select r.merge_request_id as id, json_agg(json_build_object('id', coalesce(r.origin_id, r.id), 'verdict', r.verdict,
         'body', r.body, 'author_id', coalesce(r.foreign_author, r.user_id), 'author_name', coalesce(r.foreign_author_name, u.full_name),
         'head_commit_id', r.head_commit_id, 'resolutions_hash', r.resolutions_hash, 'result_tree', r.result_tree,
         'created_at', r.created_at, 'dismissed_at', r.dismissed_at, 'dismissal_reason', r.dismissal_reason) order by r.seq) as items
       from merge_request_reviews r join told on told.id = r.merge_request_id left join users u on u.id = r.user_id group by 1),
     comments as (
       select c.thread_id as id, json_agg(json_build_object('id', coalesce(c.origin_id, c.id),
         'body', case when c.deleted_at is null then c.body else '' end,
         'suggestion', case when c.deleted_at is null then c.suggestion end, 'applied_commit_id', c.applied_commit_id,
         'author_id', coalesce(c.foreign_author, c.author_id), 'author_name', coalesce(c.foreign_author_name, u.full_name),
         'created_at', c.created_at, 'edited_at', c.edited_at, 'deleted_at', c.deleted_at) order by c.seq) as items
       from merge_request_comments c join merge_request_threads h on h.id = c.thread_id join told on told.id = h.merge_request_id
       left join users u on u.id = c.author_id group by 1),
     threads as (
       select h.merge_request_id as id, json_agg(json_build_object('id', coalesce(h.origin_id, h.id), 'anchor', h.anchor,
         'author_id', coalesce(h.foreign_author, h.created_by), 'author_name', coalesce(h.foreign_author_name, u.full_name),
         'created_at', h.created_at, 'resolved_at', h.resolved_at, 'comments', coalesce(comments.items, '[]')) order by h.seq) as items
       from merge_request_threads h join told on told.id = h.merge_request_id left join comments on comments.id = h.id
       left join users u on u.id = h.created_by group by 1),
     decisions as (
       select d.merge_request_id as id, json_agg(json_build_object('conflict_id', d.conflict_id, 'take', d.take, 'value', d.value, 'has_value', d.value is not null,
         'author_id', coalesce(d.foreign_author, d.decided_by), 'author_name', coalesce(d.foreign_author_name, u.full_name),
         'decided_at', d.decided_at) order by d.conflict_id) as items
       from merge_resolutions d join told on told.id = d.merge_request_id left join users u on u.id = d.decided_by group by 1)
     select json_build_object('merge_request_id', told.told_as, 'reviews', coalesce(reviews.items, '[]'),
       'threads', coalesce(threads.items, '[]'), 'decisions', coalesce(decisions.items, '[]')) as conversation
     from told left join reviews using (id) left join threads using (id) left join decisions using (id)
     where coalesce(reviews.items, threads.items, decisions.items) is not null order by told.seq`,
    [projectId, branches],
  );
  return rows.map(({ conversation }) => ({
    ...conversation,
    reviews: conversation.reviews.map(withMoments),
    decisions: conversation.decisions.map(({ value, has_value, ...decision }) => ({
      ...withMoments(decision),
      ...(has_value && { value }),
    })),
    threads: conversation.threads.map((thread) => ({
      ...withMoments(thread),
      comments: thread.comments.map(withMoments),
    })),
  }));
}

/** In a row nothing and `null` are told apart by a field of their own. */
type Conversation = Omit<BundledConversation, 'decisions'> & {
  decisions: (BundledDecision & { has_value: boolean })[];
};

/** The database writes moments in JSON with its own zone and digits; bundles write them in one way. */
function withMoments<Row extends object>(row: Row): Row {
  const read = Object.entries(row).map(([name, value]: [string, unknown]) => [
    name,
    name.endsWith('_at') && typeof value === 'string' ? new Date(value).toISOString() : value,
  ]);
  return Object.fromEntries(read) as Row;
}
