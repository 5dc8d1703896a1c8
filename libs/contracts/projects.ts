import { z } from 'zod';
import { ACCESS_SCOPES, PLATFORM_ROLES } from './caller.js';
import { operation } from './contract.js';
import { Flag, Id, Instant, InstantInput, InstantWithOffset, JsonObject, list, paging, text, whole } from './fields.js';
import {
  BranchName,
  Changes,
  CommitHash,
  EntityKind,
  Language,
  Message,
  OnBranch,
  OnProject,
  Ref,
  Tags,
} from './projects-fields.js';
import { Lost } from './timeline-losses.js';

/** Everything the world may ask of accounts, projects, versions and merge requests, and what it may hear of them. */

// --- accounts -------------------------------------------------------------------------------------------------------

export const Role = z.enum(PLATFORM_ROLES);

export const User = z
  .object({
    id: z.string(),
    email: z.string(),
    full_name: z.string().nullable(),
    is_active: z.boolean(),
    role: Role.optional(),
  })
  .meta({ id: 'User' });
export type User = z.input<typeof User>;

/** What others see of a person; `email` is masked unless it is the caller's own. */
export const UserPublic = z
  .object({ id: z.string(), email: z.string(), full_name: z.string().nullable() })
  .meta({ id: 'UserPublic' });
export type UserPublic = z.input<typeof UserPublic>;

export const Session = z
  .object({
    user_id: z.string(),
    role: Role,
    session_id: z.string(),
    refresh_token: z.string(),
    refresh_expires_at: Instant,
  })
  .meta({ id: 'Session' });
export type Session = z.output<typeof Session>;

const Password = text({ min: 6, max: 1024 });
const FullName = text({ max: 200 });

/** An e-mail address as people write it; the domain is lower-cased, the local part kept as given. */
export const EmailAddress = text({ max: 320 })
  .refine((address) => /^[^\s@"<>()[\],;:\\]+@[^\s@.]+(\.[^\s@.]+)+$/u.test(address.trim()), {
    error: 'value is not a valid email address: it should look like name@example.org',
    params: { reason: 'value_error', explain: 'it should look like name@example.org' },
  })
  .transform((address) => {
    const at = address.trim().lastIndexOf('@');
    return address.trim().slice(0, at) + address.trim().slice(at).toLowerCase();
  });

export const registerUser = operation(
  'projects.registerUser',
  z.object({ email: EmailAddress, password: Password, full_name: FullName.nullish(), is_active: Flag.nullish() }),
  User,
);
export const login = operation(
  'projects.login',
  z.object({ username: text({ max: 320 }), password: text({ max: 1024 }) }),
  Session,
);
export const refreshSession = operation(
  'projects.refreshSession',
  z.object({ refresh_token: text({ max: 200 }) }),
  Session,
);
export const endSession = operation('projects.endSession', z.object({}), z.object({ ok: z.boolean() }));
/** `tokens_going_on` are the caller's personal tokens: they are for programs, and end one by one or with a new password. */
export const endAllSessions = operation(
  'projects.endAllSessions',
  z.object({}),
  z.object({ ok: z.boolean(), tokens_going_on: z.number().int().default(0) }),
);
/** Whether a token's session still counts, and for what, if it is a personal token's: the gateway asks before it believes a token. */
export const checkSession = operation(
  'projects.checkSession',
  z.object({ session_id: z.string(), user_id: z.string() }),
  z.object({ active: z.boolean(), role: Role, scope: z.enum(ACCESS_SCOPES).nullable().default(null) }),
);
export const changePassword = operation(
  'projects.changePassword',
  z.object({ current_password: text({ max: 1024 }), new_password: Password }),
  z.object({ ok: z.boolean() }),
);
export const getMe = operation('projects.getMe', z.object({}), User);
export const updateMe = operation('projects.updateMe', z.object({ full_name: FullName.nullable() }), User);
export const getUser = operation('projects.getUser', z.object({ user_id: Id }), User);
export const searchUsers = operation(
  'projects.searchUsers',
  z.object({ query: text({ max: 320 }), ...paging({ limit: 20, max: 100 }) }),
  z.array(UserPublic),
);
export const administerUser = operation(
  'projects.administerUser',
  z.object({ user_id: Id, role: Role.optional(), is_active: Flag.optional() }),
  User,
);

// --- projects -------------------------------------------------------------------------------------------------------

export const Project = z
  .object({
    id: z.string(),
    name: z.string(),
    description: z.string().nullable(),
    tags: z.array(z.string()).nullable(),
    is_public: z.boolean(),
    owner_id: z.string(),
    team_id: z.string().nullable().optional(),
    parent_project_id: z.string().nullable(),
    created_at: Instant,
    workspace_data: JsonObject.nullable(),
    likes_count: z.number().int(),
    is_liked: z.boolean(),
  })
  .meta({ id: 'Project' });
export type Project = z.input<typeof Project>;

export const FeedItem = Project.extend({ owner: UserPublic.nullable() }).meta({ id: 'FeedItem' });
export type FeedItem = z.input<typeof FeedItem>;

export const ProjectDraft = z.object({
  name: text({ max: 500 }),
  description: text({ max: 20_000 }).nullish(),
  tags: Tags.nullish(),
  is_public: Flag.default(false),
  team_id: Id.nullish(),
});
export type ProjectDraft = z.output<typeof ProjectDraft>;

export const ProjectChange = z.object({
  ...OnProject,
  name: text({ max: 500 }).nullish(),
  description: text({ max: 20_000 }).nullish(),
  workspace_data: JsonObject.nullish(),
  tags: Tags.nullish(),
  is_public: Flag.nullish(),
});

export const createProject = operation('projects.create', ProjectDraft, Project);
export const listProjects = operation('projects.list', z.object(paging({ limit: 100, max: 1000 })), z.array(Project));
export const getProject = operation('projects.get', z.object(OnProject), Project);
export const getPublicProject = operation('projects.getPublic', z.object(OnProject), FeedItem);
export const updateProject = operation('projects.update', ProjectChange, Project);
export const deleteProject = operation(
  'projects.delete',
  z.object({ ...OnProject, confirm_project_id: text({ max: 200 }), confirm_nickname: text({ max: 500 }) }),
  Project,
);
/** What of Discover is asked for; the same of this platform and of a cloud. */
export const FeedQuery = z.object({
  ...paging({ limit: 20, max: 100 }),
  query: text({ max: 200 }).optional(),
  tag: text({ max: 200 }).optional(),
  sort: text({ max: 20 }).default('new'),
});
export const feed = operation('projects.feed', FeedQuery, z.array(FeedItem));
export const listUserProjects = operation(
  'projects.listUserProjects',
  z.object({ user_id: Id, ...paging({ limit: 20, max: 100 }) }),
  z.array(FeedItem),
);
export const toggleLike = operation('projects.toggleLike', z.object(OnProject), z.boolean());

// --- branches, workspaces, commits ----------------------------------------------------------------------------------

const Contributor = z
  .object({ name: z.string().nullable(), count: z.number().int(), score: z.number(), percent: z.number() })
  .meta({ id: 'Contributor' });

const branchFields = {
  id: z.string(),
  name: z.string(),
  head_commit_id: z.string().nullable(),
  description: z.string().nullable(),
  tags: z.array(z.string()).nullable(),
  parent_branch_id: z.string().nullable(),
};
const branchFigures = {
  contributors: z.array(Contributor),
  project_percent: z.number(),
  commit_count: z.number().int(),
};

export const Branch = z.object({ ...branchFields, project_id: z.string() }).meta({ id: 'Branch' });
export type Branch = z.input<typeof Branch>;
export const BranchWithFigures = Branch.extend(branchFigures).meta({ id: 'BranchWithFigures' });

export const Graph = z
  .object({
    branches: z.array(z.object({ ...branchFields, ...branchFigures })),
    commits: z.array(
      z.object({
        id: z.string(),
        message: z.string(),
        parent_hash: z.string().nullable(),
        parents: z.array(z.string()),
        created_at: InstantWithOffset,
        author_id: z.string().nullable(),
      }),
    ),
    /** The last commit of a page that is not the last. */
    next: z.string().nullable(),
  })
  .meta({ id: 'Graph' });
export type Graph = z.input<typeof Graph>;

export const Commit = z
  .object({
    id: z.string(),
    project_id: z.string(),
    message: z.string(),
    parent_hash: z.string().nullable(),
    video_assets: JsonObject,
    created_at: Instant,
  })
  .meta({ id: 'Commit' });
export type Commit = z.input<typeof Commit>;

/** A branch's head: the old keys, and `head_commit` for those who want to name it. Without commits `{"video_assets": {}}`. */
export const Head = z
  .object({
    commit_id: z.string().optional(),
    message: z.string().optional(),
    video_assets: JsonObject,
    head_commit: z
      .object({
        hash: z.string(),
        id: z.string(),
        message: z.string(),
        parent_hash: z.string().nullable(),
        author_id: z.string().nullable(),
        created_at: Instant,
      })
      .nullable(),
  })
  .meta({ id: 'Head' });
export type Head = z.input<typeof Head>;

export const listBranches = operation('projects.listBranches', z.object(OnProject), z.array(BranchWithFigures));
export const getGraph = operation(
  'projects.getGraph',
  z.object({
    ...OnProject,
    after: CommitHash.optional(),
    limit: whole({ min: 1, max: 1000, clamp: true }).optional(),
  }),
  Graph,
);
export const getHead = operation('projects.getHead', z.object(OnBranch), Head);
/** A workspace with the tag that names this very state of it; `document` is null when it is the one the caller has. */
export const Workspace = z.object({ document: JsonObject.nullable(), etag: z.string() });
const EntityTags = text({ max: 2000 }).optional();

export const getWorkspace = operation(
  'projects.getWorkspace',
  z.object({ ...OnBranch, if_none_match: EntityTags }),
  Workspace,
);
/** The document that was sent does not come back. With `if_match`, only over a state that it names: else nothing is saved, and a `conflict` gives precondition_failed as its reason. */
export const saveWorkspace = operation(
  'projects.saveWorkspace',
  z.object({ ...OnBranch, document: JsonObject, if_match: EntityTags }),
  Workspace,
  { timeoutMs: 30_000 },
);
export const createCommit = operation(
  'projects.createCommit',
  z.object({
    ...OnProject,
    message: Message,
    video_assets: JsonObject,
    branch_name: BranchName.default('main'),
    parent_hash: CommitHash.nullish(),
    /** Whether to merge the snapshot, made from `parent_hash`, into a head that has moved on, rather than to refuse it. */
    rebase: Flag.default(false),
  }),
  /** `video_assets` is null when it is what was sent. */
  z.object({ ...Commit.shape, video_assets: JsonObject.nullable() }),
  { timeoutMs: 30_000 },
);
export const createBranch = operation(
  'projects.createBranch',
  z.object({
    ...OnProject,
    name: BranchName,
    from_commit_hash: CommitHash.nullish(),
    description: text({ max: 20_000 }).nullish(),
    tags: Tags.nullish(),
    parent_branch_id: Id.nullish(),
  }),
  Branch,
);
export const forkProject = operation(
  'projects.fork',
  z.object({ ...OnProject, commit_hash: CommitHash.nullish() }),
  Project,
  { timeoutMs: 30_000 },
);
export const forkBranch = operation(
  'projects.forkBranch',
  z.object({
    ...OnProject,
    source_branch_name: BranchName.default('main'),
    from_commit_hash: CommitHash.nullish(),
    name: BranchName.nullish(),
    description: text({ max: 20_000 }).nullish(),
    tags: Tags.nullish(),
  }),
  Branch,
);

// --- history --------------------------------------------------------------------------------------------------------

export const CommitLogEntry = z
  .object({
    id: z.string(),
    message: z.string(),
    parents: z.array(z.string()),
    author_id: z.string().nullable(),
    author_name: z.string().nullable(),
    created_at: Instant,
  })
  .meta({ id: 'CommitLogEntry' });

export const CommitDetails = CommitLogEntry.extend({ video_assets: JsonObject }).meta({ id: 'CommitDetails' });
export const Comparison = z
  .object({
    base: z.string().nullable(),
    head: z.string().nullable(),
    merge_bases: z.array(z.string()),
    ahead: z.number().int(),
    behind: z.number().int(),
    ...Changes.shape,
  })
  .meta({ id: 'Comparison' });

export const listCommits = operation(
  'projects.listCommits',
  z.object({
    ...OnProject,
    ref: Ref.default('main'),
    author_id: Id.optional(),
    /** Commits whose message has this text in it. */
    text: text({ max: 500 }).optional(),
    since: InstantInput.optional(),
    until: InstantInput.optional(),
    /** Commits that changed this thing: its kind and its id. */
    entity: EntityKind.optional(),
    entity_id: text({ min: 1, max: 500 }).optional(),
    after: CommitHash.optional(),
    limit: whole({ min: 1, max: 500, clamp: true }).default(50),
  }),
  z.object({ items: z.array(CommitLogEntry), next: z.string().nullable() }).meta({ id: 'CommitLog' }),
);
export const getCommit = operation('projects.getCommit', z.object({ ...OnProject, commit: Ref }), CommitDetails);
/** What the head has that the base has not: commits by number, and the change between their merge base and the head. */
export const compareRefs = operation(
  'projects.compareRefs',
  z.object({ ...OnProject, base: Ref, head: Ref, head_project_id: Id.optional(), language: Language.default('en') }),
  Comparison,
  { timeoutMs: 30_000 },
);

// --- anchors --------------------------------------------------------------------------------------------------------

export const Anchor = z
  .object({ id: z.number().int(), name: z.string(), project_id: z.string(), reference_image_url: z.string() })
  .meta({ id: 'Anchor' });

export const createAnchor = operation(
  'projects.createAnchor',
  z.object({ ...OnProject, name: text({ max: 500 }), reference_image_url: text({ max: 4000 }) }),
  Anchor,
);
export const listAnchors = operation('projects.listAnchors', z.object(OnProject), z.array(Anchor));
export const getAnchor = operation(
  'projects.getAnchor',
  z.object({ anchor_id: whole({ min: 1, max: 2_147_483_647 }) }),
  Anchor,
);

// --- export and import ----------------------------------------------------------------------------------------------

export const ExportPayload = z
  .object({
    source: z.object({
      cloud_project_id: text({ max: 200 }),
      cloud_branch_name: BranchName,
      cloud_origin: text({ max: 2000 }).nullish().default(null),
    }),
    project: z.object({
      name: text({ max: 500 }),
      description: text({ max: 20_000 }).nullish().default(null),
      tags: Tags.nullish().default(null),
    }),
    branch: z.object({
      name: BranchName,
      description: text({ max: 20_000 }).nullish().default(null),
      tags: Tags.nullish().default(null),
      workspace_data: JsonObject.nullish().default(null),
    }),
    head_commit: z
      .object({ message: Message.nullish().default(null), video_assets: JsonObject.nullish().default(null) })
      .nullish()
      .default(null),
  })
  .meta({ id: 'ExportPayload' });
export type ExportPayload = z.output<typeof ExportPayload>;

export const exportProject = operation('projects.export', z.object(OnBranch), ExportPayload);
export const importProject = operation('projects.import', ExportPayload, Project, { timeoutMs: 30_000 });

// --- interchange with other editors ---------------------------------------------------------------------------------

export const TimelineFormat = z.enum(['otio', 'edl', 'fcpxml']);
export type TimelineFormat = z.output<typeof TimelineFormat>;

export const TimelineFile = z
  .object({
    format: TimelineFormat,
    filename: z.string(),
    content: z.string(),
    ...Lost,
    /** What the branch was at: what comes back from the other editor is made from that. */
    head_commit_id: z.string().nullable(),
  })
  .meta({ id: 'TimelineFile' });
export const ImportedTimeline = z.object({ project: Project, ...Lost }).meta({ id: 'ImportedTimeline' });

export const exportTimeline = operation(
  'projects.exportTimeline',
  z.object({ ...OnBranch, format: TimelineFormat.default('otio'), language: Language.default('en') }),
  TimelineFile,
  { timeoutMs: 60_000 },
);
/** A new private project from another editor's file; `rate` (as "25" or "29.97") is what an EDL does not say itself. */
export const importTimeline = operation(
  'projects.importTimeline',
  z.object({
    name: text({ max: 500 }),
    format: TimelineFormat,
    content: text({ max: 50_000_000 }),
    rate: text({ max: 20 }).default('25'),
    language: Language.default('en'),
  }),
  ImportedTimeline,
  { timeoutMs: 60_000 },
);

// --- merge requests -------------------------------------------------------------------------------------------------

export const MergeRequest = z
  .object({
    id: z.string(),
    project_id: z.string(),
    source_branch_name: z.string(),
    target_branch_name: z.string(),
    title: z.string().nullable(),
    description: z.string().nullable(),
    clip_ids: z.array(z.string()).nullable(),
    merged_clip_ids: z.array(z.string()).nullable(),
    status: z.enum(['open', 'merged', 'closed']),
    merged_by: z.string().nullable(),
    merged_at: Instant.nullable(),
    merge_commit_id: z.string().nullable(),
    merge_method: z.enum(['merge', 'squash', 'fast_forward']).nullable(),
    creator_id: z.string().nullable(),
    /** What its creator is called who is nobody here: it came in with a bundle. */
    foreign_author_name: z.string().nullable(),
    /** Another project than `project_id` when it comes from a fork; null when that is gone. */
    source_project_id: z.string().nullable(),
    /** The commit that is offered: the newest one, also when its branch is gone. */
    head_commit_id: z.string().nullable(),
    is_draft: z.boolean(),
    closed_by: z.string().nullable(),
    closed_at: Instant.nullable(),
    created_at: Instant,
    updated_at: Instant,
    extra: z.null(),
  })
  .meta({ id: 'MergeRequest' });
export type MergeRequest = z.input<typeof MergeRequest>;

const OnMergeRequest = z.object({ merge_request_id: Id });

export const createMergeRequest = operation(
  'projects.createMergeRequest',
  z.object({
    ...OnProject,
    source_branch_name: BranchName,
    target_branch_name: BranchName.nullish(),
    title: text({ max: 500 }).nullish(),
    description: text({ max: 20_000 }).nullish(),
    clip_ids: list(Id, 200).nullish(),
    /** The project that the source branch is in, when it is another: a fork. */
    source_project_id: Id.nullish(),
    is_draft: Flag.nullish(),
    reviewer_ids: list(Id, 50).nullish(),
  }),
  MergeRequest,
  { timeoutMs: 30_000 },
);
export const listMergeRequests = operation(
  'projects.listMergeRequests',
  z.object({
    ...OnProject,
    status: z.enum(['open', 'merged', 'closed']).optional(),
    /** Those that would come into the project, or, for its people, those by which its branches are offered to other projects. */
    direction: z.enum(['incoming', 'outgoing']).default('incoming'),
    ...paging({ limit: 200, max: 200 }),
  }),
  z.array(MergeRequest),
);
export const getMergeRequest = operation('projects.getMergeRequest', OnMergeRequest, MergeRequest);
export const closeMergeRequest = operation('projects.closeMergeRequest', OnMergeRequest, MergeRequest);
/** Merges, if nothing keeps it from merging; with expected heads, only from the one into the other. */
export const mergeMergeRequest = operation(
  'projects.mergeMergeRequest',
  OnMergeRequest.extend({
    method: z.enum(['merge', 'squash', 'fast_forward']).default('merge'),
    message: Message.optional(),
    expected_source_head: CommitHash.optional(),
    expected_target_head: CommitHash.optional(),
  }),
  MergeRequest,
  { timeoutMs: 30_000 },
);
