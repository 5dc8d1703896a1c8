import { contentHash } from '#libs/timeline/canonical-json';
import type { Document } from '#libs/timeline/document';
import type { Change } from '#libs/timeline/objects/change-value';
import { changeDocument } from '#libs/timeline/objects/change-value';
import { changesBetween } from '#libs/timeline/objects/changes-between';

/** Beyond these the server takes a commit only whole; and so many changes are hardly less than a film. */
const MOST = { changes: 2000, steps: 64, letters: 1000 };

/**
 * What to send instead of a whole document to somebody who has the one before: the changes that make the one of the other, tried
 * out here first; undefined where there is no way to say it so, or it is said shorter whole.
 */
export function changesToSend(before: Document, after: Document): Change[] | undefined {
  const changes = changesBetween(before, after);
  if (changes.length === 0 || changes.length > MOST.changes || !changes.every(canBeSaid)) return undefined;
  return makes(before, changes, after) ? changes : undefined;
}

const canBeSaid = ({ path }: Change): boolean =>
  path.length <= MOST.steps && path.every((step) => typeof step === 'number' || step.length <= MOST.letters);

function makes(before: Document, changes: readonly Change[], after: Document): boolean {
  try {
    return contentHash(changeDocument(before, changes)) === contentHash(after);
  } catch {
    return false;
  }
}
