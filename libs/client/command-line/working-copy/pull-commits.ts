import { contentHash } from '#libs/timeline/canonical-json';
import type { Document } from '#libs/timeline/document';
import type { Language } from '#libs/timeline/diff/describe-changes';
import { conflictInWords } from '#libs/timeline/merge/conflict-words';
import { mergeDocuments } from '#libs/timeline/merge/merge-documents';
import type { Api } from '../../api/api.js';
import type { Bar } from '../terminal.js';
import { known, remoteBranch, remoteDocument } from './remote.js';
import type { State, WorkingCopy } from './working-copy.js';

/** How a pull ended. With conflicts, nothing here was changed. */
export type Pulled =
  | { readonly kind: 'up_to_date'; readonly head: string | null }
  | {
      readonly kind: 'pulled';
      readonly head: string | null;
      readonly before: Document;
      readonly after: Document;
      readonly merged: boolean;
    }
  | { readonly kind: 'conflicts'; readonly head: string | null; readonly conflicts: PullConflict[] };

export interface PullConflict {
  readonly where: string;
  readonly what: string;
  /** Which of our changes it is about: a commit's message, or null for what is not committed. */
  readonly commit: string | null;
}

/**
 * Brings the working copy to the branch's head. What was committed and edited here is made anew upon it by the merge that
 * the server uses; where both sides want different things, that is told, and nothing here is touched.
 */
export async function pullCommits(
  api: Api,
  copy: WorkingCopy,
  language: Language,
  tell: Bar['to'] = () => undefined,
): Promise<Pulled> {
  const { head } = await remoteBranch(api, copy.state);
  if (head === copy.state.head) return { kind: 'up_to_date', head };
  // The film, then each commit of ours and what is not committed.
  const steps = copy.state.pending.length + 2;
  tell(0, steps, 'the film');
  const { document: theirs } = await remoteDocument(api, copy.state.project_id, head, known(copy));
  const conflicts: PullConflict[] = [];
  /** Makes a change from `before` to `after` again upon `onto`. */
  const again = (before: Document, after: Document, onto: Document, commit: string | null): Document => {
    const result = mergeDocuments(before, onto, after);
    const documents = { base: before, ours: onto, theirs: after };
    const names = { ours: copy.state.branch, theirs: language === 'zh' ? '本地' : 'your copy' };
    for (const conflict of result.conflicts) {
      const { where, what } = conflictInWords(conflict, documents, { language, names });
      conflicts.push({ where, what, commit });
    }
    return result.merged;
  };

  const edited = await copy.edited();
  let [old, now] = [await copy.base(), theirs];
  const pending: State['pending'] = [];
  for (const [at, commit] of copy.state.pending.entries()) {
    tell(at + 1, steps, commit.message);
    const document = await copy.kept(commit.document);
    now = again(old, document, now, commit.message);
    old = document;
    pending.push({ ...commit, document: await copy.keep(now) });
  }
  const work = again(old, edited, now, null);
  tell(steps, steps);
  if (conflicts.length > 0) return { kind: 'conflicts', head, conflicts };
  const isNew = (document: string, before: string) => document !== before;
  const kept = pending.filter(({ document }, at) => isNew(document, pending[at - 1]?.document ?? contentHash(theirs)));
  await copy.become({ head, document: theirs, pending: kept }, work);
  const merged = kept.length > 0 || contentHash(work) !== contentHash(now);
  return { kind: 'pulled', head, before: edited, after: work, merged };
}
