import type { AddCommand, CommonOptions } from '../command-line.js';
import { wholeNumber } from '../numbers.js';
import { followed } from './tasks.js';

interface Options extends CommonOptions {
  branch?: string;
  format: 'mp4' | 'webm';
  width?: number;
  height?: number;
  rate?: string;
  follow: boolean;
}

/** `evidverse render`: a film of what is on the branch, watched until it is there. */
export const render: AddCommand = (program, line) =>
  void program
    .command('render')
    .description('make a film of the branch, and wait for it')
    .option('-b, --branch <name>', 'the branch; yours if not said')
    .option('--format <format>', 'mp4 or webm', 'mp4')
    .option('--width <pixels>', 'how wide; as the film is if not said', wholeNumber)
    .option('--height <pixels>', 'how high', wholeNumber)
    .option('--rate <frames>', 'frames per second, as 25 or 30000/1001')
    .option('--no-follow', 'do not wait')
    .action(
      line.run(async (options: Options) => {
        const { state } = await line.copy(options);
        const api = await line.api(options, state.server);
        const { branch = state.branch, format, width, height, rate } = options;
        const made = await api.post('/api/v1/projects/{project_id}/renders', {
          path: { project_id: state.project_id },
          body: { branch_name: branch, format, width, height, rate },
        });
        if (options.follow) return followed(line, api, made.task_id);
        return { data: made, text: `It is being made. Watch it: evidverse tasks follow ${made.task_id}` };
      }),
    );
