import { z } from 'zod';
import { operation } from './contract.js';
import { Flag, text } from './fields.js';
import { TimelineFormat } from './projects.js';
import { BranchName, CommitHash, Language, Message, OnProject } from './projects-fields.js';
import { Lost } from './timeline-losses.js';

/** Films that were with another editor and come back into the project that they are from. */

const NamedShot = z.object({ id: z.string(), name: z.string() });

export const TimelineBack = z
  .object({
    /** The commit that was made; null if nothing was to change, or in a preview. */
    commit_id: z.string().nullable(),
    /** Where the branch is now. */
    head_commit_id: z.string().nullable(),
    /** Whether the file changes nothing. */
    is_empty: z.boolean(),
    /** How many shots said themselves which they are. */
    by_id: z.number().int(),
    /** Those that were known by what they show, by their names and places: how surely, from 0.5 to 0.99. */
    by_likeness: z.array(NamedShot.extend({ confidence: z.number() })),
    added: z.array(NamedShot),
    removed: z.array(NamedShot),
    ...Lost,
    /** What changes, in words. */
    words: z.array(z.string()),
  })
  .meta({ id: 'TimelineBack' });

export const bringTimelineBack = operation(
  'projects.bringTimelineBack',
  z.object({
    ...OnProject,
    branch_name: BranchName.default('main'),
    format: TimelineFormat,
    content: text({ max: 50_000_000 }),
    /** What an EDL does not say itself, as "25" or "29.97"; the film's own if not given. */
    rate: text({ max: 20 }).nullish(),
    /** The commit that the file was made from; the head if not given. */
    parent_hash: CommitHash.nullish(),
    /** Whether to merge what was done into a head that has moved on since `parent_hash`, rather than to refuse it. */
    rebase: Flag.default(false),
    /** The head that the branch must have, as an entity tag: else nothing is done (412). */
    if_match: text({ max: 1000 }).optional(),
    message: Message.nullish(),
    /** Only to look. */
    preview: Flag.default(false),
    language: Language.default('en'),
  }),
  TimelineBack,
  { timeoutMs: 60_000 },
);
