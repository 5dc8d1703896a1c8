import type { Language } from '#libs/timeline/diff/describe-changes';

/** What is known of a request when it is asked whether it can be merged. */
export interface RequestState {
  status: 'open' | 'merged' | 'closed';
  is_draft: boolean;
  creator_id: string | null;
  source_exists: boolean;
  target_exists: boolean;
  offers_a_commit: boolean;
  open_conflicts: number;
  approvals: number;
  required_approvals: number;
  /** Who asked for changes, and has not approved since. */
  changes_requested_by: { id: string; name: string | null }[];
  open_threads: number;
  threads_must_be_resolved: boolean;
  /** Whether the wished way to merge only works when the target has nothing of its own, and it has. */
  cannot_fast_forward: boolean;
}

export type BlockerCode = keyof (typeof WORDS)['en'];
type Clearer = 'creator' | 'committers' | 'reviewers' | 'contributors' | 'maintainers' | 'owner';

export interface Blocker {
  code: BlockerCode;
  words: string;
  cleared_by: Clearer[];
  cleared_by_ids: string[];
}

/** All that keeps a request from merging, each with who can clear it; nothing when it can be merged. */
export function blockersOf(state: RequestState, language: Language): Blocker[] {
  const found: Blocker[] = [];
  const block = (code: BlockerCode, cleared_by: Clearer[], ids: (string | null)[] = []) =>
    found.push({
      code,
      words: WORDS[language][code](state),
      cleared_by,
      cleared_by_ids: ids.filter((id) => id !== null),
    });
  if (state.status !== 'open')
    block('not_open', state.status === 'closed' ? ['creator', 'maintainers'] : [], [state.creator_id]);
  if (state.is_draft) block('draft', ['creator', 'maintainers'], [state.creator_id]);
  if (!state.source_exists) block('source_gone', []);
  if (!state.target_exists) block('target_gone', []);
  if (state.source_exists && !state.offers_a_commit) block('nothing_offered', ['committers']);
  if (state.open_conflicts > 0) block('conflicts', ['creator', 'contributors', 'maintainers'], [state.creator_id]);
  if (state.approvals < state.required_approvals) block('approvals_missing', ['contributors', 'maintainers', 'owner']);
  if (state.changes_requested_by.length > 0)
    block(
      'changes_requested',
      ['reviewers', 'maintainers'],
      state.changes_requested_by.map(({ id }) => id),
    );
  if (state.threads_must_be_resolved && state.open_threads > 0)
    block('threads_open', ['creator', 'maintainers'], [state.creator_id]);
  if (state.cannot_fast_forward) block('not_fast_forward', ['committers', 'maintainers']);
  return found;
}

const people = (named: RequestState['changes_requested_by'], comma: string, nobody: string): string =>
  named.map(({ name }) => name ?? nobody).join(comma);

const WORDS = {
  en: {
    not_open: ({ status }: RequestState) =>
      status === 'merged' ? 'It is merged already.' : 'It is closed: open it again.',
    draft: () => 'It is a draft: say that it is ready.',
    source_gone: () => 'The branch it came from is gone.',
    target_gone: () => 'The branch it is for is gone.',
    nothing_offered: () => 'There is no commit on its branch yet.',
    conflicts: ({ open_conflicts: n }: RequestState) =>
      n === 1 ? 'One conflict is to be settled.' : `${n} conflicts are to be settled.`,
    approvals_missing: ({ approvals, required_approvals }: RequestState) =>
      `It has ${approvals} of the ${required_approvals} approvals it needs for what is offered now.`,
    changes_requested: ({ changes_requested_by }: RequestState) =>
      `${people(changes_requested_by, ', ', 'Somebody')} asked for changes.`,
    threads_open: ({ open_threads: n }: RequestState) =>
      n === 1 ? 'One thread is not resolved.' : `${n} threads are not resolved.`,
    not_fast_forward: () => 'The target has commits of its own: merge it in first, or merge by a commit.',
  },
  zh: {
    not_open: ({ status }: RequestState) => (status === 'merged' ? '它已经合并。' : '它已关闭，请重新打开。'),
    draft: () => '它还是草稿，请标记为就绪。',
    source_gone: () => '来源分支已不存在。',
    target_gone: () => '目标分支已不存在。',
    nothing_offered: () => '来源分支还没有提交。',
    conflicts: ({ open_conflicts: n }: RequestState) => `还有 ${n} 处冲突需要解决。`,
    approvals_missing: ({ approvals, required_approvals }: RequestState) =>
      `针对当前内容需要 ${required_approvals} 个批准，现有 ${approvals} 个。`,
    changes_requested: ({ changes_requested_by }: RequestState) =>
      `${people(changes_requested_by, '、', '有人')}要求修改。`,
    threads_open: ({ open_threads: n }: RequestState) => `还有 ${n} 个讨论未解决。`,
    not_fast_forward: () => '目标分支有自己的提交：请先把它合并进来，或用合并提交。',
  },
} as const satisfies Record<Language, Record<string, (state: RequestState) => string>>;
