import type { Command } from 'commander';
import { AppError } from '#libs/errors/app-error';
import type { Api } from '../../api/api.js';
import type { AnswerOf } from '../../api/typed-calls.js';
import { authorNames } from '../author-name.js';
import type { CommandLine, CommonOptions } from '../command-line.js';
import { oneOf } from '../one-of.js';
import { firstLine } from './status.js';

type ReviewState = AnswerOf<'/api/v1/merge-requests/{merge_request_id}/reviews', 'get'>;
interface ReviewOptions extends CommonOptions {
  message?: string;
}

/** How verdicts are said on the way in, and how the server calls them. */
const VERDICTS = {
  approve: 'approved',
  'request-changes': 'changes_requested',
  comment: 'commented',
} as const;
type Verdict = keyof typeof VERDICTS;
const SAID = Object.keys(VERDICTS) as Verdict[];

/** `evidverse mr review`: what one thinks of what is offered now. */
export const review = (group: Command, line: CommandLine) =>
  group
    .command('review')
    .description('say what you think of it: approve, request-changes or comment')
    .argument('<id>')
    .argument('<verdict>', SAID.join(', '), oneOf(SAID))
    .option('-m, --message <text>', 'why')
    .action(
      line.run(async ({ message, ...options }: ReviewOptions, id: string, verdict: Verdict) => {
        if (verdict !== 'approve' && !message?.trim())
          throw new AppError('invalid', `Say what you mean: evidverse mr review ${id} ${verdict} -m "…"`);
        const api = await line.api(options);
        const path = { merge_request_id: id };
        const { head_commit_id } = await api.get('/api/v1/merge-requests/{merge_request_id}', { path });
        const state = await api.post('/api/v1/merge-requests/{merge_request_id}/reviews', {
          path,
          body: { verdict: VERDICTS[verdict], body: message, head_commit_id },
        });
        return { data: state, text: await reviewLines(api, state) };
      }),
    );

/** `evidverse mr ready`: a draft is a draft no longer; with --draft, it is one again. */
export const ready = (group: Command, line: CommandLine) =>
  group
    .command('ready')
    .description('what was a draft may be merged')
    .argument('<id>')
    .option('--draft', 'it is a draft again')
    .action(
      line.run(async ({ draft = false, ...options }: CommonOptions & { draft?: boolean }, id: string) => {
        const changed = await (
          await line.api(options)
        ).patch('/api/v1/merge-requests/{merge_request_id}', {
          path: { merge_request_id: id },
          body: { is_draft: draft },
        });
        return { data: changed, text: draft ? 'It is a draft.' : `It may be merged. Next: evidverse mr show ${id}` };
      }),
    );

/** `evidverse mr reopen`: a closed one is open again, with whatever its branch has by now. */
export const reopen = (group: Command, line: CommandLine) =>
  group
    .command('reopen')
    .description('open it again after it was closed')
    .argument('<id>')
    .action(
      line.run(async (options: CommonOptions, id: string) => {
        const opened = await (
          await line.api(options)
        ).post('/api/v1/merge-requests/{merge_request_id}/reopen', { path: { merge_request_id: id } });
        return { data: opened, text: `Open again: ${opened.source_branch_name} → ${opened.target_branch_name}.` };
      }),
    );

/** What was said of a request, by whom, and whether it counts; nothing where nobody said or must say anything. */
export async function reviewLines(
  api: Api,
  { reviews, approvals, required_approvals }: ReviewState,
): Promise<string[]> {
  const said = reviews.map((one) => ({ ...one, author_id: one.user_id, author_name: one.user_name }));
  const nameOf = await authorNames(api, said);
  return [
    ...said.map((one) => {
      const aside = one.not_counted === null ? '' : ` (${WHY_NOT[one.not_counted]})`;
      const body = one.body ? `: ${firstLine(one.body)}` : '';
      return `${nameOf(one)} ${WORDS[one.verdict]}${aside}${body}`;
    }),
    ...(required_approvals > 0 ? [`${approvals} of ${required_approvals} approvals that it needs.`] : []),
  ];
}

const WORDS = { approved: 'approved', changes_requested: 'requested changes', commented: 'commented' } as const;
const WHY_NOT = {
  dismissed: 'dismissed',
  superseded: 'said otherwise since',
  role: 'does not count, by their role',
  stale: 'of what was offered before',
  own_work: 'of their own work, which does not count',
} as const;
