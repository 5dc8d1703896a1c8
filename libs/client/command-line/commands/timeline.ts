import { readFile, writeFile } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import type { Command } from 'commander';
import { AppError } from '#libs/errors/app-error';
import type { AddCommand, CommandLine, CommonOptions } from '../command-line.js';
import { short } from '../working-copy/remote.js';

const FORMATS = ['otio', 'edl', 'fcpxml'] as const;
type Format = (typeof FORMATS)[number];

interface BringOptions extends CommonOptions {
  from?: string;
  rebase?: boolean;
  rate?: string;
  message?: string;
  look?: boolean;
}

/** `evidverse timeline`: the film of a branch for other editors, and back from them as a commit. */
export const timeline: AddCommand = (program, line) => {
  const group = program.command('timeline').description('the film for other editors, and back: OTIO, EDL, FCPXML');
  exported(group, line);
  brought(group, line);
};

const exported = (group: Command, line: CommandLine) =>
  group
    .command('export')
    .description('write the film of the branch at the server into a file')
    .argument('<file>', 'its ending says the format: .otio, .edl or .fcpxml')
    .action(
      line.run(async (options: CommonOptions, file: string) => {
        const { project_id, branch, server } = (await line.copy(options)).state;
        const api = await line.api(options, server);
        const { content, ...told } = await api.get('/api/v1/projects/{project_id}/timeline', {
          path: { project_id },
          query: { branch_name: branch, format: formatOf(file), language: options.lang },
        });
        await writeFile(resolve(options.directory, file), content);
        const at = told.head_commit_id === null ? 'nothing' : short(told.head_commit_id);
        const back = `Bring it back: evidverse timeline import ${file} --from ${at}`;
        return { data: told, text: [`${file} is ${branch} at ${at}.`, ...told.losses, back].join('\n') };
      }),
    );

const brought = (group: Command, line: CommandLine) =>
  group
    .command('import')
    .description('commit what another editor did to the film, on the branch at the server')
    .argument('<file>')
    .option('--from <commit>', 'what the file was made from; the head of the branch if not said')
    .option('--rebase', 'merge it into a head that has moved on since')
    .option('--rate <rate>', 'frames per second of an EDL; the film’s if not said')
    .option('-m, --message <text>')
    .option('--look', 'only say what would come of it')
    .action(
      line.run(async (options: BringOptions, file: string) => {
        const { project_id, branch, server } = (await line.copy(options)).state;
        const api = await line.api(options, server);
        const content = await readFile(resolve(options.directory, file), 'utf8').catch((thrown: Error) => {
          throw new AppError('not_found', `${file} cannot be read: ${thrown.message}`);
        });
        const { from, rebase = false, look = false, rate, message } = options;
        const parent_hash = from === undefined ? null : await commitOf(from);
        const body = { branch_name: branch, format: formatOf(file), content, parent_hash, rebase, rate, message };
        const back = await api.post('/api/v1/projects/{project_id}/timeline', {
          path: { project_id },
          body: { ...body, preview: look, language: options.lang },
        });
        const guessed = back.by_likeness.map(
          ({ name, confidence }) => `Taken for “${name}”, ${Math.round(confidence * 100)} % sure`,
        );
        const end = back.is_empty
          ? 'Nothing is different.'
          : look
            ? 'Nothing was done. Leave out --look to commit it.'
            : `${branch} is at ${short(back.commit_id!)}. Next: evidverse pull`;
        return { data: back, text: [...back.losses, ...guessed, ...back.words, end].join('\n') };

        async function commitOf(ref: string): Promise<string> {
          const path = { project_id, commit: ref };
          return (await api.get('/api/v1/projects/{project_id}/commits/{commit}', { path })).id;
        }
      }),
    );

function formatOf(file: string): Format {
  const ending = extname(file).slice(1).toLowerCase();
  const format = FORMATS.find((one) => one === ending);
  if (!format) throw new AppError('invalid', `${file} must end in .otio, .edl or .fcpxml.`);
  return format;
}
