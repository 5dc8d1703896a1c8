import { contentHash } from '#libs/timeline/canonical-json';

/** What a commit is: its id covers all of this, parents in order, and nothing else. */
export interface CommitContent {
  tree: string;
  parents: readonly string[];
  author: string | null;
  message: string;
  created_at: string;
}

/** The id of a commit: SHA-256, in lower-case hex, of its canonical JSON. */
export function commitId({ tree, parents, author, message, created_at }: CommitContent): string {
  return contentHash({ author, created_at, message, parents, tree });
}
