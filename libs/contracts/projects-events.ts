import { z } from 'zod';
import { event } from './contract.js';
import { Instant } from './fields.js';

/** What the world may hear of projects. `actor_id` is who did it, null when nobody is known to have. */

const OnProject = { project_id: z.string(), actor_id: z.string().nullable() };
const OnBranch = { ...OnProject, branch_id: z.string(), branch_name: z.string() };
const OnMergeRequest = {
  ...OnProject,
  merge_request_id: z.string(),
  source_branch_id: z.string().nullable(),
  target_branch_id: z.string().nullable(),
};

export const projectCreated = event('projects.created', z.object({ project_id: z.string(), owner_id: z.string() }));
export const projectDeleted = event(
  'projects.deleted',
  z.object({ project_id: z.string(), actor_id: z.string().nullish() }),
);

/** A project was opened to the world, or closed to it again. */
export const projectVisibilityChanged = event(
  'projects.visibilityChanged',
  z.object({ ...OnProject, is_public: z.boolean() }),
);

/** An account was closed or opened again, at a moment of the database: of two words about one, the later holds. */
export const accountChanged = event(
  'projects.accountChanged',
  z.object({ user_id: z.string(), is_active: z.boolean(), changed_at: Instant }),
);

export const commitCreated = event(
  'projects.committed',
  z.object({ ...OnBranch, commit_id: z.string(), parents: z.array(z.string()), message: z.string() }),
);

/** Why a branch moved: the words of its reflog. */
export const REF_MOVES = [
  'created',
  'committed',
  'checkpointed',
  'merged',
  'fast_forwarded',
  'squashed',
  'reverted',
  'cherry_picked',
  'suggested',
  'moved',
  'imported',
  'deleted',
] as const;
export type RefMove = (typeof REF_MOVES)[number];
const Moved = { before: z.string().nullable(), after: z.string().nullable() };

export const branchCreated = event(
  'projects.branchCreated',
  z.object({ ...OnBranch, head_commit_id: z.string().nullable() }),
);
export const branchMoved = event('projects.branchMoved', z.object({ ...OnBranch, ...Moved, move: z.enum(REF_MOVES) }));
export const branchRenamed = event('projects.branchRenamed', z.object({ ...OnBranch, before_name: z.string() }));
export const branchDeleted = event(
  'projects.branchDeleted',
  z.object({ ...OnBranch, head_commit_id: z.string().nullable() }),
);
export const branchProtected = event('projects.branchProtected', z.object({ ...OnBranch, is_protected: z.boolean() }));

const OnTag = { ...OnProject, tag_id: z.string(), tag_name: z.string(), commit_id: z.string() };
export const tagCreated = event('projects.tagCreated', z.object({ ...OnTag, is_release: z.boolean() }));
export const tagDeleted = event('projects.tagDeleted', z.object(OnTag));
/** A release was published at a tag, or what it tells was changed. */
export const releaseWritten = event(
  'projects.releaseWritten',
  z.object({ ...OnTag, title: z.string(), is_prerelease: z.boolean(), is_new: z.boolean() }),
);

export const mergeRequestOpened = event(
  'projects.mergeRequestOpened',
  z.object({ ...OnMergeRequest, title: z.string().nullable(), is_draft: z.boolean(), is_reopened: z.boolean() }),
);
/** `what` was changed: its words, its draft state, its reviewers, or the commit it offers. */
export const mergeRequestUpdated = event(
  'projects.mergeRequestUpdated',
  z.object({ ...OnMergeRequest, what: z.enum(['described', 'draft', 'ready', 'reviewers', 'pushed', 'resolved']) }),
);
export const mergeRequestReviewed = event(
  'projects.mergeRequestReviewed',
  z.object({
    ...OnMergeRequest,
    review_id: z.string(),
    verdict: z.enum(['approved', 'changes_requested', 'commented', 'dismissed']),
    head_commit_id: z.string().nullable(),
  }),
);
/** `merged_clips` are the clips to appear on the target branch: each a copy, under the new id, of one on the source. */
export const mergeRequestMerged = event(
  'projects.mergeRequestMerged',
  z.object({
    ...OnMergeRequest,
    source_project_id: z.string().nullable(),
    target_branch_name: z.string().optional(),
    merge_commit_id: z.string().nullable(),
    clip_ids: z.array(z.string()),
    merged_clips: z.array(z.object({ from: z.string(), to: z.string() })),
  }),
);
export const mergeRequestClosed = event('projects.mergeRequestClosed', z.object(OnMergeRequest));
export const commentMade = event(
  'projects.commentMade',
  z.object({ ...OnMergeRequest, thread_id: z.string(), comment_id: z.string() }),
);
/** A thread was resolved, or opened again. */
export const threadSettled = event(
  'projects.threadSettled',
  z.object({ ...OnMergeRequest, thread_id: z.string(), is_resolved: z.boolean() }),
);
