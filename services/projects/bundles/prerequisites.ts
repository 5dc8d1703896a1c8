import type { Description } from './describe-project.query.js';
import type { Selection } from './selection.js';

/** What refs and tags lead to and the other side has is a prerequisite too. */
export function namingWhatIsElsewhere(about: Description, selection: Selection): Selection {
  const brought = new Set(selection.commits.map(({ id }) => id));
  const targets = [...about.refs, ...about.tags].flatMap(({ target }) => target ?? []).filter((id) => !brought.has(id));
  return { ...selection, prerequisites: [...new Set([...selection.prerequisites, ...targets])].sort() };
}
