import type { Command } from 'commander';
import { AppError } from '#libs/errors/app-error';
import type { Api } from '../../api/api.js';
import type { AnswerOf } from '../../api/typed-calls.js';
import type { AddCommand, CommandLine, CommonOptions, Outcome } from '../command-line.js';
import { oneOf } from '../one-of.js';
import { inColumns } from '../terminal.js';
import { short } from '../working-copy/remote.js';
import { conflictLines } from './conflict-lines.js';
import { ready, reopen, review, reviewLines } from './merge-request-reviews.js';

interface CreateOptions extends CommonOptions {
  from?: string;
  toOriginal?: boolean;
  to: string;
  title?: string;
  description?: string;
  draft?: boolean;
}
interface MergeOptions extends CommonOptions {
  method: 'merge' | 'squash' | 'fast_forward';
  message?: string;
}
interface ResolveOptions extends CommonOptions {
  take: Take;
  value?: string;
}
type Take = (typeof TAKES)[number];
const TAKES = ['ours', 'theirs', 'base', 'value', 'restore', 'drop_use', 'nearest_gap'] as const;
const METHODS = ['merge', 'squash', 'fast_forward'] as const;
type MergeRequest = AnswerOf<'/api/v1/merge-requests/{merge_request_id}', 'get'>;

/** `evidverse mr`: merge requests, from the wish to the merge, conflicts included. */
export const mergeRequests: AddCommand = (program, line) => {
  const group = program
    .command('mr')
    .alias('merge-request')
    .description(
      'merge requests, from the wish to the merge: list, create, show, review, conflicts, resolve, merge, …',
    );
  list(group, line);
  create(group, line);
  show(group, line);
  review(group, line);
  ready(group, line);
  conflicts(group, line);
  resolve(group, line);
  merge(group, line);
  close(group, line);
  reopen(group, line);
};

const list = (group: Command, line: CommandLine) =>
  group
    .command('list', { isDefault: true })
    .description('those of this project')
    .option('--all', 'also those that are merged or closed')
    .action(
      line.run(async (options: CommonOptions & { all?: boolean }) => {
        const { state } = await line.copy(options);
        const api = await line.api(options, state.server);
        const status = options.all ? undefined : ('open' as const);
        const listed = (direction: 'incoming' | 'outgoing') =>
          api.get('/api/v1/projects/{project_id}/merge-requests', {
            path: { project_id: state.project_id },
            query: { status, direction },
          });
        const all = (await Promise.all([listed('incoming'), listed('outgoing').catch(noneForStrangers)])).flat();
        const rows = all.map((one) => [
          one.id,
          one.is_draft ? 'draft' : one.status,
          wayOf(one, state.project_id),
          one.title ?? '',
        ]);
        return { data: all, text: rows.length > 0 ? inColumns(rows) : 'There are none. Make one: evidverse mr create' };
      }),
    );

const create = (group: Command, line: CommandLine) =>
  group
    .command('create')
    .description('ask that a branch be merged')
    .option('--from <branch>', 'the branch to merge; the one you are on if not said')
    .option('--to <branch>', 'where to', 'main')
    .option('-t, --title <text>')
    .option('--description <text>')
    .option('--draft', 'not to be merged yet')
    .option('--to-original', 'in a fork: offer it to the project that this one came from')
    .action(
      line.run(async (options: CreateOptions) => {
        const { state } = await line.copy(options);
        const api = await line.api(options, state.server);
        const source_branch_name = options.from ?? state.branch;
        const original = options.toOriginal ? await originalOf(api, state.project_id) : undefined;
        const made = await api.post('/api/v1/projects/{project_id}/merge-requests', {
          path: { project_id: original ?? state.project_id },
          body: {
            source_branch_name,
            source_project_id: original && state.project_id,
            target_branch_name: options.to,
            title: options.title,
            description: options.description,
            is_draft: options.draft,
          },
        });
        return {
          data: made,
          text: [
            made.id,
            `${source_branch_name} is offered to ${options.to}${original ? ' of the original' : ''}. Next: evidverse mr ${options.draft ? 'ready' : original ? 'show' : 'merge'} ${made.id}`,
          ],
        };
      }),
    );

async function originalOf(api: Api, project_id: string): Promise<string> {
  const { name, parent_project_id } = await api.get('/api/v1/projects/{project_id}', { path: { project_id } });
  if (parent_project_id !== null) return parent_project_id;
  throw new AppError('conflict', `${name} is no fork, or its original is gone. Leave out --to-original.`);
}

const show = (group: Command, line: CommandLine) =>
  group
    .command('show')
    .description('what merging would change, and what keeps it from merging')
    .argument('<id>')
    .action(
      line.run(async (options: CommonOptions, id: string) => {
        const api = await line.api(options);
        const path = { merge_request_id: id };
        const [request, reviewed, preview] = await Promise.all([
          api.get('/api/v1/merge-requests/{merge_request_id}', { path }),
          api.get('/api/v1/merge-requests/{merge_request_id}/reviews', { path }).catch(() => null),
          api
            .get('/api/v1/merge-requests/{merge_request_id}/preview', { path, query: { language: options.lang } })
            .catch(() => null),
        ]);
        const text = [
          `${request.title ?? ''} (${request.is_draft ? 'draft' : request.status})`,
          wayOf(request),
          ...(request.description ? ['', request.description] : []),
          ...(reviewed ? await reviewLines(api, reviewed) : []),
        ];
        if (preview !== null && request.status === 'open') {
          text.push('', ...preview.words);
          text.push(...preview.blockers.map(({ words }) => `In the way: ${words}`));
          if (preview.conflicts.length > 0)
            text.push(`${preview.conflicts.length} conflicts: evidverse mr conflicts ${id}`);
        }
        return { data: { ...request, reviewed, preview }, text };
      }),
    );

const conflicts = (group: Command, line: CommandLine) =>
  group
    .command('conflicts')
    .description('what both sides want otherwise, and the ways out')
    .argument('<id>')
    .action(
      line.run(async (options: CommonOptions, id: string) => {
        const api = await line.api(options);
        const query = { language: options.lang };
        const all = await api.get('/api/v1/merge-requests/{merge_request_id}/conflicts', {
          path: { merge_request_id: id },
          query,
        });
        return conflictsTold(all, id);
      }),
    );

const resolve = (group: Command, line: CommandLine) =>
  group
    .command('resolve')
    .description('decide a conflict')
    .argument('<id>', 'the merge request')
    .argument('<conflict>', 'the conflict’s id, or its beginning')
    .requiredOption('--take <way>', TAKES.join(', '), oneOf(TAKES))
    .option('--value <json>', 'what shall stand there, for --take value')
    .action(
      line.run(async (options: ResolveOptions, id: string, wanted: string) => {
        const api = await line.api(options);
        const path = { merge_request_id: id };
        const { items } = await api.get('/api/v1/merge-requests/{merge_request_id}/conflicts', { path });
        const found = items.filter((one) => one.id.startsWith(wanted));
        const conflict_id = found.length === 1 ? found[0]!.id : wanted;
        const all = await api.put('/api/v1/merge-requests/{merge_request_id}/conflicts/{conflict_id}', {
          path: { ...path, conflict_id },
          body: {
            take: options.take,
            ...(options.value !== undefined && { value: valueOf(options.value) }),
            language: options.lang,
          } as never,
        });
        return conflictsTold(all, id);
      }),
    );

const merge = (group: Command, line: CommandLine) =>
  group
    .command('merge')
    .description('merge it, if nothing keeps it from merging')
    .argument('<id>')
    .option('--method <method>', METHODS.join(', '), oneOf(METHODS), 'merge')
    .option('-m, --message <text>')
    .action(
      line.run(async (options: MergeOptions, id: string) => {
        const api = await line.api(options);
        const { method, message } = options;
        const merged = await api.post('/api/v1/merge-requests/{merge_request_id}/merge', {
          path: { merge_request_id: id },
          query: { method, message },
          timeout_ms: 60_000,
        });
        return { data: merged, text: mergedText(merged) };
      }),
    );

const close = (group: Command, line: CommandLine) =>
  group
    .command('close')
    .description('close it without merging')
    .argument('<id>')
    .action(
      line.run(async (options: CommonOptions, id: string) => {
        const api: Api = await line.api(options);
        const closed = await api.post('/api/v1/merge-requests/{merge_request_id}/close', {
          path: { merge_request_id: id },
        });
        return { data: closed, text: `Closed: ${closed.source_branch_name} → ${closed.target_branch_name}.` };
      }),
    );

/** Where a project's branches are offered is its people's business. */
function noneForStrangers(thrown: unknown): MergeRequest[] {
  if (thrown instanceof AppError && thrown.code === 'unauthorized') return [];
  throw thrown;
}

/** From where to where, as whoever works on `here` sees it. */
function wayOf(request: MergeRequest, here = request.project_id): string {
  const { source_branch_name, target_branch_name, project_id, source_project_id } = request;
  const source =
    project_id === here && source_project_id !== project_id ? `${source_branch_name} of a fork` : source_branch_name;
  return `${source} → ${target_branch_name}${project_id === here ? '' : ' of the original'}`;
}

const mergedText = ({ target_branch_name, merge_commit_id }: MergeRequest): string =>
  `Merged: ${target_branch_name} is at ${short(merge_commit_id)}. Next: evidverse pull`;

type Conflicts = AnswerOf<'/api/v1/merge-requests/{merge_request_id}/conflicts', 'get'>;

/** Every conflict of a request with the ways out, and what to do next. */
export function conflictsTold(all: Conflicts, id: string): Outcome {
  const text = conflictLines(all.items);
  const next =
    all.open === 0
      ? `Nothing is open. Next: evidverse mr merge ${id}`
      : `${all.open} open. Next: evidverse mr resolve ${id} <conflict> --take <way>`;
  return { data: all, text: [...text, next] };
}

/** JSON if it is JSON, else the text itself. */
function valueOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
