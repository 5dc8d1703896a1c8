import type { Command } from 'commander';
import type { Api } from '../../api/api.js';
import type { AnswerOf } from '../../api/typed-calls.js';
import type { AddCommand, CommandLine, CommonOptions, Outcome } from '../command-line.js';
import { inColumns } from '../terminal.js';
import { short } from '../working-copy/remote.js';

interface CreateOptions extends CommonOptions {
  from?: string;
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
type Take = 'ours' | 'theirs' | 'base' | 'value' | 'restore' | 'drop_use';
type MergeRequest = AnswerOf<'/api/v1/merge-requests/{merge_request_id}', 'get'>;

/** `evidverse mr`: merge requests, from the wish to the merge, conflicts included. */
export const mergeRequests: AddCommand = (program, line) => {
  const group = program
    .command('mr')
    .alias('merge-request')
    .description('merge requests: list, create, show, conflicts, resolve, merge, close');
  list(group, line);
  create(group, line);
  show(group, line);
  conflicts(group, line);
  resolve(group, line);
  merge(group, line);
  close(group, line);
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
        const query = options.all ? {} : { status: 'open' as const };
        const all = await api.get('/api/v1/projects/{project_id}/merge-requests', {
          path: { project_id: state.project_id },
          query,
        });
        const rows = all.map((one) => [
          one.id,
          one.is_draft ? 'draft' : one.status,
          `${one.source_branch_name} → ${one.target_branch_name}`,
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
    .action(
      line.run(async (options: CreateOptions) => {
        const { state } = await line.copy(options);
        const api = await line.api(options, state.server);
        const source_branch_name = options.from ?? state.branch;
        const made = await api.post('/api/v1/projects/{project_id}/merge-requests', {
          path: { project_id: state.project_id },
          body: {
            source_branch_name,
            target_branch_name: options.to,
            title: options.title,
            description: options.description,
            is_draft: options.draft,
          },
        });
        return {
          data: made,
          text: [made.id, `${source_branch_name} is offered to ${options.to}. Next: evidverse mr merge ${made.id}`],
        };
      }),
    );

const show = (group: Command, line: CommandLine) =>
  group
    .command('show')
    .description('what merging would change, and what keeps it from merging')
    .argument('<id>')
    .action(
      line.run(async (options: CommonOptions, id: string) => {
        const api = await line.api(options);
        const path = { merge_request_id: id };
        const [request, preview] = await Promise.all([
          api.get('/api/v1/merge-requests/{merge_request_id}', { path }),
          api
            .get('/api/v1/merge-requests/{merge_request_id}/preview', { path, query: { language: options.lang } })
            .catch(() => null),
        ]);
        const text = [
          `${request.title ?? ''} (${request.status})`,
          `${request.source_branch_name} → ${request.target_branch_name}`,
        ];
        if (preview !== null && request.status === 'open') {
          text.push('', ...preview.words);
          text.push(...preview.blockers.map(({ words }) => `In the way: ${words}`));
          if (preview.conflicts.length > 0)
            text.push(`${preview.conflicts.length} conflicts: evidverse mr conflicts ${id}`);
        }
        return { data: { ...request, preview }, text };
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
    .requiredOption('--take <way>', 'ours, theirs, base, restore, drop_use, or value')
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
    .option('--method <method>', 'merge, squash or fast_forward', 'merge')
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

const mergedText = ({ target_branch_name, merge_commit_id }: MergeRequest): string =>
  `Merged: ${target_branch_name} is at ${short(merge_commit_id)}. Next: evidverse pull`;

type Conflicts = AnswerOf<'/api/v1/merge-requests/{merge_request_id}/conflicts', 'get'>;

/** Every conflict of a request with the ways out, and what to do next. */
export function conflictsTold(all: Conflicts, id: string): Outcome {
  const text = all.items.flatMap((one) => [
    `${one.id.slice(0, 10)}  ${one.where}: ${one.what}`,
    ...(one.resolution === null
      ? one.choices.map(({ take, words }) => `    --take ${take}: ${words}`)
      : [`    decided: ${one.resolution.take}`]),
  ]);
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
