import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { AppError } from '#libs/errors/app-error';
import type { Api } from '../../api/api.js';
import { eachOf } from '../../api/pages.js';
import type { AnswerOf } from '../../api/typed-calls.js';
import type { AddCommand, CommonOptions, Outcome } from '../command-line.js';
import { inColumns } from '../terminal.js';
import { pushedRef } from '../working-copy/head-ref.js';
import { short } from '../working-copy/remote.js';
import type { State } from '../working-copy/working-copy.js';
import { firstLine } from './status.js';

interface TagOptions extends CommonOptions {
  message?: string;
  delete?: boolean;
}
interface ReleaseOptions extends CommonOptions {
  title?: string;
  notes?: string;
  notesFile?: string;
  prerelease?: boolean;
  ref?: string;
}
type Tag = AnswerOf<'/api/v1/projects/{project_id}/tags/{tag_name}', 'get'>;

/** `evidverse tag`: the tags; with a name, a new one that never moves; with --delete, one less. */
export const tag: AddCommand = (program, line) =>
  void program
    .command('tag')
    .description('name a commit for ever, or list such names')
    .argument('[name]')
    .argument('[ref]', 'a branch, tag or commit; the commit you are at if not said')
    .option('-m, --message <text>')
    .option('-d, --delete', 'delete it, with its release')
    .action(
      line.run(async (options: TagOptions, name?: string, ref?: string) => {
        const { state } = await line.copy(options);
        const { project_id, server } = state;
        const api = await line.api(options, server);
        if (name === undefined) return listed(await tagsOf(api, project_id, false), 'tag');
        if (options.delete) {
          await api.delete('/api/v1/projects/{project_id}/tags/{tag_name}', { path: { project_id, tag_name: name } });
          return { data: { name, deleted: true }, text: `${name} is gone.` };
        }
        const body = { name, ref: commitAt(state, ref), message: options.message };
        const made = await api.post('/api/v1/projects/{project_id}/tags', { path: { project_id }, body });
        return { data: made, text: `${made.name} is ${short(made.commit_id)}, for ever.` };
      }),
    );

/** `evidverse release`: the releases; with a tag, what is told about it, for a tag that is there or a new one. */
export const release: AddCommand = (program, line) =>
  void program
    .command('release')
    .description('tell about a tag, or list what was told')
    .argument('[tag]', 'one that is there, or the name of a new one')
    .option('-t, --title <text>', 'the tag’s name if not said')
    .option('--notes <text>')
    .option('--notes-file <path>')
    .option('--prerelease', 'not yet for everybody')
    .option('--ref <ref>', 'what a new tag names; the commit you are at if not said')
    .action(
      line.run(async (options: ReleaseOptions, name?: string) => {
        const { state } = await line.copy(options);
        const { project_id, server } = state;
        const api = await line.api(options, server);
        if (name === undefined) return listed(await tagsOf(api, project_id, true), 'release');
        const told = {
          title: options.title ?? name,
          notes: await notesOf(options),
          is_prerelease: options.prerelease ?? false,
        };
        const path = { project_id, tag_name: name };
        const there = await api.get('/api/v1/projects/{project_id}/tags/{tag_name}', { path }).catch(goneIsNull);
        if (there !== null && options.ref !== undefined)
          throw new AppError(
            'conflict',
            `${name} is ${short(there.commit_id)} for ever. Leave out --ref, or name another tag.`,
          );
        const made = await (there === null
          ? api.post('/api/v1/projects/{project_id}/tags', {
              path: { project_id },
              body: { name, ref: commitAt(state, options.ref), release: told },
            })
          : api.put('/api/v1/projects/{project_id}/tags/{tag_name}/release', { path, body: told }));
        return { data: made, text: `${told.title} is released: ${made.name} is ${short(made.commit_id)}.` };
      }),
    );

function commitAt(state: State, ref: string | undefined): string {
  if (ref !== undefined) return pushedRef(state, ref);
  const { head } = state;
  if (head === null) throw new AppError('conflict', 'There is no commit yet to name. Push one first.');
  return head;
}

async function tagsOf(api: Api, project_id: string, releases_only: boolean): Promise<Tag[]> {
  const path = { project_id };
  const all: Tag[] = [];
  const pages = eachOf((after) =>
    api.get('/api/v1/projects/{project_id}/tags', { path, query: { releases_only, after } }),
  );
  for await (const one of pages) all.push(one);
  return all;
}

function listed(tags: readonly Tag[], command: 'tag' | 'release'): Outcome {
  const rows = tags.map(({ name, commit_id, release: told, message }) => [
    name,
    short(commit_id),
    told?.is_prerelease ? 'prerelease' : told ? 'release' : '',
    firstLine(told?.title ?? message ?? ''),
  ]);
  return {
    data: tags,
    text: rows.length > 0 ? inColumns(rows) : `There are none. Make one: evidverse ${command} <name>`,
  };
}

async function notesOf({ notes, notesFile, directory }: ReleaseOptions): Promise<string> {
  if (notesFile === undefined) return notes ?? '';
  return readFile(resolve(directory, notesFile), 'utf8').catch((thrown: Error) => {
    throw new AppError('not_found', `${notesFile} cannot be read: ${thrown.message}`);
  });
}

function goneIsNull(thrown: unknown): null {
  if (thrown instanceof AppError && thrown.code === 'not_found') return null;
  throw thrown;
}
