import { z } from 'zod';
import { operation } from './contract.js';
import { Flag, Id, Instant, list, text, whole } from './fields.js';
import { CommitLogEntry } from './projects.js';
import { Changes, CommitHash, EntityKind, Language, Message, OnBranch, OnProject, Ref } from './projects-fields.js';

/** Changes made again or undone, the conflicts they may meet, and who last changed what. */

export const ConflictKind = z.enum(['both_changed', 'deleted_and_changed', 'moved_twice', 'deleted_but_used']);
export const Take = z.enum(['ours', 'theirs', 'base', 'value', 'restore', 'drop_use', 'nearest_gap']);

/** Any JSON value. */
const Value = z.unknown().meta({ description: 'any JSON value' });

/** The way to a thing: keys of objects, and in lists of things with ids the id. */
const EntityPath = z.array(z.union([z.string(), z.number()]));

/** How one conflict is to be settled; `value` is what shall stand there, for the take `value`. */
export const ResolutionDraft = z.object({ conflict_id: text({ max: 64 }), take: Take, value: Value.optional() });

/** The commit that last changed a side of a conflict. */
const LastChange = z
  .object({ id: z.string(), message: z.string(), author_id: z.string().nullable(), author_name: z.string().nullable() })
  .nullable();

/**
 * One place where two versions want different things. `id` covers the three values and nothing else, so that it, and what
 * was decided about it, outlives everything that is pushed elsewhere. `depends_on` are conflicts to be settled before.
 */
export const Conflict = z
  .object({
    id: z.string(),
    kind: ConflictKind,
    path: EntityPath,
    where: z.string(),
    what: z.string(),
    base: Value.optional(),
    ours: Value.optional(),
    theirs: Value.optional(),
    used_by: z.array(EntityPath).optional(),
    /** The fields that it is about, where the values are these fields and not the whole thing: the start and the end of a shot. */
    fields: z.array(z.string()).optional(),
    /** What is settled with it: the same shot in other tables, and the pieces that a side cut it into. */
    also: z
      .array(z.object({ path: EntityPath, base: Value.optional(), ours: Value.optional(), theirs: Value.optional() }))
      .optional(),
    ours_commit: LastChange,
    theirs_commit: LastChange,
    choices: z.array(z.object({ take: Take, words: z.string() })),
    depends_on: z.array(z.string()),
    resolution: z
      .object({
        take: Take,
        value: Value.optional(),
        by: z.string().nullable(),
        by_name: z.string().nullable(),
        at: Instant.nullable(),
      })
      .nullable(),
  })
  .meta({ id: 'Conflict' });

/** What was done to a branch, or would be: the commit (null when only looked at, or when there is nothing to do). */
export const Application = z
  .object({
    commit_id: z.string().nullable(),
    is_empty: z.boolean(),
    conflicts: z.array(Conflict),
    ...Changes.shape,
  })
  .meta({ id: 'Application' });

const Applying = {
  ...OnBranch,
  commit: Ref,
  message: Message.nullish(),
  /** Which parent of a merge commit the change is counted from, the first being 1. */
  mainline: whole({ min: 1, max: 64 }).nullish(),
  expected_head: CommitHash.nullish(),
  resolutions: list(ResolutionDraft, 1000).default([]),
  preview: Flag.default(false),
  language: Language.default('en'),
};

/** Undoes what a commit did, by a commit, as it can be undone in what the branch is now. */
export const revertCommit = operation('projects.revertCommit', z.object(Applying), Application, { timeoutMs: 30_000 });
/** Does again on a branch what a commit did elsewhere, in this project or in another the caller can read. */
export const cherryPick = operation(
  'projects.cherryPick',
  z.object({ ...Applying, from_project_id: Id.nullish() }),
  Application,
  { timeoutMs: 30_000 },
);

export const Blame = z
  .object({
    commit: z.string(),
    entity: EntityKind,
    id: z.string(),
    name: z.string(),
    fields: z.array(z.object({ field: z.string(), value: Value, commit: CommitLogEntry.nullable() })),
    /** False when history was too long to be looked at at once: `next`, as `after`, goes on with the fields that have no commit yet. */
    is_complete: z.boolean(),
    next: z.string().nullable(),
  })
  .meta({ id: 'Blame' });

/** Which commit last changed each field of one thing. */
export const blameEntity = operation(
  'projects.blameEntity',
  z.object({
    ...OnProject,
    ref: Ref.default('main'),
    entity: EntityKind,
    id: text({ min: 1, max: 500 }),
    /** Where an earlier answer left off, with the same ref. */
    after: text({ max: 200_000 }).optional(),
    /** How many commits to look at, at most. */
    limit: whole({ min: 1, max: 100_000, clamp: true }).default(100_000),
  }),
  Blame,
  { timeoutMs: 30_000 },
);
