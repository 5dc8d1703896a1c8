import { z } from 'zod';
import { operation } from './contract.js';
import { Flag, Id, Instant, list, text, whole } from './fields.js';
import { MergeRequest } from './projects.js';
import { Conflict, ResolutionDraft } from './projects-redo.js';
import { Changes, CommitHash, EntityKind, Language } from './projects-fields.js';

/** Review of merge requests: what keeps them from merging, who said what, and how their conflicts are settled. */

const OnMergeRequest = { merge_request_id: Id };
const InLanguage = { language: Language.default('en') };
const Person = { user_id: z.string().nullable(), user_name: z.string().nullable() };

export const updateMergeRequest = operation(
  'projects.updateMergeRequest',
  z.object({
    ...OnMergeRequest,
    title: text({ max: 500 }).nullish(),
    description: text({ max: 20_000 }).nullish(),
    is_draft: Flag.nullish(),
    /** Whom to ask for a review; replaces those who were asked before. */
    reviewer_ids: list(Id, 50).nullish(),
  }),
  MergeRequest,
);
export const reopenMergeRequest = operation('projects.reopenMergeRequest', z.object(OnMergeRequest), MergeRequest);

// --- what keeps a request from merging ------------------------------------------------------------------------------

export const BlockerCode = z.enum([
  'not_open',
  'draft',
  'source_gone',
  'target_gone',
  'nothing_offered',
  'conflicts',
  'approvals_missing',
  'changes_requested',
  'threads_open',
  'not_fast_forward',
]);
/** One thing to be cleared before a request can be merged, and who can: people by what they are, and by id where known. */
export const Blocker = z
  .object({
    code: BlockerCode,
    words: z.string(),
    cleared_by: z.array(z.enum(['creator', 'committers', 'reviewers', 'contributors', 'maintainers', 'owner'])),
    cleared_by_ids: z.array(z.string()),
  })
  .meta({ id: 'Blocker' });

const MergeMethod = z.enum(['merge', 'squash', 'fast_forward']);

/** Both sides cut a shot at one frame: the cuts are one, and the shot is known by both names. */
const MergeNotice = z
  .object({
    kind: z.literal('cuts_joined'),
    path: z.array(z.union([z.string(), z.number()])),
    name: z.string(),
    aliases: z.array(z.string()),
    words: z.string(),
  })
  .meta({ id: 'MergeNotice' });

/** What merging would come to, by the very function that merges. */
export const MergePreview = z
  .object({
    source_head: z.string().nullable(),
    target_head: z.string().nullable(),
    merge_bases: z.array(z.string()),
    relation: z.enum(['up_to_date', 'fast_forward', 'diverged']),
    ahead: z.number().int(),
    behind: z.number().int(),
    can_merge: z.boolean(),
    blockers: z.array(Blocker),
    methods: z.array(MergeMethod),
    conflicts: z.array(Conflict),
    /** Whether there is saved work on the target that is not committed: merging commits it first where the rule lets. */
    target_is_uncommitted: z.boolean(),
    /** What merging does that nobody is asked about, but should know. */
    notices: z.array(MergeNotice),
    ...Changes.shape,
  })
  .meta({ id: 'MergePreview' });

export const previewMerge = operation(
  'projects.previewMerge',
  z.object({ ...OnMergeRequest, method: MergeMethod.default('merge'), ...InLanguage }),
  MergePreview,
  { timeoutMs: 30_000 },
);

// --- conflicts ------------------------------------------------------------------------------------------------------

export const ConflictList = z
  .object({
    source_head: z.string().nullable(),
    target_head: z.string().nullable(),
    open: z.number().int(),
    items: z.array(Conflict),
  })
  .meta({ id: 'ConflictList' });

export const listConflicts = operation(
  'projects.listConflicts',
  z.object({ ...OnMergeRequest, ...InLanguage }),
  ConflictList,
  { timeoutMs: 30_000 },
);
/** Settles one conflict, or settles it otherwise; it stays so for as long as its three inputs are what they are. */
export const resolveConflict = operation(
  'projects.resolveConflict',
  z.object({ ...OnMergeRequest, ...ResolutionDraft.shape, ...InLanguage }),
  ConflictList,
  { timeoutMs: 30_000 },
);
export const unresolveConflict = operation(
  'projects.unresolveConflict',
  z.object({ ...OnMergeRequest, conflict_id: text({ max: 64 }), ...InLanguage }),
  ConflictList,
  { timeoutMs: 30_000 },
);

// --- reviews --------------------------------------------------------------------------------------------------------

const Verdict = z.enum(['approved', 'changes_requested', 'commented']);
const Body = text({ max: 50_000 });

/** `counts` is whether it does for the merge now: an approval of what was offered before stays to be seen, and no more. */
export const Review = z
  .object({
    id: z.string(),
    ...Person,
    /** Somebody of another installation wrote it: known by a name that a bundle told, and nobody here. */
    is_imported: z.boolean(),
    verdict: Verdict,
    body: z.string().nullable(),
    head_commit_id: z.string().nullable(),
    counts: z.boolean(),
    is_stale: z.boolean(),
    /** Why a verdict does not count; null when it does, or is none. */
    not_counted: z.enum(['dismissed', 'superseded', 'role', 'stale', 'own_work']).nullable().default(null),
    dismissed_by: z.string().nullable(),
    dismissed_at: Instant.nullable(),
    dismissal_reason: z.string().nullable(),
    created_at: Instant,
  })
  .meta({ id: 'Review' });
export const ReviewState = z
  .object({
    head_commit_id: z.string().nullable(),
    approvals: z.number().int(),
    required_approvals: z.number().int(),
    reviewers: z.array(z.object({ user_id: z.string(), user_name: z.string().nullable() })),
    reviews: z.array(Review),
  })
  .meta({ id: 'ReviewState' });

/** Says what one thinks of the commit that is offered: with `head_commit_id`, only if that still is the one. */
export const reviewMergeRequest = operation(
  'projects.reviewMergeRequest',
  z.object({ ...OnMergeRequest, verdict: Verdict, body: Body.nullish(), head_commit_id: CommitHash.nullish() }),
  ReviewState,
  { timeoutMs: 30_000 },
);
export const listReviews = operation('projects.listReviews', z.object(OnMergeRequest), ReviewState, {
  timeoutMs: 30_000,
});
export const dismissReview = operation(
  'projects.dismissReview',
  z.object({ ...OnMergeRequest, review_id: Id, reason: text({ min: 1, max: 2000 }) }),
  ReviewState,
  { timeoutMs: 30_000 },
);

// --- comments -------------------------------------------------------------------------------------------------------

const Frame = whole({ min: 0, max: 1_000_000_000 });
/** What a thread is about: a thing at a frame of its source; or, without a thing, a frame of the timeline. */
export const Anchor = z.object({
  commit_id: CommitHash,
  entity: EntityKind.nullish(),
  entity_id: text({ max: 500 }).nullish(),
  source_frame: Frame.nullish(),
  timeline_frame: Frame.nullish(),
  /** Frames per second, as a fraction. */
  rate: z.tuple([whole({ min: 1, max: 1_000_000_000 }), whole({ min: 1, max: 1_000_000_000 })]).default([25, 1]),
});

/** Where the anchor is in what is offered now: it follows its thing, and is outdated when that was trimmed away or removed. */
export const AnchorPosition = z.object({
  state: z.enum(['current', 'moved', 'outdated']),
  reason: z.enum(['trimmed', 'removed', 'shortened']).nullable(),
  timeline_frame: z.number().int().nullable(),
  words: z.string(),
});

/** A value for a place in the document, to be put there by a commit. */
export const Suggestion = z.object({
  path: list(z.union([z.string().max(500), z.number()]), 32),
  value: z.unknown().meta({ description: 'any JSON value' }),
});

export const Comment = z
  .object({
    id: z.string(),
    ...Person,
    /** Somebody of another installation wrote it: known by a name that a bundle told, and nobody here. */
    is_imported: z.boolean(),
    body: z.string(),
    suggestion: Suggestion.nullable(),
    applied_commit_id: z.string().nullable(),
    is_deleted: z.boolean(),
    created_at: Instant,
    edited_at: Instant.nullable(),
  })
  .meta({ id: 'Comment' });
export const Thread = z
  .object({
    id: z.string(),
    merge_request_id: z.string(),
    anchor: Anchor.nullable(),
    position: AnchorPosition.nullable(),
    is_resolved: z.boolean(),
    resolved_by: z.string().nullable(),
    resolved_at: Instant.nullable(),
    created_at: Instant,
    comments: z.array(Comment),
  })
  .meta({ id: 'Thread' });

const NewSuggestion = Suggestion.extend({
  path: Suggestion.shape.path.min(1, 'A suggestion says where in the document it goes'),
});
const Remark = { body: text({ min: 1, max: 50_000 }), suggestion: NewSuggestion.nullish() };
const OnThread = { ...OnMergeRequest, thread_id: Id };
const OnComment = { ...OnThread, comment_id: Id };

export const listThreads = operation(
  'projects.listThreads',
  z.object({ ...OnMergeRequest, ...InLanguage }),
  z.array(Thread),
);
export const openThread = operation(
  'projects.openThread',
  z.object({ ...OnMergeRequest, ...Remark, anchor: Anchor.nullish(), ...InLanguage }),
  Thread,
);
export const replyToThread = operation(
  'projects.replyToThread',
  z.object({ ...OnThread, ...Remark, ...InLanguage }),
  Thread,
);
export const settleThread = operation(
  'projects.settleThread',
  z.object({ ...OnThread, is_resolved: Flag, ...InLanguage }),
  Thread,
);
export const editComment = operation(
  'projects.editComment',
  z.object({ ...OnComment, body: Remark.body, ...InLanguage }),
  Thread,
);
export const deleteComment = operation('projects.deleteComment', z.object({ ...OnComment, ...InLanguage }), Thread);
/** Puts a suggestion into what is offered, by a commit of whoever applies it. */
export const applySuggestion = operation(
  'projects.applySuggestion',
  z.object({ ...OnComment, ...InLanguage }),
  Thread,
  { timeoutMs: 30_000 },
);
