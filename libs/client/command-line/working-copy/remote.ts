import { AppError } from '#libs/errors/app-error';
import { committable, type Document } from '#libs/timeline/document';
import { changeDocument } from '#libs/timeline/objects/change-value';
import { writeDocument } from '#libs/timeline/objects/write-document';
import { ApiError } from '../../api/api-error.js';
import type { Api } from '../../api/api.js';
import type { State, WorkingCopy } from './working-copy.js';

/** A branch as the server has it. */
export interface RemoteBranch {
  readonly id: string;
  readonly name: string;
  readonly head: string | null;
}

/** The branches of a project. */
export async function remoteBranches(api: Api, project_id: string): Promise<RemoteBranch[]> {
  const branches = await api.get('/api/v1/projects/{project_id}/branches', { path: { project_id } });
  return branches.map(({ id, name, head_commit_id }) => ({ id, name, head: head_commit_id }));
}

/** One branch; a project without any commit has its `main` all the same. */
export async function remoteBranch(
  api: Api,
  { project_id, branch }: Pick<State, 'project_id' | 'branch'>,
): Promise<RemoteBranch> {
  const found = (await remoteBranches(api, project_id)).find(({ name }) => name === branch);
  if (found) return found;
  throw new AppError('not_found', `There is no branch ${branch} on the server. See: evidverse branch`);
}

/** A commit whose document is here already. */
export interface KnownDocument {
  readonly head: string | null;
  base(): Promise<Document>;
}

/**
 * The document of a commit, branch or tag, and the commit's own id; of nothing, the empty one. What is known of the film
 * already is not brought again: only what makes it the other, and that is held to the other's hash.
 */
export async function remoteDocument(
  api: Api,
  project_id: string,
  ref: string | null,
  known?: KnownDocument,
): Promise<{ id: string | null; document: Document }> {
  if (ref === null) return { id: null, document: {} };
  return (known && (await changedDocument(api, project_id, ref, known))) ?? wholeDocument(api, project_id, ref);
}

async function changedDocument(
  api: Api,
  project_id: string,
  ref: string,
  { head, base }: KnownDocument,
): Promise<{ id: string; document: Document } | undefined> {
  if (head === null) return undefined;
  try {
    const wish = { path: { project_id }, query: { from: head, to: ref }, timeout_ms: 120_000 };
    const { to, tree, changes } = await api.get('/api/v1/projects/{project_id}/changes', wish);
    const document = changes && changeDocument(await base(), changes);
    return document && writeDocument(document).tree === tree ? { id: to, document: committable(document) } : undefined;
  } catch (thrown) {
    // A server of before, a commit that is gone there, or changes that do not fit: the whole document tells.
    if (thrown instanceof AppError && ['not_found', 'invalid'].includes(thrown.code)) return undefined;
    throw thrown;
  }
}

async function wholeDocument(api: Api, project_id: string, ref: string): Promise<{ id: string; document: Document }> {
  const commit = await api.get('/api/v1/projects/{project_id}/commits/{commit}', {
    path: { project_id, commit: ref },
    timeout_ms: 120_000,
  });
  return { id: commit.id, document: committable(commit.video_assets) };
}

/** The document that a working copy has of the server: that of its head. */
export const known = (copy: WorkingCopy): KnownDocument => ({ head: copy.state.head, base: () => copy.base() });

/** Whether the server refused a commit because the branch is elsewhere than it was. */
export function movedHead(thrown: unknown): { head: string } | undefined {
  if (!(thrown instanceof ApiError) || thrown.code !== 'conflict') return undefined;
  const { head_commit_id } = (thrown.details ?? {}) as { head_commit_id?: unknown };
  return typeof head_commit_id === 'string' ? { head: head_commit_id } : undefined;
}

/** A commit's name as people write it. */
export const short = (commit: string | null): string => (commit === null ? 'nothing' : commit.slice(0, 10));
