import type { Description } from './describe-project.query.js';
import type { Selection } from './selection.js';

/** What refs lead to and the other side has is a prerequisite too; how a merge request ended is told as far as that is known. */
export function namingWhatIsElsewhere(
  about: Description,
  selection: Selection,
): { about: Description; selection: Selection } {
  const brought = new Set(selection.commits.map(({ id }) => id));
  const targets = [...about.refs, ...about.tags].flatMap(({ target }) => target ?? []).filter((id) => !brought.has(id));
  const prerequisites = [...new Set([...selection.prerequisites, ...targets])].sort();
  const isNamed = (id: string | null) => id !== null && (brought.has(id) || prerequisites.includes(id));
  const merge_requests = about.merge_requests.map((request) =>
    isNamed(request.merge_commit_id) ? request : { ...request, merge_commit_id: null },
  );
  return { about: { ...about, merge_requests }, selection: { ...selection, prerequisites } };
}
