import { z } from 'zod';
import { operation } from './contract.js';
import { Flag, Instant, list, paging } from './fields.js';
import { Changes, CommitHash, Language, Message, OnBranch, OnProject, Ref } from './projects-fields.js';
import { Conflict, ResolutionDraft } from './projects-redo.js';

/** Forks and the project they came from: which there are, and how one gets what came there since. */

/** Somebody's fork, as far as whoever asks may see it. */
export const Fork = z
  .object({
    id: z.string(),
    name: z.string(),
    owner_id: z.string(),
    owner_name: z.string().nullable(),
    is_public: z.boolean(),
    created_at: Instant,
  })
  .meta({ id: 'Fork' });
export type Fork = z.input<typeof Fork>;

/** The forks of a project that the caller can see, newest first, and how many that are. */
export const listForks = operation(
  'projects.listForks',
  z.object({ ...OnProject, ...paging({ limit: 50, max: 200 }) }),
  z.object({ items: z.array(Fork), total: z.number().int() }),
);

/** What bringing a branch of a fork up to its original came to, or would: null as commit when only looked at, or when nothing is new. */
export const CaughtUp = z
  .object({
    commit_id: z.string().nullable(),
    relation: z.enum(['up_to_date', 'fast_forward', 'diverged']),
    original_project_id: z.string(),
    /** The commit of the original that was, or would be, merged. */
    original_commit: z.string(),
    merge_bases: z.array(z.string()),
    conflicts: z.array(Conflict),
    ...Changes.shape,
  })
  .meta({ id: 'CaughtUp' });

/**
 * Merges a ref of the project that this one was forked from into one of its branches: what can be fast-forwarded is, else by
 * a merge commit. The caller commits here, and needs to read there. Conflicts that no resolution settles are `conflict`.
 */
export const catchUp = operation(
  'projects.catchUp',
  z.object({
    ...OnBranch,
    from: Ref.default('main'),
    message: Message.nullish(),
    expected_head: CommitHash.nullish(),
    resolutions: list(ResolutionDraft, 1000).default([]),
    preview: Flag.default(false),
    language: Language.default('en'),
  }),
  CaughtUp,
  { timeoutMs: 30_000 },
);
