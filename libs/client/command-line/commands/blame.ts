import { oneOf } from '../one-of.js';
import type { AddCommand, CommonOptions } from '../command-line.js';
import { authorNames } from '../author-name.js';
import { inColumns } from '../terminal.js';
import { pushedRef } from '../working-copy/head-ref.js';
import { short } from '../working-copy/remote.js';
import { firstLine } from './status.js';

type Kind = (typeof KINDS)[number];
const KINDS = ['shot', 'track', 'scene', 'beat', 'character', 'asset', 'effect', 'timeline_item', 'clip'] as const;
const LONGEST = 40;

/** `evidverse blame`: which commit last changed each field of a thing of the film. */
export const blame: AddCommand = (program, line) =>
  void program
    .command('blame')
    .description('who last changed each field of a thing')
    .argument('<kind>', KINDS.join(', '), oneOf(KINDS))
    .argument('<id>', 'its id in timeline.json')
    .option('--ref <ref>', 'a branch, tag or commit; your branch if not said')
    .action(
      line.run(async (options: CommonOptions & { ref?: string }, entity: Kind, id: string) => {
        const { state } = await line.copy(options);
        const { project_id, branch, server } = state;
        const api = await line.api(options, server);
        const told = await api.get('/api/v1/projects/{project_id}/blame', {
          path: { project_id },
          query: { ref: options.ref === undefined ? branch : pushedRef(state, options.ref), entity, id },
          timeout_ms: 60_000,
        });
        const nameOf = await authorNames(
          api,
          told.fields.flatMap(({ commit }) => commit ?? []),
        );
        const rows = told.fields.map(({ field, value, commit }) => [
          field,
          brief(value),
          ...(commit === null
            ? ['not found yet']
            : [short(commit.id), commit.created_at.slice(0, 10), nameOf(commit), firstLine(commit.message)]),
        ]);
        const rest = told.is_complete ? [] : ['History is long: some fields were not found in the time there was.'];
        return { data: told, text: [...inColumns(rows), ...rest] };
      }),
    );

function brief(value: unknown): string {
  const text = JSON.stringify(value) ?? '';
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}
