import type { Api } from '../../api/api.js';
import { eachFrom } from '../../api/pages.js';
import type { AddCommand, CommonOptions } from '../command-line.js';
import { pullCommits } from '../working-copy/pull-commits.js';
import { remoteBranch, short } from '../working-copy/remote.js';
import type { State } from '../working-copy/working-copy.js';
import { requirePushed } from './changes-on-branch.js';
import { conflictsTold } from './merge-requests.js';
import { pulledTold } from './pull.js';

interface Options extends CommonOptions {
  method: 'merge' | 'squash' | 'fast_forward';
  message?: string;
}

/** `evidverse merge`: another branch into the one you are on, by a merge request; with conflicts that is left open, and told. */
export const merge: AddCommand = (program, line) =>
  void program
    .command('merge')
    .description('merge a branch into the one you are on')
    .argument('<branch>')
    .option('--method <method>', 'merge, squash or fast_forward', 'merge')
    .option('-m, --message <text>')
    .action(
      line.run(async (options: Options, branch: string) =>
        (await line.copy(options)).alone(async (copy) => {
          requirePushed(copy.state);
          const api = await line.api(options, copy.state.server);
          await remoteBranch(api, { ...copy.state, branch });
          const path = { merge_request_id: await requestFor(api, copy.state, branch) };
          const query = { language: options.lang };
          const all = await api.get('/api/v1/merge-requests/{merge_request_id}/conflicts', { path, query });
          if (all.open > 0) return { ...conflictsTold(all, path.merge_request_id), exit: 1 };
          const { method, message } = options;
          const merged = await api.post('/api/v1/merge-requests/{merge_request_id}/merge', {
            path,
            query: { method, message },
            timeout_ms: 60_000,
          });
          const pulled = pulledTold(await pullCommits(api, copy, options.lang), copy.state.branch, options.lang);
          const said = `${branch} is merged into ${copy.state.branch}, now at ${short(merged.merge_commit_id)}.`;
          return { ...pulled, data: { merged, pulled: pulled.data }, text: [said, ...[pulled.text].flat()] };
        }),
      ),
    );

/** The open request to merge one into the other, or a new one. */
async function requestFor(api: Api, { project_id, branch: target }: State, source: string): Promise<string> {
  const path = { project_id };
  const open = eachFrom((skip, limit) =>
    api.get('/api/v1/projects/{project_id}/merge-requests', { path, query: { status: 'open', skip, limit } }),
  );
  for await (const one of open) {
    const isIt = one.source_branch_name === source && one.target_branch_name === target;
    if (isIt && !one.is_draft && (one.source_project_id ?? project_id) === project_id) return one.id;
  }
  const body = { source_branch_name: source, target_branch_name: target, title: `Merge ${source} into ${target}` };
  return (await api.post('/api/v1/projects/{project_id}/merge-requests', { path, body })).id;
}
