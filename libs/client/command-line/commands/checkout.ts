import { AppError } from '#libs/errors/app-error';
import { contentHash } from '#libs/timeline/canonical-json';
import type { AddCommand, CommonOptions } from '../command-line.js';
import { known, remoteBranch, remoteDocument, short } from '../working-copy/remote.js';
import type { WorkingCopy } from '../working-copy/working-copy.js';
import { startBranch } from './branch.js';

interface Options extends CommonOptions {
  create?: boolean;
  force?: boolean;
}

/** `evidverse checkout`: this working copy becomes another branch; nothing that was done here is lost unless it is forced. */
export const checkout: AddCommand = (program, line) =>
  void program
    .command('checkout')
    .description('go to another branch')
    .argument('<branch>')
    .option('-b, --create', 'begin it here, and take along what you did')
    .option('-f, --force', 'throw away what was not pushed')
    .action(
      line.run(async (options: Options, name: string) =>
        (await line.copy(options)).alone(async (copy) => {
          const api = await line.api(options, copy.state.server);
          if (options.create) {
            const { state } = await startBranch(api, copy, name);
            return {
              data: { branch: name, head: state.head },
              text: `You are on ${name}, which begins at ${short(state.head)}.`,
            };
          }
          if (!options.force) await requireNothingToLose(copy);
          const { head } = await remoteBranch(api, { ...copy.state, branch: name });
          const { document } = await remoteDocument(api, copy.state.project_id, head, known(copy));
          await copy.become({ branch: name, head, document, pending: [] }, document);
          return { data: { branch: name, head }, text: `You are on ${name} at ${short(head)}.` };
        }),
      ),
    );

async function requireNothingToLose(copy: WorkingCopy): Promise<void> {
  const { pending, branch } = copy.state;
  if (pending.length > 0)
    throw new AppError(
      'conflict',
      `${pending.length} commits on ${branch} were not pushed. Next: evidverse push, or checkout --force to throw them away.`,
    );
  if (contentHash(await copy.edited()) !== contentHash(await copy.committed()))
    throw new AppError(
      'conflict',
      `What you changed on ${branch} is not committed. Next: evidverse commit, or checkout --force to throw it away.`,
    );
}
