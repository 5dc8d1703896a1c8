import { z } from 'zod';
import { operation } from './contract.js';
import { Id } from './fields.js';
import { OnProject, Ref } from './projects-fields.js';

/** What may be asked of the shape of a history, whatever its documents say. */

/**
 * The best common ancestors of two refs, as `git merge-base --all` gives them, and what each has that the other has not.
 * The head may be of another project, one that shares history with this.
 */
export const mergeBase = operation(
  'projects.mergeBase',
  z.object({ ...OnProject, base: Ref, head: Ref, head_project_id: Id.optional() }),
  z
    .object({
      base: z.string().nullable(),
      head: z.string().nullable(),
      merge_bases: z.array(z.string()),
      ahead: z.number().int(),
      behind: z.number().int(),
    })
    .meta({ id: 'MergeBase' }),
);
