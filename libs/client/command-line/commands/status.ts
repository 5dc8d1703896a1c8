import { AppError } from '#libs/errors/app-error';
import { describeChanges } from '#libs/timeline/diff/describe-changes';
import { diffDocuments } from '#libs/timeline/diff/diff-documents';
import type { AddCommand, CommonOptions } from '../command-line.js';
import { remoteBranch, short } from '../working-copy/remote.js';

interface Options extends CommonOptions {
  offline?: boolean;
}

/** `evidverse status`: what was edited, what was not pushed, and whether the server has moved on. */
export const status: AddCommand = (program, line) =>
  void program
    .command('status')
    .description('what you changed, and how you stand to the server')
    .option('--offline', 'do not ask the server')
    .action(
      line.run(async (options: Options) => {
        const copy = await line.copy(options);
        const { project_id, project_name, branch, head, pending, server } = copy.state;
        const changes = describeChanges(diffDocuments(await copy.committed(), await copy.edited()), {
          language: options.lang,
        });
        const asked = options.offline
          ? null
          : await askedFor(async () => remoteBranch(await line.api(options, server), copy.state));
        const remote_head = asked === null || asked instanceof AppError ? undefined : asked.head;
        const isBehind = remote_head !== undefined && remote_head !== head;
        const data = {
          server,
          project_id,
          branch,
          head,
          ...(remote_head !== undefined && { remote_head, is_behind: isBehind }),
          pending: pending.map(({ message, committed_at }) => ({ message, committed_at })),
          changes,
        };
        const text = [`${project_name}, on ${branch} at ${short(head)} of ${server}`];
        if (asked instanceof AppError) text.push(`The server could not be asked: ${asked.message}`);
        if (isBehind) text.push(`The server has moved on to ${short(remote_head)}. Next: evidverse pull`);
        if (pending.length > 0)
          text.push(
            '',
            'Committed, not pushed (evidverse push):',
            ...pending.map(({ message }) => `  ${firstLine(message)}`),
          );
        if (changes.length > 0)
          text.push('', 'Changed, not committed (evidverse commit -m "..."):', ...changes.map((one) => `  ${one}`));
        if (pending.length === 0 && changes.length === 0) text.push('Nothing is changed.');
        return { data, text };
      }),
    );

export const firstLine = (text: string): string => text.split('\n', 1)[0]!;

async function askedFor<T>(ask: () => Promise<T>): Promise<T | AppError> {
  return ask().catch((thrown: unknown) => {
    if (thrown instanceof AppError) return thrown;
    throw thrown;
  });
}
