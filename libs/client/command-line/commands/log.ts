import { AppError } from '#libs/errors/app-error';
import { eachOf } from '../../api/pages.js';
import type { AddCommand, CommonOptions } from '../command-line.js';
import { authorNames } from '../author-name.js';
import { graphOf } from '../commit-graph.js';
import { pushedRef } from '../working-copy/head-ref.js';
import { short } from '../working-copy/remote.js';
import { wholeNumber } from '../numbers.js';
import { firstLine } from './status.js';

interface Options extends CommonOptions {
  number: number;
  graph?: boolean;
}

/** `evidverse log`: what led to a branch or commit, newest first; first of all what was not pushed yet. */
export const log: AddCommand = (program, line) =>
  void program
    .command('log')
    .description('the commits, newest first')
    .argument('[ref]', 'a branch, tag or commit; your branch if not said')
    .option('-n, --number <count>', 'how many', wholeNumber, 20)
    .option('--graph', 'draw how they came together')
    .action(
      line.run(async (options: Options, ref?: string) => {
        const copy = await line.copy(options);
        const { project_id, branch, head, pending, server } = copy.state;
        const own = ref === undefined ? pending.toReversed() : [];
        const api = await line.api(options, server);
        const path = { project_id };
        const limit = Math.min(500, options.number);
        const from = ref === undefined ? branch : pushedRef(copy.state, ref);
        const pages = eachOf((after) =>
          api
            .get('/api/v1/projects/{project_id}/commits', { path, query: { ref: from, after, limit } })
            .catch((thrown: unknown) => emptyBranch(thrown, head)),
        );
        const commits = [];
        for await (const commit of pages) if (commits.push(commit) === options.number) break;
        const nameOf = await authorNames(api, commits);
        const lines = commits.map((one) =>
          [short(one.id), one.created_at.slice(0, 16).replace('T', ' '), nameOf(one), firstLine(one.message)].join(
            '  ',
          ),
        );
        if (commits.length + own.length === 0)
          return { data: { pending: own, commits }, text: 'There is no commit yet.' };
        const drawn = options.graph ? graphOf(commits) : commits.map(() => '');
        return {
          data: { pending: own, commits },
          text: [
            ...own.map(({ message }) => `not pushed  ${firstLine(message)}`),
            ...lines.flatMap((text, at) => (options.graph ? drawnLines(drawn[at]!, text) : [text])),
          ],
        };
      }),
    );

/** A branch without any commit has an empty log. */
function emptyBranch(thrown: unknown, head: string | null) {
  if (head === null && thrown instanceof AppError && thrown.code === 'not_found') return { items: [], next: null };
  throw thrown;
}

/** The first line of a drawing stands beside the commit; what follows it leads to the next. */
function drawnLines(drawing: string, text: string): string[] {
  const [first = '', ...others] = drawing.split('\n');
  return [`${first} ${text}`, ...others];
}
