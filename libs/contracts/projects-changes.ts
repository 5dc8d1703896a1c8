import { z } from 'zod';
import { operation } from './contract.js';
import { Flag, Instant, list } from './fields.js';
import { BranchName, CommitHash, Message, OnProject, Ref } from './projects-fields.js';

/** Commits told as what changes, for those who do not want to send or to get the whole film for one trim. */

const Step = z.union([z.string().max(1000), z.number()]);

/**
 * One change of a document. The path has keys of objects, and in lists of things with ids the id. With `value`, that is what
 * stands there then; with `after`, a thing of a list stands behind that id, null being the front; with neither it is removed.
 */
export const DocumentChange = z
  .object({ path: list(Step, 64).min(1), value: z.unknown().optional(), after: Step.nullish() })
  .meta({ id: 'DocumentChange' });

export const commitChanges = operation(
  'projects.commitChanges',
  z.object({
    ...OnProject,
    branch_name: BranchName.default('main'),
    message: Message,
    changes: list(DocumentChange, 10_000).min(1),
    /** The commit that the changes are made to; without it, the head there is. */
    parent_hash: CommitHash.nullish(),
    /** Whether to merge the changes into a head that has moved on, rather than to refuse them. */
    rebase: Flag.default(false),
  }),
  z
    .object({
      id: z.string(),
      project_id: z.string(),
      message: z.string(),
      parent_hash: z.string().nullable(),
      tree: z.string(),
      rebased: z.boolean(),
      created_at: Instant,
    })
    .meta({ id: 'ChangeCommit' }),
  { timeoutMs: 30_000 },
);

/**
 * What makes the document of one commit that of another: `changes` made to the first, one after the other, give the second,
 * whose tree `tree` is. Null where it is told shorter by the whole document, or not at all.
 */
export const listChanges = operation(
  'projects.listChanges',
  z.object({ ...OnProject, from: Ref, to: Ref }),
  z
    .object({ from: z.string(), to: z.string(), tree: z.string(), changes: z.array(DocumentChange).nullable() })
    .meta({ id: 'DocumentChanges' }),
  { timeoutMs: 30_000 },
);
