import type { Api } from '../../api/api.js';
import { followTask } from '../../api/follow.js';
import type { AnswerOf } from '../../api/typed-calls.js';
import type { AddCommand, CommandLine, CommonOptions, Outcome } from '../command-line.js';
import { inColumns } from '../terminal.js';

type Task = AnswerOf<'/api/v1/tasks/{task_id}', 'get'>;

/** `evidverse tasks`: work that takes its time: mine, followed, stopped, or begun anew. */
export const tasks: AddCommand = (program, line) => {
  const group = program.command('tasks').description('work that takes its time: list, follow, cancel, retry');
  group
    .command('list', { isDefault: true })
    .description('yours, newest first')
    .action(
      line.run(async (options) => {
        const { items } = await (await line.api(options)).get('/api/v1/tasks');
        const rows = items.map(({ task_id, status, kind, progress, created_at }) => [
          task_id,
          created_at?.slice(0, 16).replace('T', ' ') ?? '',
          kind ?? '',
          status,
          percent(progress),
        ]);
        return { data: items, text: rows.length > 0 ? inColumns(rows) : 'You have no tasks.' };
      }),
    );
  group
    .command('follow')
    .description('watch one until it is over')
    .argument('<id>')
    .action(line.run(async (options: CommonOptions, id: string) => followed(line, await line.api(options), id)));
  group
    .command('cancel')
    .description('stop one, wherever it is')
    .argument('<id>')
    .action(
      line.run(async (options: CommonOptions, task_id: string) => {
        const task = await (await line.api(options)).post('/api/v1/tasks/{task_id}/cancel', { path: { task_id } });
        return { data: task, text: task.status === 'REVOKED' ? 'It is stopped.' : `It is ${task.status}.` };
      }),
    );
  group
    .command('retry')
    .description('begin a failed one anew')
    .argument('<id>')
    .action(
      line.run(async (options: CommonOptions, task_id: string) => {
        const task = await (await line.api(options)).post('/api/v1/tasks/{task_id}/retry', { path: { task_id } });
        return { data: task, text: `It begins anew. Watch it: evidverse tasks follow ${task_id}` };
      }),
    );
};

/** Watches a task to its end, with a bar; 1 when it did not succeed. */
export async function followed(line: CommandLine, api: Api, task_id: string): Promise<Outcome> {
  const bar = line.terminal.bar('working', 'percent');
  let last: Task | undefined;
  try {
    for await (const task of followTask(api, task_id)) bar.to((last = task).progress ?? 0, 1, task.note ?? '');
  } finally {
    bar.end();
  }
  const isDone = last?.status === 'SUCCESS';
  const { video_url } = (last?.result ?? {}) as { video_url?: string };
  const text = isDone
    ? `Done.${video_url === undefined ? '' : ` ${video_url}`}`
    : `It ended as ${last?.status}: ${last?.error ?? 'no reason was given'}`;
  return { data: last, text, exit: isDone ? 0 : 1 };
}

const percent = (part: number | undefined): string => (part === undefined ? '' : `${Math.round(part * 100)}%`);
