import { contentHash } from '#libs/timeline/canonical-json';
import type { Document } from '#libs/timeline/document';
import type { Api } from '../../api/api.js';
import type { Bar } from '../terminal.js';
import { changesToSend } from './changes-to-send.js';
import { known, movedHead, remoteBranch, remoteDocument } from './remote.js';
import type { WorkingCopy } from './working-copy.js';

/** How a push ended: everything is there; or the branch is elsewhere, and nothing more was pushed. */
export type Pushed =
  | { readonly kind: 'pushed'; readonly commits: string[]; readonly head: string | null }
  | { readonly kind: 'diverged'; readonly commits: string[]; readonly head: string | null };

/**
 * Pushes what was committed here, commit by commit, each onto the one before: the server takes it only if that is the
 * branch's head. The working copy follows every commit that arrived, so a push that broke off goes on where it was, and a
 * commit whose answer was lost is known again by its parent, its message and its document.
 */
export async function pushCommits(api: Api, copy: WorkingCopy, tell: Bar['to'] = () => undefined): Promise<Pushed> {
  const commits: string[] = [];
  const all = copy.state.pending.length;
  const { head } = await remoteBranch(api, copy.state);
  let now = await takeOver(api, copy, head, commits);
  if (now.state.pending.length > 0 && now.state.head !== head) return { kind: 'diverged', commits, head };
  for (let next = now.state.pending[0]; next !== undefined; next = now.state.pending[0]) {
    tell(commits.length, all, next.message);
    try {
      const id = await commit(api, now, next.message, await now.kept(next.document));
      commits.push(id);
      now = await arrived(now, id);
    } catch (thrown) {
      const moved = movedHead(thrown);
      if (moved === undefined) throw thrown;
      return { kind: 'diverged', commits, head: moved.head };
    }
  }
  tell(all, all);
  return { kind: 'pushed', commits, head: now.state.head };
}

/** One commit onto the last one, as what it changes where that can be said, whole otherwise. */
async function commit(api: Api, copy: WorkingCopy, message: string, document: Document): Promise<string> {
  const { project_id, branch: branch_name, head: parent_hash } = copy.state;
  const changes = parent_hash === null ? undefined : changesToSend(await copy.base(), document);
  const [about, timeout_ms] = [{ branch_name, message, parent_hash }, 120_000];
  if (changes === undefined)
    return (await api.post('/api/v1/commits', { body: { ...about, project_id, video_assets: document }, timeout_ms }))
      .id;
  const [path, body] = [{ project_id }, { ...about, changes: changes as never }];
  return (await api.post('/api/v1/projects/{project_id}/commits', { path, body, timeout_ms })).id;
}

/** The oldest commit of ours is the server's head now. */
async function arrived(copy: WorkingCopy, id: string): Promise<WorkingCopy> {
  const [first, ...pending] = copy.state.pending;
  return copy.become({ head: id, pending, document: await copy.kept(first!.document) });
}

/** Whether the head is the oldest of our own commits, of whose arrival we were never told. */
async function takeOver(api: Api, copy: WorkingCopy, head: string | null, commits: string[]): Promise<WorkingCopy> {
  const { state } = copy;
  const [first] = state.pending;
  if (head === null || head === state.head || first === undefined) return copy;
  const path = { project_id: state.project_id, commit: head };
  const { message, parents } = await api.get('/api/v1/projects/{project_id}/commits/{commit}', { path });
  if (message !== first.message || (parents[0] ?? null) !== state.head) return copy;
  const { document } = await remoteDocument(api, state.project_id, head, known(copy));
  if (contentHash(document) !== first.document) return copy;
  commits.push(head);
  return arrived(copy, head);
}
