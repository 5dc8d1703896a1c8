import { z } from 'zod';
import { text } from './fields.js';
import { BranchName, CommitId, Moment } from './projects-fields.js';
import { ResolutionDraft } from './projects-redo.js';
import { Anchor, Suggestion } from './projects-reviews.js';

/** What a bundle tells of merge requests: the requests in its manifest, what was said of each on a line of its own file. */

/** The file of what was said; a bundle without any has no such file. */
export const REVIEWS = 'reviews.jsonl.zst';

const Uuid = z.uuid().regex(/^[0-9a-f-]+$/, 'Ids are written in lower case');
const Author = { author_id: Uuid.nullable(), author_name: text({ max: 200 }).nullable() };

/** Names branches; an open request's are there, unless it is from a fork, and those of one that is over may be gone. Older bundles give it no id. */
export const BundledMergeRequest = z.object({
  id: Uuid.optional(),
  source_branch_name: BranchName,
  target_branch_name: BranchName,
  title: text({ max: 500 }).nullable(),
  description: text({ max: 20_000 }).nullable(),
  status: z.enum(['open', 'merged', 'closed']),
  /** Whether an open request's source is a branch of another project, which stays there: it offers the last of `offers`. */
  is_from_fork: z.boolean().default(false),
  is_draft: z.boolean().default(false),
  merge_commit_id: CommitId.nullable(),
  merge_method: z.enum(['merge', 'squash', 'fast_forward']).nullable().default(null),
  ...Author,
  created_at: Moment,
  merged_at: Moment.nullable(),
  closed_at: Moment.nullable().default(null),
  /** The commits that it offered, one after the other, as far as they are told of. */
  offers: z.array(CommitId).max(10_000).default([]),
});
export type BundledMergeRequest = z.output<typeof BundledMergeRequest>;

const BundledReview = z.object({
  id: Uuid,
  verdict: z.enum(['approved', 'changes_requested', 'commented']),
  body: text({ max: 50_000 }).nullable(),
  ...Author,
  head_commit_id: CommitId.nullable(),
  resolutions_hash: text({ max: 64 }),
  result_tree: CommitId.nullable(),
  created_at: Moment,
  dismissed_at: Moment.nullable(),
  dismissal_reason: text({ max: 2000 }).nullable(),
});
const BundledComment = z.object({
  id: Uuid,
  body: text({ max: 50_000 }),
  suggestion: Suggestion.nullable(),
  applied_commit_id: CommitId.nullable(),
  ...Author,
  created_at: Moment,
  edited_at: Moment.nullable(),
  deleted_at: Moment.nullable(),
});
const BundledThread = z.object({
  id: Uuid,
  anchor: Anchor.extend({ commit_id: CommitId }).nullable(),
  ...Author,
  created_at: Moment,
  resolved_at: Moment.nullable(),
  comments: z.array(BundledComment).max(10_000),
});

const BundledDecision = z.object({
  conflict_id: z.string().regex(/^[0-9a-f]{32}$/, 'A conflict has the name that its versions give it'),
  ...ResolutionDraft.pick({ take: true, value: true }).shape,
  ...Author,
  decided_at: Moment,
});
export type BundledDecision = z.output<typeof BundledDecision>;

/** What was said of one merge request of the manifest, and decided about its conflicts. */
export const BundledConversation = z.object({
  merge_request_id: Uuid,
  decisions: z.array(BundledDecision).max(10_000).default([]),
  reviews: z.array(BundledReview).max(10_000),
  threads: z.array(BundledThread).max(10_000),
});
export type BundledConversation = z.output<typeof BundledConversation>;
