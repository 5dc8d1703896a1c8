import { checkReferences, withValueAt } from './check-references.js';
import type { Conflict } from './conflict.js';
import type { Document } from './document.js';
import { ValueMerge } from './merge-values.js';

export type { Conflict } from './conflict.js';

/**
 * Merges two versions of a document that came from one base. What only one side changed is taken, what both changed alike
 * is one change, and what cannot be decided is a conflict, never a guess; there, `merged` has what ours has. No id is
 * lost or doubled, and which side is ours makes no other difference.
 */
export function mergeDocuments(
  base: Document,
  ours: Document,
  theirs: Document,
): { merged: Document; conflicts: Conflict[] } {
  const merge = new ValueMerge();
  const joined = merge.document([], { base, ours, theirs });
  const broken = checkReferences(joined, { base, ours, theirs }, merge.conflicts);
  const merged = broken.reduce(
    (document, { path, ours }) => (ours === undefined ? document : withValueAt(document, path, ours)),
    joined,
  );
  return { merged, conflicts: [...merge.conflicts, ...broken] };
}
