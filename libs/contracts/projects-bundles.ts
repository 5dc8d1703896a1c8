import { z } from 'zod';
import { operation } from './contract.js';
import { Flag, Id, Instant, JsonObject, list, text, whole } from './fields.js';
import { CarriedMedia } from './media-carrying.js';
import { BundledMergeRequest } from './projects-bundled-reviews.js';
import { BranchName, CommitId, Message, Moment, OnProject, Tags } from './projects-fields.js';

/** Whole projects as bundles: a tar of history, branches, tags and merge requests with their reviews, with what it needs and what it holds said first. */

const Uuid = z.uuid();

export const BUNDLE_FORMAT = 'evidverse-bundle';
/** The first file of a bundle. Everything else in it is listed here, in order, with its size and SHA-256. */
export const MANIFEST = 'manifest.json';
/** Below this the bytes of media lie, each under its SHA-256. */
export const MEDIA_FOLDER = 'media/';
export const COMMITS = 'commits.jsonl.zst';

const BundledRef = z.object({
  name: BranchName,
  target: CommitId.nullable(),
  description: text({ max: 20_000 }).nullable(),
  tags: Tags.nullable(),
});
const BundledTag = z.object({
  name: text({ min: 1, max: 250 }),
  target: CommitId,
  message: text({ max: 100_000 }).nullable(),
  created_at: Moment,
  release: z
    .object({ title: text({ min: 1, max: 500 }), notes: text({ max: 100_000 }), is_prerelease: z.boolean() })
    .nullable()
    .default(null),
});
const BundledFile = z.object({
  path: z.string().regex(/^(commits|reviews|objects-\d{5})\.jsonl\.zst$/, 'A bundle has no such file'),
  size: z.number().int().min(1),
  sha256: CommitId,
  /** Its length when it is unpacked. */
  raw_size: z.number().int().min(0),
});

export const BundleManifest = z
  .object({
    format: z.literal(BUNDLE_FORMAT),
    version: z.literal(1),
    made_at: Moment,
    project: z.object({
      id: Uuid,
      name: text({ max: 500 }),
      description: text({ max: 20_000 }).nullable(),
      tags: Tags.nullable(),
    }),
    /** Commits that are not in the bundle, and that whoever takes it in must have. */
    prerequisites: z.array(CommitId).max(100_000),
    commits: z.number().int().min(0).max(200_000),
    objects: z.number().int().min(0).max(300_000),
    refs: z.array(BundledRef).max(5_000),
    tags: z.array(BundledTag).max(5_000),
    merge_requests: z.array(BundledMergeRequest).max(10_000),
    files: z.array(BundledFile).max(1_000),
    /** What the documents link to, as far as the other side knows it; `media_included` are those whose bytes come last, by hash. */
    media: z.array(CarriedMedia).max(20_000).default([]),
    media_included: z.array(CommitId).max(20_000).default([]),
  })
  .meta({ id: 'BundleManifest' });
export type BundleManifest = z.output<typeof BundleManifest>;

/** A commit as it stands in a bundle; its id covers tree, parents in order, author, message and time. */
export const BundledCommit = z.object({
  id: CommitId,
  tree: CommitId,
  parents: z.array(CommitId).max(64),
  author: Uuid.nullable(),
  author_name: text({ max: 200 }).nullable(),
  message: Message,
  created_at: Moment,
});
export type BundledCommit = z.output<typeof BundledCommit>;

/** A branch that is to be moved to a commit, if its head still is `expected` (null: if there is no such branch, or none yet). */
export const RefWish = z.object({ branch_name: BranchName, expected: CommitId.nullable(), to: CommitId });
export type RefWish = z.output<typeof RefWish>;

/** Media that documents link to and that are not here; without `sha256` nothing more is known of them. */
export const MissingMedia = z
  .object({
    asset_id: z.string(),
    sha256: z.string().nullable(),
    size: z.number().nullable(),
    name: z.string().nullable(),
  })
  .meta({ id: 'MissingMedia' });
export type MissingMedia = z.output<typeof MissingMedia>;

/** What became of a tag that is not as it was: `differs` where there is one of that name for another commit, which stays. */
export const TagOutcome = z
  .object({ tag_name: z.string(), outcome: z.enum(['created', 'differs', 'not_allowed']), to: z.string() })
  .meta({ id: 'TagOutcome' });
export type TagOutcome = z.output<typeof TagOutcome>;

/** A bundle on its way out or in. */
export const Transfer = z
  .object({
    id: z.string(),
    kind: z.enum(['export', 'import']),
    status: z.enum(['uploading', 'queued', 'done', 'refused', 'failed']),
    project_id: z.string().nullable(),
    size: z.number().int().nullable(),
    /** What was found, taken in and moved. */
    report: JsonObject.nullable(),
    /** Why it was refused, or failed. */
    error: z.string().nullable(),
    /** Where the bundle of a finished export is, for an hour. */
    download_url: z.string().nullable(),
    created_at: Instant,
    finished_at: Instant.nullable(),
    expires_at: Instant,
  })
  .meta({ id: 'Transfer' });
export type Transfer = z.input<typeof Transfer>;

/**
 * Begins to write a bundle; without `branches` it has all of them, and what the commits in `have` lead to is left out. Media
 * are named; with `include_media` their bytes are in it too.
 */
export const exportBundle = operation(
  'projects.exportBundle',
  z.object({
    ...OnProject,
    branches: list(BranchName, 1000).optional(),
    have: list(text({ max: 64 }), 2000).default([]),
    include_media: Flag.default(false),
  }),
  Transfer,
);
/**
 * Makes room for a bundle. `verify` only looks at it. Into a project that exists branches are moved forward only: those in
 * `refs` from where they are expected to be, all or none; unless given, each branch of the bundle that can be.
 * `own_author_id` is the caller's id where the bundle was made.
 */
export const beginImport = operation(
  'projects.beginImport',
  z.object({
    size: whole({ min: 1, max: 100_000_000_000 }),
    mode: z.enum(['import', 'verify']).default('import'),
    into_project_id: Id.optional(),
    name: text({ min: 1, max: 500 }).optional(),
    refs: list(RefWish, 1000).optional(),
    own_author_id: Uuid.optional(),
  }),
  Transfer,
);
/** Which parts have arrived, and where to PUT those that are asked for; all but the last are of `part_size` bytes. */
export const importParts = operation(
  'projects.importParts',
  z.object({ transfer_id: Id, part_numbers: list(whole({ min: 1, max: 10_000 }), 100).default([]) }),
  z
    .object({
      part_size: z.number().int(),
      part_count: z.number().int(),
      arrived: z.array(z.object({ part_number: z.number().int(), size: z.number().int() })),
      links: z.array(z.object({ part_number: z.number().int(), url: z.string() })),
    })
    .meta({ id: 'ImportParts' }),
);
/** All parts have arrived: the bundle is looked at, and taken in if nothing is wrong with it. Again changes nothing. */
export const finishUpload = operation('projects.finishImportUpload', z.object({ transfer_id: Id }), Transfer, {
  timeoutMs: 60_000,
});
export const getTransfer = operation('projects.getTransfer', z.object({ transfer_id: Id }), Transfer);
/** Ends a transfer that nobody needs any more, with its bytes. */
export const endTransfer = operation(
  'projects.endTransfer',
  z.object({ transfer_id: Id }),
  z.object({ ok: z.boolean() }),
);
