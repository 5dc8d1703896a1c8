/** What somebody may be to a project: its people by role, the creator of the branch in question, or a passer-by when it is public. */
export const RELATIONS = ['owner', 'maintainer', 'contributor', 'viewer', 'creator', 'visitor', 'anonymous'] as const;
export type Relation = (typeof RELATIONS)[number];

type Row = readonly [boolean, boolean, boolean, boolean, boolean, boolean, boolean];
const Y = true;
const n = false;

/**
 * Who may do what: the one place where it is decided. `visitor` and `anonymous` are signed-in and other people on a
 * public project; `creator` is whoever made the branch the act is about. Nobody else sees that the project exists.
 */
// prettier-ignore
const MATRIX = {
  //                        owner  maintainer  contributor  viewer  creator  visitor  anonymous
  readProject:             [Y,     Y,          Y,           Y,      n,       n,       n],
  readHistory:             [Y,     Y,          Y,           Y,      Y,       Y,       Y],
  readWorkspace:           [Y,     Y,          Y,           Y,      Y,       n,       n],
  readCommitted:           [Y,     Y,          Y,           Y,      Y,       Y,       n],
  exportProject:           [Y,     Y,          Y,           Y,      Y,       Y,       Y],
  saveWorkspace:           [Y,     Y,          n,           n,      Y,       n,       n],
  commit:                  [Y,     Y,          n,           n,      Y,       n,       n],
  createBranch:            [Y,     Y,          Y,           n,      n,       n,       n],
  renameBranch:            [Y,     Y,          n,           n,      Y,       n,       n],
  deleteBranch:            [Y,     Y,          n,           n,      Y,       n,       n],
  moveBranch:              [Y,     Y,          n,           n,      Y,       n,       n],
  protectBranch:           [Y,     Y,          n,           n,      n,       n,       n],
  readReflog:              [Y,     Y,          Y,           Y,      n,       n,       n],
  writeTags:               [Y,     Y,          n,           n,      n,       n,       n],
  forkBranch:              [Y,     Y,          Y,           n,      n,       Y,       n],
  fork:                    [Y,     Y,          Y,           Y,      n,       Y,       n],
  like:                    [Y,     Y,          Y,           Y,      n,       Y,       n],
  changeProject:           [Y,     Y,          n,           n,      n,       n,       n],
  deleteProject:           [Y,     n,          n,           n,      n,       n,       n],
  readMembers:             [Y,     Y,          Y,           Y,      n,       n,       n],
  leaveProject:            [Y,     Y,          Y,           Y,      n,       n,       n],
  manageMembers:           [Y,     Y,          n,           n,      n,       n,       n],
  manageMaintainers:       [Y,     n,          n,           n,      n,       n,       n],
  transferProject:         [Y,     n,          n,           n,      n,       n,       n],
  readAudit:               [Y,     Y,          n,           n,      n,       n,       n],
  readWebhooks:            [Y,     Y,          n,           n,      n,       n,       n],
  manageWebhooks:          [Y,     Y,          n,           n,      n,       n,       n],
  readAnchors:             [Y,     Y,          n,           n,      n,       n,       n],
  manageAnchors:           [Y,     Y,          n,           n,      n,       n,       n],
  readMergeRequests:       [Y,     Y,          Y,           Y,      n,       Y,       n],
  createMergeRequest:      [Y,     Y,          n,           n,      Y,       n,       n],
  offerMergeRequest:       [Y,     Y,          Y,           Y,      n,       Y,       n],
  commentMergeRequest:     [Y,     Y,          Y,           Y,      n,       Y,       n],
  approveMergeRequest:     [Y,     Y,          Y,           n,      n,       n,       n],
  resolveConflicts:        [Y,     Y,          Y,           n,      n,       n,       n],
  mergeMergeRequest:       [Y,     Y,          n,           n,      n,       n,       n],
  closeMergeRequest:       [Y,     Y,          n,           n,      n,       n,       n],
  readMedia:               [Y,     Y,          Y,           Y,      n,       n,       n],
  addMedia:                [Y,     Y,          Y,           n,      Y,       n,       n],
  manageMedia:             [Y,     Y,          n,           n,      n,       n,       n],
} as const satisfies Record<string, Row>;

export type Action = keyof typeof MATRIX;
export const ACTIONS = Object.keys(MATRIX) as Action[];

const READS: ReadonlySet<Action> = new Set<Action>([
  'readProject',
  'readHistory',
  'readWorkspace',
  'readCommitted',
  'exportProject',
  'readReflog',
  'readMembers',
  'readAudit',
  'readWebhooks',
  'readAnchors',
  'readMergeRequests',
  'readMedia',
]);

/** Whether an action leaves everything as it is. */
export const isRead = (action: Action): boolean => READS.has(action);

/** Who may put commits directly on a branch under each rule, of those who may commit at all; the others offer them for merging. */
const PUSH = {
  anyone: RELATIONS,
  maintainers: ['owner', 'maintainer'],
  owner: ['owner'],
  nobody: [],
} as const satisfies Record<string, readonly Relation[]>;
export type PushRule = keyof typeof PUSH;
export const PUSH_RULES = Object.keys(PUSH) as PushRule[];

/** Whether a branch's rule lets somebody commit on it directly. */
export const isPushAllowed = (rule: PushRule, relations: ReadonlySet<Relation>): boolean =>
  PUSH[rule].some((relation) => relations.has(relation));

/** Whether any of what the caller is to the project allows the action. */
export function isAllowed(action: Action, relations: ReadonlySet<Relation>): boolean {
  return RELATIONS.some((relation, column) => relations.has(relation) && MATRIX[action][column] === true);
}
