import { describeChanges, type Language } from '#libs/timeline/diff/describe-changes';
import { diffDocuments } from '#libs/timeline/diff/diff-documents';
import type { AddCommand, CommonOptions, Outcome } from '../command-line.js';
import { pullCommits, type Pulled } from '../working-copy/pull-commits.js';
import { short } from '../working-copy/remote.js';
import { firstLine } from './status.js';

/** `evidverse pull`: brings what is new on the branch; what was done here is kept, or nothing is changed at all. */
export const pull: AddCommand = (program, line) =>
  void program
    .command('pull')
    .description('bring what is new on the branch, and keep what you did')
    .action(
      line.run(async (options: CommonOptions) =>
        (await line.copy(options)).alone(async (copy) => {
          const api = await line.api(options, copy.state.server);
          const bar = line.terminal.bar('Pulling', 'percent');
          const outcome = await pullCommits(api, copy, options.lang, bar.to).finally(() => bar.end());
          return pulledTold(outcome, copy.state.branch, options.lang);
        }),
      ),
    );

/** What a pull into a branch has come to. */
export function pulledTold(outcome: Pulled, branch: string, language: Language): Outcome {
  if (outcome.kind === 'up_to_date')
    return { data: { branch, ...outcome }, text: `${branch} is at ${short(outcome.head)}, and so are you.` };
  if (outcome.kind === 'conflicts')
    return {
      data: { branch, ...outcome },
      text: [
        `Both ${branch} and your copy changed the same. Nothing here was touched.`,
        ...outcome.conflicts.map(
          ({ where, what, commit }) => `  ${where}: ${what}${commit === null ? '' : ` (your "${firstLine(commit)}")`}`,
        ),
        'Next: commit what you have, evidverse push --to <new branch>, then: evidverse mr create, mr conflicts, mr resolve',
      ],
      exit: 1,
    };
  const words = describeChanges(diffDocuments(outcome.before, outcome.after), { language });
  const text = [
    ...words,
    `${branch} is at ${short(outcome.head)}.${outcome.merged ? ' What you did stands upon it.' : ''}`,
  ];
  return { data: { branch, kind: outcome.kind, head: outcome.head, merged: outcome.merged, changes: words }, text };
}
