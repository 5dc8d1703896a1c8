import { AppError } from '#libs/errors/app-error';
import { describeChanges } from '#libs/timeline/diff/describe-changes';
import { diffDocuments } from '#libs/timeline/diff/diff-documents';
import type { AddCommand, CommonOptions } from '../command-line.js';

interface Options extends CommonOptions {
  message: string;
}

/** `evidverse commit`: keeps timeline.json as it is now under a message, here, until it is pushed. */
export const commit: AddCommand = (program, line) =>
  void program
    .command('commit')
    .description('keep what you changed, under a message')
    .requiredOption('-m, --message <text>', 'what is new')
    .action(
      line.run(async (options: Options) =>
        (await line.copy(options)).alone(async (copy) => {
          const { message } = options;
          if (message.trim() === '') throw new AppError('invalid', 'A commit needs a message: -m "what is new"');
          const document = await copy.edited();
          const changes = diffDocuments(await copy.committed(), document);
          const words = describeChanges(changes, { language: options.lang });
          if (changes.length === 0)
            return {
              data: { committed: false, changes: [] },
              text: 'Nothing is changed, so there is nothing to commit.',
              exit: 1,
            };
          const one = { message, document: await copy.keep(document), committed_at: new Date().toISOString() };
          await copy.become({ pending: [...copy.state.pending, one] });
          return { data: { committed: true, changes: words }, text: [...words, `Committed. Next: evidverse push`] };
        }),
      ),
    );
