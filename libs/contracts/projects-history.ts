import { z } from 'zod';
import { operation } from './contract.js';
import { Flag, Instant, JsonObject, text, whole } from './fields.js';
import { Branch, Workspace } from './projects.js';
import { REF_MOVES } from './projects-events.js';
import { BranchName, CommitHash, Message, OnBranch, OnProject, Ref } from './projects-fields.js';

/** What may be asked of the refs of a project and of what its workspaces were. */

const Ok = z.object({ ok: z.boolean() });
const ThisBranch = { ...OnProject, branch_name: BranchName };
/** The head that the caller saw: when it is no longer one, nothing happens and the answer is `conflict`. */
const ExpectedHead = CommitHash.optional();
/** Where the next page begins, as the page before said. */
const After = text({ max: 200 }).optional();
const Limit = whole({ min: 1, max: 200, clamp: true }).default(50);

// --- branches -------------------------------------------------------------------------------------------------------

const BranchRuleFields = {
  /** Who commits directly; `nobody` where approvals are required, whatever was wished: they are not passed by. */
  push: z.enum(['anyone', 'maintainers', 'owner', 'nobody']),
  required_approvals: whole({ min: 0, max: 20 }),
  resolved_threads: Flag,
  allow_deletion: Flag,
  allow_force: Flag,
};
export const BranchRule = z.object({ is_protected: z.boolean(), ...BranchRuleFields }).meta({ id: 'BranchRule' });

export const renameBranch = operation(
  'projects.renameBranch',
  z.object({ ...ThisBranch, name: text({ min: 1, max: 250 }) }),
  Branch,
);
export const deleteBranch = operation(
  'projects.deleteBranch',
  z.object({ ...ThisBranch, expected_head: ExpectedHead }),
  Ok,
);
/** Moves a branch to a commit: forward always, elsewhere only by force and where the branch's rule allows it. */
export const moveBranch = operation(
  'projects.moveBranch',
  z.object({ ...ThisBranch, to: Ref, expected_head: CommitHash.nullable(), force: Flag.default(false) }),
  Branch,
);
export const getBranchRule = operation('projects.getBranchRule', z.object(ThisBranch), BranchRule);
/** Protects a branch; what is not said is as strict as is usual: maintainers commit, nobody forces or deletes. */
export const protectBranch = operation(
  'projects.protectBranch',
  z.object({
    ...ThisBranch,
    push: BranchRuleFields.push.default('maintainers'),
    required_approvals: BranchRuleFields.required_approvals.default(0),
    resolved_threads: Flag.default(false),
    allow_deletion: Flag.default(false),
    allow_force: Flag.default(false),
  }),
  BranchRule,
);
export const unprotectBranch = operation('projects.unprotectBranch', z.object(ThisBranch), BranchRule);

export const BranchMove = z
  .object({
    branch_id: z.string(),
    branch_name: z.string(),
    move: z.enum(REF_MOVES),
    before: z.string().nullable(),
    after: z.string().nullable(),
    actor_id: z.string().nullable(),
    actor_name: z.string().nullable(),
    created_at: Instant,
  })
  .meta({ id: 'BranchMove' });

/** The reflog: every move of one branch, or of all, newest first; deleted branches are in it too. */
export const listBranchMoves = operation(
  'projects.listBranchMoves',
  z.object({ ...OnProject, branch_name: BranchName.optional(), after: After, limit: Limit }),
  z.object({ items: z.array(BranchMove), next: z.string().nullable() }).meta({ id: 'Reflog' }),
);

// --- tags and releases ----------------------------------------------------------------------------------------------

const ReleaseFields = {
  title: text({ min: 1, max: 500 }),
  notes: text({ max: 100_000 }).default(''),
  is_prerelease: Flag.default(false),
};
export const Release = z
  .object({
    title: z.string(),
    notes: z.string(),
    is_prerelease: z.boolean(),
    author_id: z.string().nullable(),
    created_at: Instant,
    updated_at: Instant,
  })
  .meta({ id: 'Release' });
export const Tag = z
  .object({
    id: z.string(),
    project_id: z.string(),
    name: z.string(),
    commit_id: z.string(),
    message: z.string().nullable(),
    tagger_id: z.string().nullable(),
    tagger_name: z.string().nullable(),
    created_at: Instant,
    release: Release.nullable(),
  })
  .meta({ id: 'Tag' });
export type Tag = z.input<typeof Tag>;

const TagName = text({ min: 1, max: 250 });
const ThisTag = { ...OnProject, tag_name: TagName };

export const createTag = operation(
  'projects.createTag',
  z.object({
    ...OnProject,
    name: TagName,
    ref: Ref.default('main'),
    message: Message.nullish(),
    release: z.object(ReleaseFields).nullish(),
  }),
  Tag,
);
export const listTags = operation(
  'projects.listTags',
  z.object({ ...OnProject, releases_only: Flag.default(false), after: After, limit: Limit }),
  z.object({ items: z.array(Tag), next: z.string().nullable() }).meta({ id: 'TagList' }),
);
export const getTag = operation('projects.getTag', z.object(ThisTag), Tag);
export const deleteTag = operation('projects.deleteTag', z.object(ThisTag), Ok);
/** Makes a tag a release, or betters what is told about it; the tag itself never changes. */
export const writeRelease = operation('projects.writeRelease', z.object({ ...ThisTag, ...ReleaseFields }), Tag);

// --- what a workspace was -------------------------------------------------------------------------------------------

export const WorkspaceRevision = z
  .object({
    revision: z.number().int(),
    is_current: z.boolean(),
    saved_by: z.string().nullable(),
    saved_by_name: z.string().nullable(),
    saved_at: Instant,
  })
  .meta({ id: 'WorkspaceRevision' });

export const listRevisions = operation(
  'projects.listRevisions',
  z.object({ ...OnBranch, limit: Limit }),
  z.array(WorkspaceRevision),
);
export const getRevision = operation(
  'projects.getRevision',
  z.object({ ...OnBranch, revision: whole({ min: 1, max: 2_000_000_000 }) }),
  WorkspaceRevision.extend({ document: JsonObject }).meta({ id: 'WorkspaceRevisionDetails' }),
);
/** Puts the snapshot of a commit, or an earlier revision, into the workspace; the one before stays among the revisions. */
export const restoreWorkspace = operation(
  'projects.restoreWorkspace',
  z.object({
    ...OnBranch,
    commit: Ref.nullish(),
    revision: whole({ min: 1, max: 2_000_000_000 }).nullish(),
    if_match: text({ max: 2000 }).optional(),
  }),
  Workspace,
  { timeoutMs: 30_000 },
);
