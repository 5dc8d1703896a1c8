import { z } from 'zod';
import { Id, JsonObject, list, text } from './fields.js';

/** What the contracts of projects have in common: how projects, branches, commits and languages are named. */

export const OnProject = { project_id: Id };
export const BranchName = text({ max: 250 });
export const OnBranch = { ...OnProject, branch_name: BranchName.default('main') };
export const CommitHash = text({ max: 64 });
export const Message = text({ max: 10_000 });
export const Tags = list(text({ max: 200 }), 200);

/** A branch name, a tag, or a commit hash in full or by its first seven characters or more; `~3` and `^2` behind it as in Git. */
export const Ref = text({ min: 1, max: 250 });
export const Language = z.enum(['en', 'zh']);

/** What became different between two documents: as data, one entry per real change, and in words. */
export const Changes = z.object({ changes: z.array(JsonObject), words: z.array(z.string()) });

/** The things of a film that have an id of their own. */
export const EntityKind = z.enum([
  'track',
  'shot',
  'scene',
  'beat',
  'character',
  'asset',
  'effect',
  'timeline_item',
  'clip',
]);

/** A commit in full, and a moment, as bundles write them. */
export const CommitId = z.string().regex(/^[0-9a-f]{64}$/, 'A commit is 64 lower-case hex digits');
export const Moment = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/, 'A moment is written as 2026-01-31T12:00:00.000Z')
  .refine((moment) => !Number.isNaN(Date.parse(moment)), 'There is no such moment');
