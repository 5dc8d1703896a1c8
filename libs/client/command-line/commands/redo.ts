import { wholeNumber } from '../numbers.js';
import type { AddCommand } from '../command-line.js';
import { pushedRef } from '../working-copy/head-ref.js';
import { short } from '../working-copy/remote.js';
import { changeBranch, SETTLE, type ChangeOptions } from './changes-on-branch.js';

interface Options extends ChangeOptions {
  mainline?: number;
}
const MAINLINE = ['--mainline <number>', 'of a merge: which parent counts as what was before', wholeNumber] as const;

/** `evidverse revert`: undoes what a commit did, by a commit on the branch one is on. */
export const revert: AddCommand = (program, line) =>
  void program
    .command('revert')
    .description('undo what a commit did, by a new commit')
    .argument('<commit>', 'a commit, tag or branch')
    .option('-m, --message <text>')
    .option(...MAINLINE)
    .option(...SETTLE)
    .action(
      line.run(({ mainline, ...options }: Options, commit: string) =>
        changeBranch(
          line,
          options,
          (api, state, wish) =>
            api.post('/api/v1/projects/{project_id}/revert', {
              path: { project_id: state.project_id },
              body: { ...wish, commit: pushedRef(state, commit), mainline },
            }),
          {
            done: (id) => `${named(commit)} is undone by ${id}.`,
            nothing: `Nothing of ${named(commit)} is left to be undone.`,
          },
        ),
      ),
    );

/** `evidverse cherry-pick`: does on the branch one is on what a commit did elsewhere, also in another project. */
export const cherryPick: AddCommand = (program, line) =>
  void program
    .command('cherry-pick')
    .description('do here what a commit did elsewhere')
    .argument('<commit>', 'a commit, tag or branch')
    .option('-m, --message <text>')
    .option('--from-project <id>', 'the project that has it, if it is another')
    .option(...MAINLINE)
    .option(...SETTLE)
    .action(
      line.run(({ mainline, fromProject, ...options }: Options & { fromProject?: string }, commit: string) =>
        changeBranch(
          line,
          options,
          (api, state, wish) =>
            api.post('/api/v1/projects/{project_id}/cherry-pick', {
              path: { project_id: state.project_id },
              body: { ...wish, commit: pushedRef(state, commit), mainline, from_project_id: fromProject },
            }),
          {
            done: (id) => `What ${named(commit)} did is done again by ${id}.`,
            nothing: `All that ${named(commit)} did is here already.`,
          },
        ),
      ),
    );

/** A hash is said as it is said everywhere, a name in full. */
const named = (ref: string): string => (/^[0-9a-f]{64}$/.test(ref) ? short(ref) : ref);
