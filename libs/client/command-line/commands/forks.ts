import type { Api } from '../../api/api.js';
import type { AddCommand, CommonOptions } from '../command-line.js';
import { changeBranch, SETTLE, type ChangeOptions } from './changes-on-branch.js';
import { findProject } from './clone.js';

/** `evidverse fork`: a project of one's own that begins as another and shares its history. */
export const fork: AddCommand = (program, line) =>
  void program
    .command('fork')
    .description('a project of your own that begins as another')
    .argument('[project]', 'its id, or its name if it is yours; that of this working copy if not said')
    .option('--name <name>', 'what yours is called')
    .action(
      line.run(async (options: CommonOptions & { name?: string }, wanted?: string) => {
        const copy = wanted === undefined ? await line.copy(options) : null;
        const api = await line.api(options, copy?.state.server);
        const project_id = copy?.state.project_id ?? (await findProject(api, wanted!)).id;
        const made = await api.post('/api/v1/projects/{project_id}/fork', { path: { project_id }, body: {} });
        const mine = options.name === undefined ? made : await renamed(api, made.id, options.name);
        return {
          data: mine,
          text: [
            mine.id,
            `${mine.name} is yours. Next: evidverse clone ${mine.id}`,
            'There, evidverse catch-up brings what is new in the original, and mr create --to-original offers yours to it.',
          ],
        };
      }),
    );

const renamed = (api: Api, project_id: string, name: string) =>
  api.put('/api/v1/projects/{project_id}', { path: { project_id }, body: { name } });

/** `evidverse catch-up`: merges what came to the original since into the branch of a fork. */
export const catchUp: AddCommand = (program, line) =>
  void program
    .command('catch-up')
    .description('in a fork: bring what is new in the original')
    .argument('[ref]', 'a branch, tag or commit of the original', 'main')
    .option('-m, --message <text>')
    .option(...SETTLE)
    .action(
      line.run((options: ChangeOptions, from: string) =>
        changeBranch(
          line,
          options,
          (api, { project_id }, wish) =>
            api.post('/api/v1/projects/{project_id}/catch-up', { path: { project_id }, body: { ...wish, from } }),
          {
            done: () => `What is new in ${from} of the original is here.`,
            nothing: `There is nothing new in ${from} of the original.`,
          },
        ),
      ),
    );
