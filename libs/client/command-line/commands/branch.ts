import { AppError } from '#libs/errors/app-error';
import type { Api } from '../../api/api.js';
import type { AddCommand, CommonOptions } from '../command-line.js';
import { inColumns } from '../terminal.js';
import { remoteBranch, remoteBranches, short } from '../working-copy/remote.js';
import type { WorkingCopy } from '../working-copy/working-copy.js';

interface Options extends CommonOptions {
  delete?: boolean;
}

/** `evidverse branch`: the branches; with a name, a new one from here; with --delete, one less. */
export const branch: AddCommand = (program, line) =>
  void program
    .command('branch')
    .description('the branches, or a new one from here')
    .argument('[name]')
    .option('-d, --delete', 'delete it, as long as it is what it was a moment ago')
    .action(
      line.run(async (options: Options, name?: string) => {
        const copy = await line.copy(options);
        const api = await line.api(options, copy.state.server);
        if (name === undefined) return listed(await remoteBranches(api, copy.state.project_id), copy.state.branch);
        if (options.delete) return deleted(api, copy, name);
        await createBranch(api, copy, name);
        return {
          data: { name, head: copy.state.head },
          text: `${name} begins at ${short(copy.state.head)}. Work on it: evidverse checkout ${name}`,
        };
      }),
    );

function listed(branches: Awaited<ReturnType<typeof remoteBranches>>, current: string) {
  const rows = branches.map(({ name, head }) => [name === current ? '*' : ' ', short(head), name]);
  return { data: branches.map((one) => ({ ...one, is_current: one.name === current })), text: inColumns(rows) };
}

async function deleted(api: Api, copy: WorkingCopy, name: string) {
  const { project_id } = copy.state;
  if (name === copy.state.branch)
    throw new AppError('conflict', `You are on ${name}. Go to another branch first: evidverse checkout <branch>`);
  const { head } = await remoteBranch(api, { project_id, branch: name });
  await api.delete('/api/v1/projects/{project_id}/branches/{branch_name}', {
    path: { project_id, branch_name: name },
    query: { expected_head: head ?? undefined },
  });
  return { data: { name, deleted: true }, text: `${name} is gone; it was at ${short(head)}.` };
}

/** Begins a branch on the server where this working copy began. */
export async function createBranch(api: Api, { state }: WorkingCopy, name: string): Promise<void> {
  const { project_id, head } = state;
  if (head === null) throw new AppError('conflict', 'There is no commit yet to begin a branch from. Push one first.');
  await api.post('/api/v1/branches', { body: { project_id, name, from_commit_hash: head } });
}

/** The same, and this working copy goes on there, with all that was done in it. */
export async function startBranch(api: Api, copy: WorkingCopy, name: string): Promise<WorkingCopy> {
  await createBranch(api, copy, name);
  return copy.become({ branch: name });
}
