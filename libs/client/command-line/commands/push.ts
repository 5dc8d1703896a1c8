import type { AddCommand, CommonOptions } from '../command-line.js';
import { pushCommits } from '../working-copy/push-commits.js';
import { short } from '../working-copy/remote.js';
import type { WorkingCopy } from '../working-copy/working-copy.js';
import { startBranch } from './branch.js';

interface Options extends CommonOptions {
  to?: string;
}

/** `evidverse push`: sends what was committed; a branch that is elsewhere by now is told of, never overwritten. */
export const push: AddCommand = (program, line) =>
  void program
    .command('push')
    .description('send your commits to the server')
    .option('--to <branch>', 'onto a new branch, from where yours began, and stay on it')
    .action(
      line.run(async (options: Options) =>
        (await line.copy(options)).alone(async (found) => {
          const api = await line.api(options, found.state.server);
          const copy: WorkingCopy = options.to === undefined ? found : await startBranch(api, found, options.to);
          const { pending, branch } = copy.state;
          if (pending.length === 0)
            return {
              data: { kind: 'pushed', branch, commits: [] },
              text: 'Everything that is committed is on the server.',
            };
          const bar = line.terminal.bar('Pushing', 'percent');
          const outcome = await pushCommits(api, copy, bar.to).finally(() => bar.end());
          if (outcome.kind === 'pushed')
            return {
              data: { branch, ...outcome },
              text:
                outcome.commits.length === 1
                  ? `${branch} is at ${short(outcome.head)}.`
                  : `${outcome.commits.length} commits are on ${branch}, now at ${short(outcome.head)}.`,
            };
          return {
            data: { branch, ...outcome },
            text: [
              `${branch} has moved on to ${short(outcome.head)} since you began. Nothing of it was overwritten.`,
              'Next: evidverse pull, which makes your commits anew upon it, then push again;',
              'or: evidverse push --to <new branch>, then: evidverse mr create',
            ],
            exit: 1,
          };
        }),
      ),
    );
