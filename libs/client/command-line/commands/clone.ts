import { resolve } from 'node:path';
import { AppError } from '#libs/errors/app-error';
import type { Api } from '../../api/api.js';
import { eachFrom } from '../../api/pages.js';
import type { AddCommand, CommonOptions } from '../command-line.js';
import { remoteBranches, remoteDocument, short } from '../working-copy/remote.js';
import { WorkingCopy } from '../working-copy/working-copy.js';

interface Options extends CommonOptions {
  branch: string;
}

/** `evidverse clone`: a folder with the film of a branch. */
export const clone: AddCommand = (program, line) =>
  void program
    .command('clone')
    .description('make a working copy of a project')
    .argument('<project>', 'the project’s id, or its name if it is yours alone')
    .argument('[folder]', 'where to; the project’s name if not said')
    .option('-b, --branch <name>', 'the branch', 'main')
    .action(
      line.run(async (options: Options, wanted: string, folder?: string) => {
        const api = await line.api(options);
        const project = await findProject(api, wanted);
        const branches = await remoteBranches(api, project.id);
        const branch = branches.find(({ name }) => name === options.branch);
        if (branch === undefined) {
          const names = branches.map(({ name }) => name).join(', ');
          throw new AppError('not_found', `${project.name} has no branch ${options.branch}. It has: ${names}`);
        }
        const { document } = await remoteDocument(api, project.id, branch.head);
        const root = resolve(options.directory, folder ?? folderNamed(project.name));
        const { state } = await WorkingCopy.create(
          root,
          {
            server: api.server,
            project_id: project.id,
            project_name: project.name,
            branch: branch.name,
            head: branch.head,
          },
          document,
        );
        return {
          data: { folder: root, ...state },
          text: [
            `${project.name} is in ${root}, on ${branch.name} at ${short(branch.head)}.`,
            'Edit timeline.json there, then: evidverse status, commit, push.',
          ],
        };
      }),
    );

/** A project by its id, mine or one that everybody may see, or one of mine by its name. */
export async function findProject(api: Api, wanted: string): Promise<{ id: string; name: string }> {
  if (/^[0-9a-f]{8}-[0-9a-f-]{27}$/i.test(wanted)) {
    const path = { project_id: wanted };
    return api.get('/api/v1/projects/{project_id}', { path }).catch((thrown: unknown) => {
      if (!(thrown instanceof AppError) || thrown.code !== 'unauthorized') throw thrown;
      return api.get('/api/v1/projects/public/{project_id}', { path });
    });
  }
  const named = [];
  for await (const project of eachFrom((skip, limit) => api.get('/api/v1/projects', { query: { skip, limit } })))
    if (project.name === wanted) named.push(project);
  if (named.length === 1) return named[0]!;
  if (named.length === 0)
    throw new AppError('not_found', `You have no project called ${wanted}. See: evidverse projects`);
  const ids = named.map(({ id }) => id).join(', ');
  throw new AppError('conflict', `You have several projects called ${wanted}. Name one by its id: ${ids}`);
}

/** A name that every file system takes. */
const folderNamed = (name: string): string =>
  name
    .replace(/[^\p{L}\p{N}._ -]+/gu, '-')
    .replace(/^[.\s-]+|[.\s]+$/g, '')
    .slice(0, 100) || 'project';
