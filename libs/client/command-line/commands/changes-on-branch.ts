import { InvalidArgumentError } from 'commander';
import { AppError } from '#libs/errors/app-error';
import type { Api } from '../../api/api.js';
import type { AnswerOf } from '../../api/typed-calls.js';
import type { CommandLine, CommonOptions, Outcome } from '../command-line.js';
import { pullCommits } from '../working-copy/pull-commits.js';
import { short } from '../working-copy/remote.js';
import type { State, WorkingCopy } from '../working-copy/working-copy.js';
import { conflictLines } from './conflict-lines.js';
import { pulledTold } from './pull.js';

/** What a command that changes the branch on the server takes, besides what it is about. */
export interface ChangeOptions extends CommonOptions {
  message?: string;
  settle: readonly Settled[];
}
export interface Settled {
  readonly conflict: string;
  readonly take: Take;
}
type Take = (typeof TAKES)[number];
const TAKES = ['ours', 'theirs', 'base', 'restore', 'drop_use', 'nearest_gap'] as const;

/** The words for `--settle`, which may be said again for every conflict. */
export const SETTLE = ['--settle <conflict=way>', 'decide a conflict; once for each', settled, []] as const;

type Conflicts = AnswerOf<'/api/v1/projects/{project_id}/revert', 'post'>['conflicts'];
interface Done {
  commit_id: string | null;
  conflicts: Conflicts;
}
/** What is sent: who begins with a look at the conflicts sends `preview`. */
interface Wish {
  branch_name: string;
  message: string | undefined;
  expected_head: string | undefined;
  language: 'en' | 'zh';
  preview: boolean;
  resolutions: { conflict_id: string; take: Take }[];
}

/**
 * Has the server change the branch that one is on, and brings the working copy there. It looks first: with conflicts that
 * nobody decided nothing is done, and they are told.
 */
export async function changeBranch(
  line: CommandLine,
  options: ChangeOptions,
  ask: (api: Api, state: State, wish: Wish) => Promise<Done>,
  words: { done: (commit: string) => string; nothing: string },
): Promise<Outcome> {
  return (await line.copy(options)).alone(async (copy) => {
    requirePushed(copy.state);
    const api = await line.api(options, copy.state.server);
    const { branch, head } = copy.state;
    const wish: Wish = {
      branch_name: branch,
      message: options.message,
      expected_head: head ?? undefined,
      language: options.lang,
      preview: true,
      resolutions: [],
    };
    const { conflicts } = await ask(api, copy.state, wish);
    const resolutions = options.settle.map((one) => ({ conflict_id: found(conflicts, one), take: one.take }));
    const open = conflicts.filter(({ id }) => resolutions.every(({ conflict_id }) => conflict_id !== id));
    if (open.length > 0) return { data: { commit_id: null, conflicts }, text: toDecide(open), exit: 1 };
    const done = await ask(api, copy.state, { ...wish, preview: false, resolutions });
    if (done.commit_id === null) return { data: done, text: words.nothing };
    return brought(api, copy, options, done, words.done(short(done.commit_id)));
  });
}

async function brought(api: Api, copy: WorkingCopy, { lang }: CommonOptions, done: Done, said: string) {
  const pulled = pulledTold(await pullCommits(api, copy, lang), copy.state.branch, lang);
  return { ...pulled, data: { ...done, pulled: pulled.data }, text: [said, ...[pulled.text].flat()] };
}

/** Only what the server has can be changed there. */
export function requirePushed({ pending, branch }: State): void {
  if (pending.length > 0)
    throw new AppError('conflict', `${pending.length} commits on ${branch} were not pushed. Next: evidverse push`);
}

function found(conflicts: Conflicts, { conflict }: Settled): string {
  const all = conflicts.filter(({ id }) => id.startsWith(conflict));
  if (all.length === 1) return all[0]!.id;
  throw new AppError(
    'invalid',
    `${all.length === 0 ? 'No conflict begins' : 'Several conflicts begin'} with ${conflict}.`,
  );
}

const toDecide = (open: Conflicts): string[] => [
  'Nothing was done, for there is something to decide:',
  ...conflictLines(open.map(withoutValues), (take, id) => `--settle ${id}=${take}`),
  'Next: the same again, with --settle for each.',
];

/** A value of one's own is written into the film afterwards. */
const withoutValues = (conflict: Conflicts[number]): Conflicts[number] => ({
  ...conflict,
  choices: conflict.choices.filter(({ take }) => take !== 'value'),
});

function settled(text: string, before: readonly Settled[]): Settled[] {
  const [conflict = '', take = ''] = text.split('=');
  const way = TAKES.find((one) => one === take);
  if (conflict === '' || way === undefined)
    throw new InvalidArgumentError(`It looks like e260964a7d=theirs; the ways are ${TAKES.join(', ')}.`);
  return [...before, { conflict, take: way }];
}
